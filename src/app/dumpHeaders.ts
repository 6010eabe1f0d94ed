import { dumpElements } from '../imaging/dicom/dumpElements.ts';

export interface HeaderLine {
  tag: string;
  vr: string;
  value: string;
}

/** The DICOM elements of one file. @throws KeysliceError as reading does */
export function dumpHeaders(path: string): Promise<readonly HeaderLine[]> {
  return dumpElements(path);
}
