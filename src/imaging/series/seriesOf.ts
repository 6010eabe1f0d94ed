import type { Series } from '../../contract/series.ts';
import { shownPath } from '../../contract/shownPath.ts';
import type { DicomImage } from '../dicom/dicomImage.ts';
import { compareNatural } from '../scan/compareNatural.ts';
import { dicomSeries } from './dicomSeries.ts';
import { groupFrames, type FrameGroup } from './groupFrames.ts';
import { splitByContrast } from './splitByContrast.ts';
import { splitLabels, type LabelledPart } from './splitLabels.ts';
import { compareInstances, compareNumbers, groupBy, type StackFrame } from './stackFrame.ts';

/** A series with its identifier; `index` follows when all series of a study are known. */
export type IdentifiedSeries = Omit<Series, 'index'>;

interface Member extends LabelledPart {
  image: DicomImage;
  kind: FrameGroup['kind'];
}

/**
 * The series of a set of DICOM files: grouped, split, sorted, checked and identified. Can be interrupted between the
 * parts: a file of ten thousand frames is a second's work.
 */
export function* seriesOf(images: readonly DicomImage[]): Generator<undefined, IdentifiedSeries[]> {
  const members: Member[] = [];
  for (const group of groupFrames(images)) {
    yield;
    members.push(...membersOf(group));
  }
  const families = groupBy(
    members.sort(compareMembers),
    ({ image }) => image.seriesUid ?? shownPath(image.file),
  );
  const series: IdentifiedSeries[] = [];
  for (const family of families) {
    const labels = splitLabels(family);
    for (const [part, member] of family.entries()) {
      yield;
      series.push(identified(member, labels[part] ?? '', family.length === 1 ? '' : `#${part + 1}`));
    }
  }
  return series;
}

function membersOf({ kind, frames }: FrameGroup): Member[] {
  const parts = kind === 'stack' ? splitByContrast(frames) : [{ frames, label: '' }];
  return parts.flatMap((part) => {
    const first = firstInstance(part.frames);
    return first === undefined ? [] : [{ ...part, kind, image: first.image }];
  });
}

const firstInstance = (frames: readonly StackFrame[]): StackFrame | undefined =>
  frames.reduce<StackFrame | undefined>(
    (first, frame) => (first === undefined || compareInstances(frame, first) < 0 ? frame : first),
    undefined,
  );

/** Series number, then instance number, then file name: the order of the acquisition as far as it is known. */
function compareMembers(a: Member, b: Member): number {
  return (
    compareNatural(a.image.studyUid ?? '', b.image.studyUid ?? '') ||
    compareNumbers(a.image.seriesNumber, b.image.seriesNumber) ||
    compareNumbers(a.image.instanceNumber, b.image.instanceNumber) ||
    compareNatural(shownPath(a.image.file), shownPath(b.image.file))
  );
}

function identified({ image, kind, frames }: Member, label: string, suffix: string): IdentifiedSeries {
  const id = image.seriesUid ?? shownPath(image.file);
  return { ...dicomSeries({ kind, frames }, image, label), id: `${id}${suffix}` };
}
