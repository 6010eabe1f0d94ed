/**
 * JPEG with the cosine transform and Huffman coding, sequential or progressive, of 8 or 12 bits (SOF0 to SOF2, ITU-T
 * T.81 Annexes F and G). It exists for 12 bits, which no packaged decoder has right.
 */
import type { PixelFormat } from '../../contract/series.ts';
import { ybrToRgb } from '../frames/ybrToRgb.ts';
import { checkStreamSize, frameFailed } from './codec.ts';
import type { Decoded } from './codec.ts';
import { blockDecoder } from './dctBlocks.ts';
import { dctFrame } from './dctFrame.ts';
import type { DctComponent, DctFrame } from './dctFrame.ts';
import { dctPlane, interleavePlanes } from './dctPlane.ts';
import { decodeDctScan, readDctScan } from './dctScan.ts';
import { huffmanTables } from './huffmanTable.ts';
import type { HuffmanTable } from './huffmanTable.ts';
import { JpegBitReader } from './jpegBitReader.ts';
import { colorWarnings, declaredColor, markedColor } from './jpegColor.ts';
import { jpegSegments, readJpegHeader, SOF } from './jpegHeader.ts';
import type { JpegSegment } from './jpegHeader.ts';
import { quantizationTables } from './quantizationTable.ts';

const DHT = 0xc4;
const SOS = 0xda;
const DQT = 0xdb;
const DRI = 0xdd;

/** Grey as it is, colour as RGB by pixel. @throws KeysliceError FRAME_FAILED, HEADER_INCONSISTENT */
export function decodeJpegExtended(bytes: Uint8Array, format: PixelFormat): Decoded {
  const header = readJpegHeader(bytes);
  const components = header.components.length;
  const stream = { rows: header.rows, columns: header.columns, components, bits: header.bits };
  checkStreamSize(stream, format);
  if (header.bits !== 8 && header.bits !== 12) throw frameFailed(`JPEG of ${header.bits} bits`);
  if (components !== 1 && components !== 3) throw frameFailed(`JPEG with ${components} components`);
  const frame = dctFrame(header, header.frameType === SOF.progressive, bytes.length);
  const steps = decodeCoefficients(bytes, frame);
  const max = 2 ** sampleBits(frame, format) - 1;
  const planes = frame.components.map((each, index) => dctPlane(each, steps[index]!, header.bits, max));
  const marked = components === 3 ? markedColor(header) : null;
  const [gray] = planes;
  if (gray === undefined) throw frameFailed('JPEG without components');
  const samples = components === 3 ? interleavePlanes(frame, planes) : gray;
  if (components === 3 && (marked ?? declaredColor(format)) === 'YCbCr') ybrToRgb(samples, header.bits, true);
  return {
    ...stream,
    signed: false,
    samples: header.bits === 8 ? Uint8Array.from(samples) : samples,
    layout: 'interleaved',
    color: components === 3 ? 'rgb' : 'declared',
    warnings: components === 3 ? colorWarnings(marked, format) : [],
  };
}

/**
 * Lossy grey may overshoot what was stored: 10 bits stored in a stream of 12 give 1024 beside 1023. Such a sample is
 * the highest level there is; without this, the bits beyond BitsStored would be cut off, and it would be the lowest.
 */
function sampleBits(frame: DctFrame, { signed, bitsStored }: PixelFormat): number {
  return signed || frame.components.length > 1 ? frame.bits : Math.min(frame.bits, bitsStored);
}

/** What the segments before a scan have defined. */
interface Definitions {
  huffman: Map<string, HuffmanTable>;
  quantization: Map<number, Uint16Array>;
  restartInterval: number;
}

function define(definitions: Definitions, { marker, data }: JpegSegment): void {
  if (marker === DRI) definitions.restartInterval = ((data[0] ?? 0) << 8) | (data[1] ?? 0);
  if (marker === DHT) {
    for (const { kind, destination, table } of huffmanTables(data)) {
      definitions.huffman.set(`${kind}${destination}`, table);
    }
  }
  if (marker === DQT) {
    for (const { destination, steps } of quantizationTables(data)) {
      definitions.quantization.set(destination, steps);
    }
  }
}

/**
 * Fills the coefficients of all components, scan by scan.
 * @returns the quantisation steps of each component: those that were defined when it was first coded (B.2.4.1)
 */
function decodeCoefficients(bytes: Uint8Array, frame: DctFrame): Uint16Array[] {
  const definitions: Definitions = { huffman: new Map(), quantization: new Map(), restartInterval: 0 };
  const steps = new Map<DctComponent, Uint16Array>();
  const reader = new JpegBitReader(bytes, frame.rows);
  for (let at = 2, ended = false; !ended;) {
    ended = true;
    for (const segment of jpegSegments(bytes, at)) {
      define(definitions, segment);
      if (segment.marker !== SOS) continue;
      ended = false;
      const scan = readDctScan(segment.data, frame, definitions.huffman, definitions.restartInterval);
      for (const { component } of scan.components) {
        if (!steps.has(component)) steps.set(component, stepsOf(component, definitions));
      }
      reader.startScan(segment.end);
      decodeDctScan(scan, frame, reader, blockDecoder(reader, scan, frame.progressive));
      at = reader.finish();
    }
  }
  return frame.components.map((component) => {
    const each = steps.get(component);
    if (each === undefined || component.missingBits.some((bits) => bits !== 0)) {
      throw frameFailed('the JPEG stream ends before its last scan');
    }
    return each;
  });
}

function stepsOf({ quantization }: DctComponent, definitions: Definitions): Uint16Array {
  const steps = definitions.quantization.get(quantization);
  if (steps === undefined) throw frameFailed('a quantisation table is missing');
  return steps;
}
