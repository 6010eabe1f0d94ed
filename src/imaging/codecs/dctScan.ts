/** The scans of a JPEG image with the cosine transform (ITU-T T.81 B.2.3, A.2, G.1.1). */
import { frameFailed } from './codec.ts';
import type { DctComponent, DctFrame } from './dctFrame.ts';
import type { HuffmanTable } from './huffmanTable.ts';
import type { JpegBitReader } from './jpegBitReader.ts';

export interface ScanComponent {
  component: DctComponent;
  dc: HuffmanTable | undefined;
  ac: HuffmanTable | undefined;
  /** The last DC coefficient, from which the next is predicted. */
  predicted: number;
}

/** Coefficients `from` to `to`, as they are coded, of which the bits from `low` on; `high` is `low` of the scan before. */
export interface DctScan {
  components: readonly ScanComponent[];
  from: number;
  to: number;
  high: number;
  low: number;
  /** MCUs between restart markers; 0: none. */
  restartInterval: number;
}

/** Tables by kind and destination: `dc0`, `ac1`. */
export type HuffmanTables = ReadonlyMap<string, HuffmanTable>;

/** Decodes the block whose coefficients start at `at`. */
export interface BlockDecoder {
  block(part: ScanComponent, at: number): void;
  restart(): void;
}

const LAST = 63;
/** T.81 G.1.1.1.2: up to 13 bits of a coefficient may come later. */
const MAX_LOW = 13;

/**
 * A scan header (SOS), checked against what the scans before it gave: nothing is coded twice, nothing refined that
 * did not come. @throws KeysliceError FRAME_FAILED
 */
export function readDctScan(
  data: Uint8Array,
  frame: DctFrame,
  tables: HuffmanTables,
  restartInterval: number,
): DctScan {
  const count = data[0] ?? 0;
  if (count < 1 || count > frame.components.length || data.length < 4 + 2 * count) {
    throw frameFailed('a scan header of the JPEG stream is damaged');
  }
  const components = Array.from({ length: count }, (_, index): ScanComponent => {
    const component = frame.components.find(({ id }) => id === data[1 + 2 * index]);
    if (component === undefined) throw frameFailed('a scan of the JPEG stream names no component');
    const which = data[2 + 2 * index]!;
    return { component, dc: tables.get(`dc${which >> 4}`), ac: tables.get(`ac${which & 15}`), predicted: 0 };
  });
  if (new Set(components.map(({ component }) => component)).size < count) {
    throw frameFailed('a scan of the JPEG stream names a component twice');
  }
  const scan = { components, restartInterval, ...spectrum(data.subarray(1 + 2 * count), frame.progressive) };
  for (const { component } of components) noteScan(scan, component);
  return scan;
}

/** Sequential scans hold all coefficients, whatever the header says (some encoders write 0 to 0). */
function spectrum(
  [first = 0, last = 0, bits = 0]: Uint8Array,
  progressive: boolean,
): Pick<DctScan, 'from' | 'to' | 'high' | 'low'> {
  if (!progressive) return { from: 0, to: LAST, high: 0, low: 0 };
  const scan = { from: first, to: last, high: bits >> 4, low: bits & 15 };
  const dc = scan.from === 0 && scan.to === 0;
  const ac = scan.from > 0 && scan.from <= scan.to && scan.to <= LAST;
  const refines = scan.high === 0 || scan.low === scan.high - 1;
  if ((dc || ac) && refines && scan.low <= MAX_LOW) return scan;
  throw frameFailed('a scan of the progressive JPEG stream is damaged');
}

function noteScan({ from, to, high, low }: Omit<DctScan, 'components'>, { missingBits }: DctComponent): void {
  for (let k = from; k <= to; k++) {
    if (missingBits[k] !== (high === 0 ? -1 : high)) {
      throw frameFailed('the scans of the JPEG stream do not follow from each other');
    }
    missingBits[k] = low;
  }
}

/** Every block of the scan in its order; restart markers where they are due. @throws KeysliceError FRAME_FAILED */
export function decodeDctScan(
  scan: DctScan,
  frame: DctFrame,
  reader: JpegBitReader,
  decoder: BlockDecoder,
): void {
  const [alone] = scan.components;
  const single = scan.components.length === 1 && alone !== undefined;
  const rows = single ? alone.component.blockRows : frame.mcuRows;
  const columns = single ? alone.component.blockColumns : frame.mcuColumns;
  let sinceRestart = 0;
  for (let y = 0; y < rows; y++) {
    reader.row = Math.floor((y * frame.rows) / rows);
    for (let x = 0; x < columns; x++, sinceRestart++) {
      if (scan.restartInterval > 0 && sinceRestart === scan.restartInterval) {
        reader.restart();
        decoder.restart();
        for (const part of scan.components) part.predicted = 0;
        sinceRestart = 0;
      }
      if (single) decoder.block(alone, (y * alone.component.stride + x) * 64);
      else interleaved(scan, decoder, x, y);
    }
  }
}

/** The blocks of one MCU (A.2.3). */
function interleaved({ components }: DctScan, decoder: BlockDecoder, x: number, y: number): void {
  for (const part of components) {
    const { horizontal, vertical, stride } = part.component;
    for (let v = 0; v < vertical; v++) {
      for (let h = 0; h < horizontal; h++) {
        decoder.block(part, ((y * vertical + v) * stride + x * horizontal + h) * 64);
      }
    }
  }
}
