import type { Series } from '../../contract/series.ts';
import { shownPath } from '../../contract/shownPath.ts';
import type { DicomImage } from '../dicom/dicomImage.ts';
import { compareNatural } from '../scan/compareNatural.ts';
import { dicomSeries } from './dicomSeries.ts';
import { groupFrames, type FrameGroup } from './groupFrames.ts';
import { splitByContrast } from './splitByContrast.ts';
import { splitLabels, type LabelledPart } from './splitLabels.ts';
import { compareInstances, compareNumbers, groupBy } from './stackFrame.ts';

/** A series with its identifier; `index` follows when all series of a study are known. */
export type IdentifiedSeries = Omit<Series, 'index'>;

interface Member extends LabelledPart {
  image: DicomImage;
  kind: FrameGroup['kind'];
}

/** The series of a set of DICOM files: grouped, split, sorted, checked and identified. */
export function seriesOf(images: readonly DicomImage[]): IdentifiedSeries[] {
  const members = groupFrames(images).flatMap(membersOf).sort(compareMembers);
  const families = groupBy(members, ({ image }) => image.seriesUid ?? shownPath(image.file));
  return families.flatMap(identified);
}

function membersOf({ kind, frames }: FrameGroup): Member[] {
  const parts = kind === 'stack' ? splitByContrast(frames) : [{ frames, label: '' }];
  return parts.flatMap((part) => {
    const [first] = [...part.frames].sort(compareInstances);
    return first === undefined ? [] : [{ ...part, kind, image: first.image }];
  });
}

/** Series number, then instance number, then file name: the order of the acquisition as far as it is known. */
function compareMembers(a: Member, b: Member): number {
  return (
    compareNatural(a.image.studyUid ?? '', b.image.studyUid ?? '') ||
    compareNumbers(a.image.seriesNumber, b.image.seriesNumber) ||
    compareNumbers(a.image.instanceNumber, b.image.instanceNumber) ||
    compareNatural(shownPath(a.image.file), shownPath(b.image.file))
  );
}

function identified(family: readonly Member[]): IdentifiedSeries[] {
  const labels = splitLabels(family);
  return family.map(({ image, kind, frames }, part) => {
    const id = image.seriesUid ?? shownPath(image.file);
    const series = dicomSeries({ kind, frames }, image, labels[part] ?? '');
    return { ...series, id: family.length === 1 ? id : `${id}#${part + 1}` };
  });
}
