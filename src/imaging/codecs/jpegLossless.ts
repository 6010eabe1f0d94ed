/** JPEG lossless, Huffman coded (SOF3, ITU-T T.81 Annex H): DICOM's process 14 with any of the seven predictors. */
import type { PixelFormat } from '../../contract/series.ts';
import { checkStreamSize, frameFailed } from './codec.ts';
import type { Decoded } from './codec.ts';
import { huffmanTables } from './huffmanTable.ts';
import type { HuffmanTable } from './huffmanTable.ts';
import { JpegBitReader } from './jpegBitReader.ts';
import { jpegSegments, readJpegHeader } from './jpegHeader.ts';
import type { JpegHeader } from './jpegHeader.ts';

const DHT = 0xc4;
const DRI = 0xdd;
const SOS = 0xda;

interface Scan {
  /** One table per component of the frame, in its order. */
  tables: HuffmanTable[];
  predictor: number;
  pointTransform: number;
  /** Samples (of all components together) between restart markers; 0: none. */
  restartInterval: number;
  dataOffset: number;
}

/** Samples by pixel, unsigned as in the stream; the header's sign is applied later. */
export function decodeJpegLossless(bytes: Uint8Array, format: PixelFormat): Decoded {
  const header = readJpegHeader(bytes);
  const components = header.components.length;
  const stream = { rows: header.rows, columns: header.columns, components, bits: header.bits };
  checkStreamSize(stream, format);
  if (header.bits < 2 || header.bits > 16) throw frameFailed(`lossless JPEG of ${header.bits} bits`);
  if (header.components.some(({ horizontal, vertical }) => horizontal !== 1 || vertical !== 1)) {
    throw frameFailed('lossless JPEG with subsampled components');
  }
  const count = stream.rows * stream.columns * components;
  // A sample takes one bit at least: a header alone allocates nothing.
  if (count > bytes.length * 8) {
    throw frameFailed(`the JPEG data end too early: ${bytes.length} bytes are too few for ${count} samples`);
  }
  const samples = header.bits <= 8 ? new Uint8Array(count) : new Uint16Array(count);
  decodeScan(bytes, readScan(bytes, header), header, samples);
  return { ...stream, signed: false, samples, layout: 'interleaved', color: 'declared', warnings: [] };
}

function readScan(bytes: Uint8Array, header: JpegHeader): Scan {
  const defined = new Map<number, HuffmanTable>();
  let restartInterval = 0;
  for (const { marker, data, end } of jpegSegments(bytes)) {
    if (marker === DHT)
      for (const { destination, table } of huffmanTables(data)) defined.set(destination, table);
    if (marker === DRI) restartInterval = ((data[0] ?? 0) << 8) | (data[1] ?? 0);
    if (marker === SOS) return { ...scanHeader(data, header, defined), restartInterval, dataOffset: end };
  }
  throw frameFailed('the JPEG stream has no scan');
}

function scanHeader(
  data: Uint8Array,
  header: JpegHeader,
  defined: ReadonlyMap<number, HuffmanTable>,
): Pick<Scan, 'tables' | 'predictor' | 'pointTransform'> {
  const count = data[0] ?? 0;
  if (count !== header.components.length) throw frameFailed('lossless JPEG with a scan for each component');
  const tables = Array.from({ length: count }, (_, index) => {
    const table = defined.get((data[2 + 2 * index] ?? 0) >> 4);
    if (table === undefined) throw frameFailed('a Huffman table is missing');
    return table;
  });
  const predictor = data[1 + 2 * count] ?? 0;
  if (predictor < 1 || predictor > 7) throw frameFailed(`lossless JPEG with predictor ${predictor}`);
  return { tables, predictor, pointTransform: (data[3 + 2 * count] ?? 0) & 15 };
}

function decodeScan(
  bytes: Uint8Array,
  scan: Scan,
  header: JpegHeader,
  samples: Uint8Array | Uint16Array,
): void {
  const reader = new JpegBitReader(bytes, header.rows);
  reader.startScan(scan.dataOffset);
  const components = header.components.length;
  const width = header.columns * components;
  const start = 1 << (header.bits - scan.pointTransform - 1);
  const { predictor, restartInterval, tables } = scan;
  // Row at which prediction last began anew: the first row of it is predicted from the left only (T.81 H.1.2.1).
  let firstRow = 0;
  let pixel = 0;
  for (let y = 0; y < header.rows; y++) {
    reader.row = y;
    for (let x = 0; x < header.columns; x++, pixel++) {
      const restarted = restartInterval > 0 && pixel > 0 && pixel % restartInterval === 0;
      if (restarted) {
        reader.restart();
        firstRow = y;
      }
      for (let c = 0; c < components; c++) {
        const at = pixel * components + c;
        const atStart = restarted || pixel === 0;
        const predicted = atStart
          ? start
          : predict(samples, at, components, width, x, y === firstRow, predictor);
        samples[at] = predicted + reader.difference(reader.symbol(tables[c]!));
      }
    }
  }
  reader.finish();
  if (scan.pointTransform > 0) for (let i = 0; i < samples.length; i++) samples[i]! <<= scan.pointTransform;
}

/** T.81 table H.1: a is left, b above, c above left. Sums wrap modulo 2^16 (or 2^8) when they are stored. */
function predict(
  samples: Uint8Array | Uint16Array,
  at: number,
  step: number,
  width: number,
  x: number,
  firstRow: boolean,
  predictor: number,
): number {
  if (firstRow) return samples[at - step]!;
  const b = samples[at - width]!;
  if (x === 0) return b;
  const a = samples[at - step]!;
  const c = samples[at - width - step]!;
  switch (predictor) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    default:
      return (a + b) >> 1;
  }
}
