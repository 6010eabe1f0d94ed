import { createHash } from 'node:crypto';
import { readFrame } from '../../src/app/readFrame.ts';
import { valueBytes } from '../../src/app/npy.ts';
import type { Scratch } from '../../src/imaging/scan/scratch.ts';
import { transferSyntax } from '../../src/imaging/dicom/transferSyntaxes.ts';
import type { CorpusFile } from './corpus.ts';
import { judgeFile, type FileReport } from './judgeFile.ts';
import { ownFrames, type OwnFrame } from './ownFrames.ts';
import type { Judgement } from './pixelsJudge.ts';

/** What the frames of a file are made of, for the table. */
export interface FileFacts {
  frames: number;
  syntax: string;
  photometric: string;
  /** Allocated/stored, and u or s for the sign. */
  bits: string;
}

/** One frame as `keyslice frame` must print it. */
export interface ExpectedFrame {
  path: string;
  place: OwnFrame['place'];
  sha256: string;
}

export interface CheckedFile extends FileReport {
  facts: FileFacts | null;
  /** Judges that were asked and gave nothing, with the kind of their failure. */
  failures: readonly { judge: string; error: string }[];
  /** The middle frame of the file; null where there is none. */
  middle: ExpectedFrame | null;
}

/** Reads a file with Keyslice and lays it beside what the judges said of it. */
export async function checkFile({ path, file }: CorpusFile, judgement: Judgement): Promise<CheckedFile> {
  const own = await ownFrames(path);
  const report = judgeFile(file, own, judgement);
  const failures = [...judgement].flatMap(([judge, said]) =>
    typeof said === 'string' ? [{ judge, error: said }] : [],
  );
  if (typeof own === 'string') return { ...report, facts: null, failures, middle: null };
  const middle = own[Math.floor(own.length / 2)];
  return {
    ...report,
    facts: factsOf(own),
    failures,
    middle: middle === undefined ? null : { path, place: middle.place, sha256: sha256(middle) },
  };
}

const sha256 = ({ frame, whole }: OwnFrame): string =>
  createHash('sha256')
    .update(valueBytes(whole ?? frame.values))
    .digest('hex');

function factsOf(own: readonly OwnFrame[]): FileFacts | null {
  const [first] = own;
  if (first === undefined) return null;
  const { source, pixel } = first.record;
  const number = pixel.number === 'integer' ? (pixel.signed ? 's' : 'u') : pixel.number;
  return {
    frames: own.length,
    syntax: transferSyntax(source.transferSyntax)?.name ?? 'NIfTI',
    photometric: pixel.photometric,
    bits: `${pixel.bitsAllocated}/${pixel.bitsStored} ${number}`,
  };
}

/** SHA-256 that the use case behind `keyslice frame` gives for a frame. */
export async function frameHash({ path, place }: ExpectedFrame, scratch: Scratch): Promise<string> {
  const { document } = await readFrame(path, {
    frame: place.frame,
    series: String(place.series),
    phase: place.phase,
    values: 'stored',
    out: undefined,
    signal: new AbortController().signal,
    scratch,
  });
  return document.sha256;
}
