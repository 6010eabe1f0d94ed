import type { Frame } from '../../contract/frame.ts';
import type { FrameRecord, SourceFile } from '../../contract/series.ts';
import { decodeFrame } from './decodeFrame.ts';
import { readFrameBytes, type UnwrappedBytes } from './readFrameBytes.ts';
import { withShownPath } from './withShownPath.ts';

/** What a decode worker is given for one frame. */
export interface FrameRequest {
  record: FrameRecord;
  file: SourceFile;
  unwrapped: UnwrappedBytes | null;
}

/** Reads and decodes one frame. @throws KeysliceError as `readFrameBytes` and `decodeFrame` do */
export async function loadFrame({ record, file, unwrapped }: FrameRequest): Promise<Frame> {
  try {
    return await decodeFrame(record, await readFrameBytes({ source: record.source, file, unwrapped }));
  } catch (thrown) {
    throw withShownPath(thrown, [file]);
  }
}
