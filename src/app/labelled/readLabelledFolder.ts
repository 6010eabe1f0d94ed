import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { KeysliceError } from '../../contract/errors.ts';
import { mapBounded } from '../../imaging/scan/mapBounded.ts';
import type { FeatureKernel } from '../../ml/features/featureKernel.ts';
import type { DataSet, LabelledVolumes, SplitName } from '../../ml/training/dataSet.ts';
import { ScratchFolder } from '../scratchFolder.ts';
import { invalidList, type LabelList, type LabelledStudy, readLabelList } from './labelList.ts';
import { type MeasuredStudy, readLabelledStudy } from './readLabelledStudy.ts';
import { scopeOf } from './scopeOf.ts';
import { valueRange } from './valueRange.ts';

export interface FolderOptions {
  /** Side of the frames that the classifier sees. */
  readonly size: number;
  /** Frames that training brings every study to; null: the median of the training studies, at most 64. */
  readonly frames: number | null;
  /** Labels of the package or run that is judged; null: those of the list, which training can then use. */
  readonly classes: readonly string[] | null;
  readonly kernel: FeatureKernel | null;
  readonly signal: AbortSignal;
  /** Called at the start and after each study. */
  readonly onStudy: (done: number, total: number) => void;
  readonly onNote: (line: string) => void;
}

type Read = LabelledStudy & MeasuredStudy;

/** Of the resampled pixels of all studies together, which stay in memory. */
const PIXEL_LIMIT = 2 ** 31;
const FRAMES_LIMIT = 64;

/**
 * Reads a list of labelled studies (docs/training.md) and every study on it.
 * @throws KeysliceError PATH_NOT_FOUND, LABELS_INVALID, GROUP_IN_TWO_SPLITS, LIMIT_EXCEEDED, CANCELLED
 */
export async function readLabelledFolder(given: string, options: FolderOptions): Promise<DataSet> {
  const list = await readLabelList(given);
  const classes = options.classes ?? trainableClasses(list);
  const unknown = list.studies.find(({ label }) => !classes.includes(label));
  if (unknown !== undefined)
    throw invalidList(list.file, `the label ${unknown.label} is none of ${classes.join(', ')}`, unknown.line);
  const studies = await readStudies(list, options);
  const learned = studies.filter(({ split }) => split === 'train');
  const measured = learned.length > 0 ? learned : studies;
  const range = valueRange(measured.map(({ features }) => features.thumbnails));
  const frames = options.frames ?? Math.min(FRAMES_LIMIT, median(measured.map(frameCountOf)));
  const shape = { frames, size: options.size, range, classes };
  const split = (name: SplitName): LabelledVolumes =>
    volumesOf(
      studies.filter((study) => study.split === name),
      shape,
    );
  return {
    name: list.name,
    md5: contentSum(studies),
    licence: 'not for distribution',
    citation: 'Own studies',
    classes,
    pixels: 'grey',
    splits: { train: split('train'), val: split('val'), test: split('test') },
    folder: { range, scope: scopeOf(measured) },
  };
}

/** The labels in order, when a model can be trained on the list. */
function trainableClasses({ file, studies }: LabelList): string[] {
  const classes = [...new Set(studies.map(({ label }) => label))].toSorted();
  if (classes.length < 2) throw invalidList(file, 'every study has the same label');
  const labelsIn = (split: SplitName): Set<string> =>
    new Set(studies.filter((study) => study.split === split).map(({ label }) => label));
  const [train, val] = [labelsIn('train'), labelsIn('val')];
  const missing = classes.find((label) => !train.has(label));
  if (missing !== undefined) throw invalidList(file, `no study in the split train has the label ${missing}`);
  // The checkpoint is chosen there: one class alone says nothing about telling two apart.
  if (val.size < 2) throw invalidList(file, 'the split val needs studies of at least two labels');
  return classes;
}

/** Studies read at once: one is decoded while another is unpacked. */
const AT_ONCE = Math.min(4, availableParallelism());

async function readStudies({ file, studies }: LabelList, options: FolderOptions): Promise<Read[]> {
  const counted = pixelCounter(options.size);
  let done = 0;
  options.onStudy(done, studies.length);
  const read = await mapBounded(
    studies,
    AT_ONCE,
    async (study): Promise<Read> => {
      const scratch = new ScratchFolder();
      try {
        const measured = await readLabelledStudy(study.path, { ...options, scratch, onFrames: counted });
        options.onStudy(++done, studies.length);
        return { ...study, ...measured };
      } catch (thrown) {
        throw inList(file, study, thrown);
      } finally {
        await scratch.remove();
      }
    },
    options.signal,
  );
  for (const { name, seriesCount, series } of read)
    if (seriesCount > 1)
      options.onNote(
        `${name}: ${seriesCount} series, number ${series.index} with ${series.framesPerPhase} frames is taken`,
      );
  requireDistinctContent(file, read);
  return read;
}

/** Refuses what would not fit in memory before it is decoded. @returns told of the frames of each study */
function pixelCounter(size: number): (frames: number) => void {
  let bytes = 0;
  return (frames) => {
    bytes += 4 * frames * size ** 2;
    if (bytes > PIXEL_LIMIT)
      throw new KeysliceError('LIMIT_EXCEEDED', {
        what: 'The size of the resampled pixels of all studies in bytes',
        actual: bytes,
        limit: PIXEL_LIMIT,
      });
  };
}

/** A study that cannot be read, with the line that names it. */
function inList(file: string, { name, line }: LabelledStudy, thrown: unknown): unknown {
  if (!(thrown instanceof KeysliceError)) return thrown;
  const { code, message } = thrown;
  if (['CANCELLED', 'INTERNAL', 'LIMIT_EXCEEDED', 'LABELS_INVALID', 'DECODER_MISSING'].includes(code))
    return thrown;
  const frame = typeof thrown.facts['frame'] === 'number' ? ` (frame ${thrown.facts['frame']})` : '';
  return invalidList(file, `${name}${frame}: ${code}: ${message}`, line, thrown);
}

/** The same images under two names would be judged on what was learned by heart. */
function requireDistinctContent(file: string, studies: readonly Read[]): void {
  const known = new Map<string, Read>();
  for (const study of studies) {
    const content = createHash('md5').update(bytesOf(study.pixels)).digest('hex');
    const other = known.get(content);
    if (other !== undefined)
      throw invalidList(
        file,
        `${study.name} has the same images as ${other.name} on line ${other.line}`,
        study.line,
      );
    known.set(content, study);
  }
}

interface Shape {
  readonly frames: number;
  readonly size: number;
  readonly range: readonly [number, number];
  readonly classes: readonly string[];
}

function volumesOf(studies: readonly Read[], { frames, size, range, classes }: Shape): LabelledVolumes {
  const voxels = new Float32Array(studies.reduce((sum, { pixels }) => sum + pixels.length, 0));
  let offset = 0;
  for (const { pixels } of studies) {
    voxels.set(pixels, offset);
    offset += pixels.length;
  }
  const groups = [...new Set(studies.map(({ group }) => group))];
  return {
    count: studies.length,
    frames,
    rows: size,
    columns: size,
    frameCounts: studies.map(frameCountOf),
    voxels,
    range,
    features: studies.map(({ features }) => features),
    labels: Uint8Array.from(studies, ({ label }) => classes.indexOf(label)),
    groups: studies.map(({ group }) => groups.indexOf(group)),
  };
}

/**
 * Changes with any line of the list and with the images, not with the size they are resampled to. Block means are plain
 * sums, the same on every machine; logarithms, of which features are made, are not.
 */
function contentSum(studies: readonly Read[]): string {
  const sum = createHash('md5');
  for (const { name, label, split, group, features } of studies) {
    sum.update(JSON.stringify([name, label, split, group, features.frames.length]));
    sum.update(bytesOf(features.thumbnails));
  }
  return sum.digest('hex');
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function frameCountOf({ features }: MeasuredStudy): number {
  return features.frames.length;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 1;
}

/** @throws KeysliceError LABELS_INVALID when the split holds no study, or only one label where two are needed */
export function requireSplit(data: DataSet, split: SplitName, labels: 1 | 2): void {
  const found = new Set(data.splits[split].labels).size;
  if (data.folder === undefined || found >= labels) return;
  const reason =
    found === 0 ? `the split ${split} holds no study` : `the split ${split} holds one label only`;
  throw new KeysliceError('LABELS_INVALID', { reason: `${data.name}: ${reason}` });
}
