import { describe, expect, test } from 'vitest';
import { KeysliceError } from '../../../src/contract/errors.ts';
import type { Answer, Request, TriageView } from '../../../src/contract/ipc.ts';
import {
  countOfRatio,
  keyIndex,
  nextKeyFrame,
  previousKeyFrame,
} from '../../../src/renderer/triage/keyFrames.ts';
import { reasonBars } from '../../../src/renderer/triage/reasonBars.ts';
import { Triage } from '../../../src/renderer/triage/triage.svelte.ts';
import { triageView } from './seriesView.ts';

const ok = <T>(value: T): Promise<Answer<T>> => Promise.resolve({ ok: true, value });
const refused = (error: KeysliceError): Promise<Answer<never>> =>
  Promise.resolve({ ok: false, error: error.report() });

function setUp(answer: (request: Request<'setSelection'>) => Promise<Answer<TriageView | null>>) {
  const sizes: Request<'setSelection'>[] = [];
  const viewed: number[][] = [];
  const triage = new Triage({
    setSelection: (request) => {
      sizes.push(request);
      return answer(request);
    },
    toggleKeyFrame: ({ frame }) => ok(triageView({ added: [frame] })),
    compareFull: () => refused(new KeysliceError('TRIAGE_NOT_READY')),
    setVerdict: ({ verdict }) => ok(triageView({ review: { ...triageView().review, verdict } })),
    markViewed: ({ frames }) => {
      viewed.push(frames);
      return ok(null);
    },
  });
  triage.reset({ seriesId: '1.2.3', phase: 0 });
  return { triage, sizes, viewed };
}

describe('key frames', () => {
  test('next and previous stop at the ends', () => {
    expect(nextKeyFrame([2, 5, 9], 2)).toBe(5);
    expect(nextKeyFrame([2, 5, 9], 9)).toBeNull();
    expect(previousKeyFrame([2, 5, 9], 9)).toBe(5);
    expect(previousKeyFrame([2, 5, 9], 1)).toBeNull();
    expect(keyIndex([2, 5, 9], 5)).toBe(1);
    expect(keyIndex([2, 5, 9], 6)).toBeNull();
  });

  test('a share gives at least one and at most all', () => {
    expect(countOfRatio(0.05, 10)).toBe(1);
    expect(countOfRatio(0.05, 2000)).toBe(100);
    expect(countOfRatio(1, 7)).toBe(7);
  });
});

describe('why a frame scores', () => {
  const reasons = {
    names: ['mean', 'change_prev', 'change_next', 'other'],
    values: [[0.1, -0.2, 0.3, 0.25], null],
  };

  test('features that say the same are one bar, longest first', () => {
    const bars = reasonBars(reasons, 0);
    expect(bars?.map((bar) => bar.name)).toEqual(['change to neighbours', 'other', 'brightness']);
    expect(bars?.map((bar) => bar.length)).toEqual([1, expect.closeTo(0.5), expect.closeTo(0.2)]);
  });

  test('no reasons is not the same as no weight', () => {
    expect(reasonBars(reasons, 1)).toBeNull();
    expect(reasonBars(null, 0)).toBeNull();
  });
});

describe('the triage of the shown series', () => {
  test('a result of another series is left out', () => {
    const { triage } = setUp(() => ok(null));
    triage.apply(triageView({ seriesId: 'other' }));
    expect(triage.view).toBeNull();
    triage.apply(triageView());
    expect(triage.selected).toEqual([0, 3, 6, 9, 12, 15, 18]);
  });

  test('while one request runs only the newest size waits', async () => {
    const gates: ((view: TriageView) => void)[] = [];
    const { triage, sizes } = setUp(
      () =>
        new Promise((resolve) => {
          gates.push((value) => {
            resolve({ ok: true, value });
          });
        }),
    );
    const done = triage.resize({ k: 3 });
    void triage.resize({ k: 4 });
    void triage.resize({ k: 5 });
    gates[0]?.(triageView({ k: 3 }));
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve));
    gates[1]?.(triageView({ k: 5 }));
    await done;
    expect(sizes.map((request) => request.size)).toEqual([{ k: 3 }, { k: 5 }]);
    expect(triage.view?.k).toBe(5);
  });

  test('hand-made choices are dropped only when asked', async () => {
    const { triage, sizes } = setUp(() => ok(triageView()));
    triage.apply(triageView({ added: [1] }));
    expect(triage.handmadeCount).toBe(1);
    await triage.resize({ k: 4 });
    await triage.dropHandmade();
    expect(sizes.map((request) => request.dropHandmade)).toEqual([false, true]);
  });

  test('a refusal is shown, a cancellation is not, and the next success clears it', async () => {
    const error = new KeysliceError('SAMPLER_NOT_APPLICABLE', { sampler: 'das', reason: 'none' });
    let answer: Promise<Answer<TriageView | null>> = refused(error);
    const { triage } = setUp(() => answer);
    await triage.resize({ k: 2 });
    expect(triage.error?.code).toBe('SAMPLER_NOT_APPLICABLE');
    answer = refused(new KeysliceError('CANCELLED'));
    await triage.resize({ k: 3 });
    expect(triage.error?.code).toBe('SAMPLER_NOT_APPLICABLE');
    triage.apply(triageView());
    await triage.toggle(4);
    expect(triage.error).toBeNull();
  });

  test('a verdict pressed twice is taken back', async () => {
    const { triage } = setUp(() => ok(null));
    triage.apply(triageView());
    await triage.decide('accepted');
    expect(triage.view?.review.verdict).toBe('accepted');
    await triage.decide('accepted');
    expect(triage.view?.review.verdict).toBeNull();
  });

  test('a comparison that fails ends', async () => {
    const { triage } = setUp(() => ok(null));
    await triage.compareFull();
    expect(triage.comparing).toBe(false);
    expect(triage.error?.code).toBe('TRIAGE_NOT_READY');
  });

  test('viewed frames are told once, together', async () => {
    const { triage, viewed } = setUp(() => ok(null));
    triage.apply(triageView());
    for (const frame of [0, 1, 3, 0]) triage.saw(frame);
    expect(triage.viewedKeyCount).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(viewed).toEqual([[0, 1, 3]]);
  });
});
