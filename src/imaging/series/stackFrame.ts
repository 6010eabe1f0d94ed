import { shownPath } from '../../contract/shownPath.ts';
import type { DicomFrame, DicomImage } from '../dicom/dicomImage.ts';
import { compareNatural } from '../scan/compareNatural.ts';

/** A frame with the file that it comes from. */
export interface StackFrame extends DicomFrame {
  image: DicomImage;
}

/** Instance number, then file name in natural order, then place in the file. */
export function compareInstances(a: StackFrame, b: StackFrame): number {
  const place = a.record.source.indexInFile - b.record.source.indexInFile;
  if (a.image === b.image) return place;
  return (
    compareNumbers(a.image.instanceNumber, b.image.instanceNumber) ||
    compareNatural(shownPath(a.image.file), shownPath(b.image.file)) ||
    place
  );
}

/** Ascending; what is unknown comes last. */
export function compareNumbers(a: number | null, b: number | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  return b === null ? -1 : a - b;
}

/** Groups in the order in which their keys first appear. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
