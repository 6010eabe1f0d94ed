import type { TriageView } from '../../contract/ipc.ts';
import type { FrameStatus } from '../studies/frameProgress.svelte.ts';
import { formatFixed, formatNumber } from '../i18n/format.ts';
import { text } from '../i18n/en.ts';
import { keyIndex } from '../triage/keyFrames.ts';

/** What the ribbon draws, by frame of the shown phase. */
export interface RibbonModel {
  frames: number;
  current: number;
  scores: readonly (number | null)[];
  selected: readonly number[];
  added: ReadonlySet<number>;
  removed: ReadonlySet<number>;
  provisional: boolean;
  status: (frame: number) => FrameStatus;
}

export function ribbonModel(
  frames: number,
  current: number,
  view: TriageView | null,
  status: (frame: number) => FrameStatus,
): RibbonModel {
  return {
    frames,
    current,
    scores: view?.scores ?? [],
    selected: view?.selected ?? [],
    added: new Set(view?.added),
    removed: new Set(view?.removed),
    provisional: view?.state !== 'final',
    status,
  };
}

/** One image in words: the tooltip and the slider's value say the same. */
export function describeFrame(model: RibbonModel, frame: number): string {
  const words = text.ribbon;
  const parts = [words.image(formatNumber(frame + 1), formatNumber(model.frames))];
  const index = keyIndex(model.selected, frame);
  if (index !== null) {
    parts.push(words.keyImage(formatNumber(index + 1), formatNumber(model.selected.length)));
  }
  const score = model.scores[frame] ?? null;
  const status = model.status(frame);
  if (status === 'failed') parts.push(words.failed);
  else if (score !== null) parts.push(words.score(formatFixed(score, 2)));
  else parts.push(status === 'waiting' ? words.waiting : words.noScore);
  if (model.added.has(frame)) parts.push(words.added);
  if (model.removed.has(frame)) parts.push(words.removed);
  return words.join(parts);
}
