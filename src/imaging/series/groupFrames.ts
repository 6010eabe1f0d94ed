import type { Orientation } from '../../contract/series.ts';
import type { DicomImage } from '../dicom/dicomImage.ts';
import { groupBy, type StackFrame } from './stackFrame.ts';

/** Frames that may form one series: `stack` by position, `loop` in the order of their file, `images` one by one. */
export interface FrameGroup {
  kind: 'stack' | 'loop' | 'images';
  frames: readonly StackFrame[];
}

/** Cosine of about 0.8 degrees. */
const SAME_DIRECTION = 0.9999;
const SAME_POSITION_MM = 1e-3;
const MAX_ORIENTATIONS = 1024;

/**
 * Splits files into groups by series, then by what cannot stand in one stack: frame of reference, matrix, pixel
 * spacing, stack id, localizers and orientation. A multi-frame image whose frames all stand at one place, or
 * nowhere, is a loop of its own.
 */
export function groupFrames(images: readonly DicomImage[]): FrameGroup[] {
  const loops = images.filter(isLoop).map((image): FrameGroup => ({ kind: 'loop', frames: framesOf(image) }));
  const others = images.filter((image) => !isLoop(image)).flatMap(framesOf);
  const groups = groupBy(others, matrixKey).flatMap((frames): FrameGroup[] => {
    const placed = frames.filter(isPlaced);
    const unplaced = frames.filter((frame) => !isPlaced(frame));
    const stacks = splitByOrientation(placed);
    if (stacks === null) return [{ kind: 'images', frames }];
    return [
      ...stacks.map((stack): FrameGroup => ({ kind: 'stack', frames: stack })),
      ...(unplaced.length === 0 ? [] : [{ kind: 'images' as const, frames: unplaced }]),
    ];
  });
  return [...loops, ...groups];
}

const framesOf = (image: DicomImage): StackFrame[] => image.frames.map((frame) => ({ ...frame, image }));

const isPlaced = ({ record }: StackFrame): boolean => record.position !== null && record.orientation !== null;

function isLoop({ frames }: DicomImage): boolean {
  const first = frames[0]?.record.position ?? null;
  return frames.length > 1 && frames.every(({ record }) => samePosition(record.position, first));
}

function samePosition(a: readonly number[] | null, b: readonly number[] | null): boolean {
  if (a === null || b === null) return a === b;
  return a.every((value, axis) => Math.abs(value - (b[axis] ?? 0)) < SAME_POSITION_MM);
}

function matrixKey({ image, record, keys, spacing }: StackFrame): string {
  const { rows, columns, samplesPerPixel, bitsAllocated, number } = record.pixel;
  return JSON.stringify([
    image.seriesUid ?? image.file.path,
    image.frameOfReferenceUid,
    rows,
    columns,
    samplesPerPixel,
    bitsAllocated,
    number,
    spacing.spacing,
    keys.stack,
    keys.localizer,
  ]);
}

/** Null when there are too many for stacks: radial scans have some hundreds, and each frame is held against all. */
function splitByOrientation(frames: readonly StackFrame[]): StackFrame[][] | null {
  const groups: { orientation: Orientation; frames: StackFrame[] }[] = [];
  for (const frame of frames) {
    const { orientation } = frame.record;
    if (orientation === null) continue;
    const group = groups.find((candidate) => sameOrientation(candidate.orientation, orientation));
    if (group === undefined) groups.push({ orientation, frames: [frame] });
    else group.frames.push(frame);
    if (groups.length > MAX_ORIENTATIONS) return null;
  }
  return groups.map((group) => group.frames);
}

function sameOrientation(a: Orientation, b: Orientation): boolean {
  const rows = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const columns = a[3] * b[3] + a[4] * b[4] + a[5] * b[5];
  return rows > SAME_DIRECTION && columns > SAME_DIRECTION;
}
