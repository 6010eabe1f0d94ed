import { readFile } from 'node:fs/promises';
import type { Series } from '../../../src/contract/series.ts';
import { DataSetEditor } from '../../../src/export/dicom/dataSetEditor.ts';
import { openSourceInstance } from '../../../src/export/dicom/sourceInstance.ts';

/** The elements of the file that holds a frame of a series. */
export async function dataSetOf(series: Series, frame = 0): Promise<DataSetEditor> {
  const record = series.frames[frame];
  if (record === undefined) throw new Error(`no frame ${frame}`);
  const instance = await openSourceInstance(record);
  await instance.bytes.close();
  return new DataSetEditor([...instance.elements, ...instance.trailing], instance.encoding);
}

/** Stored bytes of every frame of a series of plain files. */
export const storedBytesOf = (series: Series): Promise<Buffer[]> =>
  Promise.all(
    series.frames.map(async ({ source }) => {
      const file = await readFile(source.path);
      return Buffer.concat(source.ranges.map(({ offset, length }) => file.subarray(offset, offset + length)));
    }),
  );
