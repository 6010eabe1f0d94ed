import { describe, expect, test } from 'vitest';
import { Cine } from '../../../src/renderer/viewports/cine.svelte.ts';
import { cineTimes, frameDue, nominalFps } from '../../../src/renderer/viewports/cineClock.ts';
import { seriesView } from './seriesView.ts';

const loop = (changes: Parameters<typeof seriesView>[0] = {}) =>
  seriesView({
    kind: 'cine',
    frames: 10,
    cine: { frameTimeMs: 40, displayFps: null, playback: 'loop' },
    ...changes,
  });

describe('times of a loop', () => {
  test('the recommended display rate comes first', () => {
    const cine = { frameTimeMs: 40, displayFps: 15, playback: 'loop' } as const;
    expect(nominalFps(cineTimes(loop({ cine })))).toBeCloseTo(15);
  });

  test('per-frame times are followed where there is no rate', () => {
    const frameTimesMs = [0, 10, 30, 60, 100, 150, 210, 280, 360, 450];
    const times = cineTimes(loop({ frameTimesMs }));
    expect(times.starts).toEqual(frameTimesMs);
    expect(times.duration).toBe(500);
  });

  test('times that do not rise are not believed', () => {
    const frameTimesMs = [0, 10, 10, 60, 100, 150, 210, 280, 360, 450];
    expect(cineTimes(loop({ frameTimesMs })).duration).toBe(400);
  });

  test('a file that says nothing plays at 10 frames per second', () => {
    expect(nominalFps(cineTimes(loop({ cine: null })))).toBeCloseTo(10);
  });
});

describe('the frame that is due', () => {
  const times = cineTimes(loop());

  test('follows the clock and starts again', () => {
    expect([0, 39, 40, 399, 400, 440].map((ms) => frameDue(times, ms, 'loop'))).toEqual([0, 0, 1, 9, 0, 1]);
  });

  test('is the right one after a stall: frames are dropped, not queued', () => {
    expect(frameDue(times, 40 * 7 + 4000, 'loop')).toBe(7);
  });

  test('a sweep runs there and back', () => {
    expect([390, 400, 450, 790].map((ms) => frameDue(times, ms, 'sweep'))).toEqual([9, 9, 8, 0]);
  });

  test('one frame stays', () => {
    expect(frameDue(cineTimes(loop({ frames: 1 })), 1234, 'loop')).toBe(0);
  });
});

describe('playing', () => {
  test('starts from the frame on show', () => {
    const cine = new Cine();
    cine.reset(loop());
    cine.toggle(4, 1000);
    expect(cine.playing).toBe(true);
    expect(cine.frameAt(1000)).toBe(4);
    expect(cine.frameAt(1080)).toBe(6);
  });

  test('a change of speed keeps the place', () => {
    const cine = new Cine();
    cine.reset(loop());
    cine.toggle(0, 0);
    cine.faster(5, 200);
    expect(cine.speed).toBe(1.5);
    expect(cine.frameAt(200)).toBe(5);
    expect(cine.wantedFps).toBeCloseTo(37.5);
  });

  test('the true rate is that of the frames that reached the screen', () => {
    const cine = new Cine();
    cine.reset(loop());
    cine.toggle(0, 0);
    expect(cine.shownFps).toBeNull();
    for (const now of [0, 100, 200, 300]) cine.drew(now);
    expect(cine.shownFps).toBeCloseTo(10);
  });

  test('one image does not play', () => {
    const cine = new Cine();
    cine.reset(loop({ frames: 1 }));
    cine.toggle(0, 0);
    expect(cine.playing).toBe(false);
  });
});
