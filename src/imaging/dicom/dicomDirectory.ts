/** The DICOMDIR: the index of a medium (PS3.3 F.3, PS3.10 8). */
import { KeysliceError } from '../../contract/errors.ts';
import type { OpenFile } from '../scan/openFile.ts';
import { PREFIX_END, readDataSet, readMeta } from './dataSet.ts';

const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';
const MOST_RECORDS = 200_000;
/** PS3.3 F.3.2.2: a record that is no longer in use. Other values mean that it is. */
const INACTIVE = 0x0000;

/** Whether the meta elements of a DICOM file say that it is a DICOMDIR; its name is not looked at. */
export function isDicomDirectory(head: Uint8Array, preamble: boolean): boolean {
  return readMeta(head, preamble ? PREFIX_END : 0).mediaClassUid === MEDIA_STORAGE_DIRECTORY;
}

/**
 * The Referenced File IDs of a DICOMDIR, each as its components. The records are read in the order in which they are
 * stored and not along their offsets: what the offsets say of patients and studies is in the files themselves, and a
 * chain that is wrong, or leads in a circle, does no harm.
 * @throws KeysliceError FILE_TRUNCATED, FILE_UNREADABLE, LIMIT_EXCEEDED, TRANSFER_SYNTAX_UNSUPPORTED
 */
export async function referencedFileIds({ head, source }: OpenFile, preamble: boolean): Promise<string[][]> {
  const { attributes, damage } = await readDataSet(source, head, preamble);
  const records = attributes.items('DirectoryRecordSequence');
  if (damage !== null && records.length === 0) throw damage;
  if (records.length > MOST_RECORDS) {
    const what = 'The number of directory records';
    throw new KeysliceError('LIMIT_EXCEEDED', { what, actual: records.length, limit: MOST_RECORDS });
  }
  const used = records.filter((record) => record.number('RecordInUseFlag') !== INACTIVE);
  return used.map((record) => record.codes('ReferencedFileID')).filter((id) => id.length > 0);
}
