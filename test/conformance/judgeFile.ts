import type { OwnFrame } from './ownFrames.ts';
import type { Judgement } from './pixelsJudge.ts';
import { largestDifference, tolerance } from './compareFrames.ts';
import { REFUSED, TWINS, UNJUDGED, whyWrong } from './knownCases.ts';

/** What a judge's pixels are beside ours. */
export interface Comparison {
  judge: string;
  /** Largest difference, infinite where number, size or type differ. */
  difference: number;
  right: boolean;
}

export type Verdict =
  | { kind: 'agrees' }
  /** Some judges agree; those who do not are known to be wrong. */
  | { kind: 'judgesPart' }
  /** No judge is right: a file of the same image stands in. */
  | { kind: 'twin' }
  /** Nothing else decodes it, or nothing does. */
  | { kind: 'unjudged' }
  | { kind: 'refused'; code: string }
  /** Neither Keyslice nor a judge finds an image. */
  | { kind: 'noImage'; code: string }
  | { kind: 'fault'; reason: string };

export interface FileReport {
  /** Below the shared data, with forward slashes. */
  file: string;
  comparisons: readonly Comparison[];
  verdict: Verdict;
}

/** What is known of a file when Keyslice and the judges have read it. */
export function judgeFile(file: string, own: readonly OwnFrame[] | string, judgement: Judgement): FileReport {
  const comparisons = typeof own === 'string' ? [] : compare(own, judgement);
  const decoded = [...judgement].filter(([, said]) => typeof said !== 'string').map(([name]) => name);
  const verdict =
    typeof own === 'string' ? verdictOfRefusal(file, own, decoded) : verdictOf(file, comparisons);
  return { file, comparisons, verdict };
}

function compare(own: readonly OwnFrame[], judgement: Judgement): Comparison[] {
  const atMost = tolerance(own);
  return [...judgement].flatMap(([judge, said]) => {
    if (typeof said === 'string') return [];
    const difference = largestDifference(own, said);
    return [{ judge, difference, right: difference <= atMost }];
  });
}

function verdictOfRefusal(file: string, code: string, decoded: readonly string[]): Verdict {
  if (decoded.length === 0) return { kind: 'noImage', code };
  if (REFUSED[file]?.code === code) return { kind: 'refused', code };
  return { kind: 'fault', reason: `refused with ${code}, and ${decoded.join(', ')} decode it` };
}

function verdictOf(file: string, comparisons: readonly Comparison[]): Verdict {
  if (file in REFUSED) return { kind: 'fault', reason: 'is listed as refused and is not' };
  if (file in TWINS) return { kind: 'twin' };
  const wrong = comparisons.filter(({ right }) => !right);
  const unexplained = wrong.filter(({ judge }) => whyWrong(file, judge) === null);
  if (unexplained.length > 0) {
    const words = unexplained.map(({ judge, difference }) => `${judge} by ${difference}`);
    return { kind: 'fault', reason: `differs from ${words.join(', ')}` };
  }
  if (comparisons.length > wrong.length) return { kind: wrong.length === 0 ? 'agrees' : 'judgesPart' };
  if (file in UNJUDGED) return { kind: 'unjudged' };
  return { kind: 'fault', reason: 'no judge is right, and no twin is known' };
}
