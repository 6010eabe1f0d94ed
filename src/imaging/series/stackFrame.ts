import { shownPath } from '../../contract/shownPath.ts';
import type { DicomFrame, DicomImage } from '../dicom/dicomImage.ts';
import { compareNatural } from '../scan/compareNatural.ts';

/** A frame with the file that it comes from. */
export interface StackFrame extends DicomFrame {
  image: DicomImage;
}

/** Instance number, then file name in natural order, then place in the file. */
export function compareInstances(a: StackFrame, b: StackFrame): number {
  return (
    compareNumbers(a.image.instanceNumber, b.image.instanceNumber) ||
    compareNatural(shownPath(a.image.file), shownPath(b.image.file)) ||
    a.record.source.indexInFile - b.record.source.indexInFile
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
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
