/** The blocks of a JPEG image with the cosine transform (ITU-T T.81 A.1 and A.2). */
import { frameFailed } from './codec.ts';
import type { JpegHeader } from './jpegHeader.ts';

export interface DctComponent {
  id: number;
  /** Destination of its quantisation table. */
  quantization: number;
  /** Blocks of an MCU, across and down. */
  horizontal: number;
  vertical: number;
  rows: number;
  columns: number;
  /** Blocks with samples of the image: a scan of one component codes these alone (A.2.2). */
  blockRows: number;
  blockColumns: number;
  /** Blocks in a row of `coefficients`: those of whole MCUs. */
  stride: number;
  /** 64 of each block, quantised, by rows. */
  coefficients: Int16Array;
  /** How many low bits of each coefficient are still to come, as it is coded; -1: nothing has come. */
  missingBits: Int8Array;
}

export interface DctFrame {
  rows: number;
  columns: number;
  bits: number;
  progressive: boolean;
  mcuRows: number;
  mcuColumns: number;
  /** Largest sampling factors. */
  horizontal: number;
  vertical: number;
  components: readonly DctComponent[];
}

const MAX_SAMPLING = 4;

/**
 * Empty blocks for every component.
 * @param available bytes of the stream: a block takes one bit at least, so that a header alone allocates nothing
 * @throws KeysliceError FRAME_FAILED
 */
export function dctFrame(header: JpegHeader, progressive: boolean, available: number): DctFrame {
  const { rows, columns, bits } = header;
  const sampling = header.components.flatMap(({ horizontal, vertical }) => [horizontal, vertical]);
  if (sampling.some((factor) => factor < 1 || factor > MAX_SAMPLING)) {
    throw frameFailed('the JPEG stream has sampling factors that do not exist');
  }
  const horizontal = Math.max(...header.components.map((component) => component.horizontal));
  const vertical = Math.max(...header.components.map((component) => component.vertical));
  const mcuRows = Math.ceil(rows / (8 * vertical));
  const mcuColumns = Math.ceil(columns / (8 * horizontal));
  const sizes = header.components.map((component) => {
    const across = Math.ceil((columns * component.horizontal) / horizontal);
    const down = Math.ceil((rows * component.vertical) / vertical);
    return {
      ...component,
      rows: down,
      columns: across,
      blockRows: Math.ceil(down / 8),
      blockColumns: Math.ceil(across / 8),
      stride: mcuColumns * component.horizontal,
    };
  });
  const coded = sizes.reduce((sum, size) => sum + size.blockRows * size.blockColumns, 0);
  if (coded > available * 8) {
    throw frameFailed(`the JPEG data end too early: ${available} bytes are too few for ${coded} blocks`);
  }
  const components = sizes.map((size) => ({
    ...size,
    coefficients: new Int16Array(mcuRows * size.vertical * size.stride * 64),
    missingBits: new Int8Array(64).fill(-1),
  }));
  return { rows, columns, bits, progressive, mcuRows, mcuColumns, horizontal, vertical, components };
}
