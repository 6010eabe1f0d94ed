import { KeysliceError, warning, type Warning } from '../../contract/errors.ts';
import type { PixelFormat } from '../../contract/series.ts';
import type { Attributes } from './attributes.ts';
import { readPalette } from './palette.ts';
import type { PixelElement } from './pixelElement.ts';
import type { TransferSyntax } from './transferSyntaxes.ts';

const ALLOCATIONS = [1, 8, 16, 32, 64] as const;
const MAX_SIZE = 65535;

/**
 * The Image Pixel module (PS3.3 C.7.6.3), checked.
 * @throws KeysliceError HEADER_INCONSISTENT
 */
export function readPixelFormat(
  attributes: Attributes,
  { number, words }: Pick<PixelElement, 'number' | 'words'>,
  syntax: TransferSyntax,
  warnings: Warning[],
): PixelFormat {
  const bitsAllocated = allocation(attributes, number);
  const samplesPerPixel = samples(attributes);
  const bits =
    number === 'integer' ? storedBits(attributes, bitsAllocated, warnings) : wholeWord(bitsAllocated);
  const signed = number === 'integer' && attributes.number('PixelRepresentation') === 1;
  const photometric = attributes.code('PhotometricInterpretation') ?? assumed(samplesPerPixel, warnings);
  return {
    rows: size(attributes, 'Rows'),
    columns: size(attributes, 'Columns'),
    samplesPerPixel,
    photometric,
    bitsAllocated,
    ...bits,
    signed,
    number: number === 'integer' ? 'integer' : 'float',
    planarConfiguration: samplesPerPixel > 1 && attributes.number('PlanarConfiguration') === 1 ? 1 : 0,
    littleEndian: syntax.littleEndianPixels,
    ...(words && bitsAllocated <= 8 && !syntax.littleEndianPixels ? { swappedBytes: true } : {}),
    palette: photometric === 'PALETTE COLOR' ? readPalette(attributes, signed) : null,
    padding: samplesPerPixel === 1 ? readPadding(attributes, signed) : null,
  };
}

function size(attributes: Attributes, keyword: 'Rows' | 'Columns'): number {
  const value = attributes.number(keyword);
  if (value === null || value === 0)
    return inconsistent(`${keyword} is ${value === null ? 'missing' : 'zero'}`);
  // The value representation is US; where another was written, the number must still be one of its numbers.
  if (!Number.isInteger(value) || value < 0 || value > MAX_SIZE)
    return inconsistent(`${keyword} is ${value}`);
  return value;
}

function samples(attributes: Attributes): 1 | 3 {
  const value = attributes.number('SamplesPerPixel') ?? 1;
  if (value !== 1 && value !== 3) return inconsistent(`Samples per Pixel is ${value}`);
  return value;
}

function allocation(attributes: Attributes, number: PixelElement['number']): (typeof ALLOCATIONS)[number] {
  if (number !== 'integer') return number === 'float' ? 32 : 64;
  const value = attributes.number('BitsAllocated');
  const known = ALLOCATIONS.find((bits) => bits === value);
  return known ?? inconsistent(`Bits Allocated is ${value ?? 'missing'}`);
}

const wholeWord = (bits: number): { bitsStored: number; highBit: number } => {
  return { bitsStored: bits, highBit: bits - 1 };
};

function storedBits(
  attributes: Attributes,
  allocated: number,
  warnings: Warning[],
): { bitsStored: number; highBit: number } {
  const bitsStored = attributes.number('BitsStored') ?? allocated;
  if (!Number.isInteger(bitsStored) || bitsStored < 1 || bitsStored > allocated) {
    return inconsistent(`Bits Stored is ${bitsStored}, Bits Allocated is ${allocated}`);
  }
  const highBit = attributes.number('HighBit') ?? bitsStored - 1;
  if (Number.isInteger(highBit) && highBit >= bitsStored - 1 && highBit < allocated)
    return { bitsStored, highBit };
  warnings.push(
    warning('HEADER_QUESTIONABLE', { reason: `High Bit is ${highBit} with ${bitsStored} bits stored` }),
  );
  return { bitsStored, highBit: bitsStored - 1 };
}

function assumed(samplesPerPixel: number, warnings: Warning[]): string {
  const photometric = samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2';
  warnings.push(
    warning('HEADER_QUESTIONABLE', {
      reason: `Photometric Interpretation is missing; ${photometric} is assumed`,
    }),
  );
  return photometric;
}

/** PS3.3 C.7.5.1.1.2. Some writers store the value of signed pixels as unsigned. */
function readPadding(attributes: Attributes, signed: boolean): PixelFormat['padding'] {
  const value = attributes.number('PixelPaddingValue', signed);
  if (value === null) return null;
  const first = asSigned(value, signed);
  const second = asSigned(attributes.number('PixelPaddingRangeLimit', signed) ?? value, signed);
  return { from: Math.min(first, second), to: Math.max(first, second) };
}

const asSigned = (value: number, signed: boolean): number =>
  signed && value > 32767 ? value - 65536 : value;

function inconsistent(reason: string): never {
  throw new KeysliceError('HEADER_INCONSISTENT', { reason });
}

/** Bits of one frame as native pixel data; YBR_FULL_422 stores two samples per pixel (PS3.3 C.7.6.3.1.2). */
export function frameBits(format: PixelFormat): number {
  const subsampled = format.samplesPerPixel === 3 && format.photometric.endsWith('_422');
  return format.rows * format.columns * (subsampled ? 2 : format.samplesPerPixel) * format.bitsAllocated;
}
