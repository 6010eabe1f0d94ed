import { KeysliceError } from '../../contract/errors.ts';
import { fileKind } from '../scan/fileKind.ts';
import { withOpenFile } from '../scan/openFile.ts';
import type { ElementLine } from './attributes.ts';
import { readDataSet } from './dataSet.ts';

/**
 * The elements of one DICOM file up to its pixel data, as text.
 * @throws KeysliceError PATH_NOT_FOUND, NOT_AN_IMAGE, FILE_TRUNCATED, FILE_UNREADABLE, TRANSFER_SYNTAX_UNSUPPORTED
 */
export function dumpElements(path: string): Promise<ElementLine[]> {
  return withOpenFile(path, async ({ head, source }) => {
    const kind = fileKind(head);
    if (kind.kind !== 'dicom')
      throw new KeysliceError('NOT_AN_IMAGE', { reason: 'it is not a DICOM file' }, { path });
    const { attributes } = await readDataSet(source, head, kind.preamble);
    return attributes.lines();
  });
}
