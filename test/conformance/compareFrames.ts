import type { StoredArray } from '../../src/contract/frame.ts';
import type { OwnFrame } from './ownFrames.ts';
import type { JudgedFile } from './pixelsJudge.ts';

/** PS3.5 A.4, A.7, A.8: syntaxes whose decoders may differ in their rounding. */
const LOSSY_SYNTAXES = ['4.50', '4.51', '4.53', '4.55', '4.91', '4.203'].map(
  (suffix) => `1.2.840.10008.1.2.${suffix}`,
);
const ROUNDED = 2;
/** Magnitudes of complex numbers, relative to the value: float32. */
const COMPLEX = 1e-6;

/** The largest difference that is right: none for what is stored without loss, two grey levels where it is rounded. */
export function tolerance(own: readonly OwnFrame[]): number {
  if (isComplex(own)) return COMPLEX;
  const rounded = own.some(
    ({ record: { source, pixel } }) =>
      LOSSY_SYNTAXES.includes(source.transferSyntax) || pixel.photometric.startsWith('YBR_FULL'),
  );
  return rounded ? ROUNDED : 0;
}

/** Largest difference; infinite where number, size or type differ. Magnitudes count relative to the value. */
export function largestDifference(own: readonly OwnFrame[], judged: JudgedFile): number {
  if (own.length !== judged.frames || own.some(({ frame }) => frame.dtype !== judged.dtype)) return Infinity;
  const gaps = own.map(({ frame }, index) => largestGap(frame.values, judged.frame(index), isComplex(own)));
  return Math.max(0, ...gaps);
}

/** Largest difference between files of the same image, read alike: with the type of their values. */
export function differenceOfTwins(own: readonly OwnFrame[], twin: readonly OwnFrame[]): number {
  if (own.length !== twin.length || own[0]?.frame.dtype !== twin[0]?.frame.dtype) return Infinity;
  const gaps = own.map(({ frame }, index) =>
    largestGap(frame.values, twin[index]?.frame.values ?? NOTHING, false),
  );
  return Math.max(0, ...gaps);
}

const NOTHING = new Uint8Array(0);

const isComplex = (own: readonly OwnFrame[]): boolean =>
  own.some(({ record }) => record.pixel.number === 'complex');

function largestGap(ours: StoredArray, theirs: StoredArray, relativeToValue: boolean): number {
  if (ours.length !== theirs.length) return Infinity;
  if (bytesOf(ours).equals(bytesOf(theirs))) return 0;
  let worst = 0;
  for (let i = 0; i < ours.length; i++) {
    const [own, their] = [ours[i]!, theirs[i]!];
    const gap = Math.abs(own - their);
    if (gap > 0) worst = Math.max(worst, relativeToValue ? gap / Math.abs(their) : gap);
    // Not a number on one side only.
    else if (Number.isNaN(gap) && !Object.is(own, their)) return Infinity;
  }
  return worst;
}

/** Equal bytes of one type are equal values, found faster than value by value. */
const bytesOf = ({ buffer, byteOffset, byteLength }: StoredArray): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
