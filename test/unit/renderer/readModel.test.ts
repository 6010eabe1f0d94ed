import { describe, expect, test } from 'vitest';
import { KeysliceError } from '../../../src/contract/errors.ts';
import { Jobs } from '../../../src/renderer/status/jobs.svelte.ts';
import { isMemoryHigh } from '../../../src/renderer/status/memory.ts';
import { FrameProgress } from '../../../src/renderer/studies/frameProgress.svelte.ts';
import { seriesText } from '../../../src/renderer/studies/seriesText.ts';
import { Thumbnails } from '../../../src/renderer/studies/thumbnails.ts';
import { placeLine, seriesLine, windowLine } from '../../../src/renderer/viewports/overlayText.ts';
import { presetsFor } from '../../../src/renderer/viewports/presets.ts';
import { Viewing } from '../../../src/renderer/viewports/viewing.svelte.ts';
import { WheelSteps } from '../../../src/renderer/viewports/wheelSteps.ts';
import { formatBytes, formatFixed, formatNumber, formatPercent } from '../../../src/renderer/i18n/format.ts';
import { seriesView } from './seriesView.ts';

describe('jobs', () => {
  const event = {
    type: 'job',
    job: '1',
    kind: 'scan',
    seriesId: null,
    done: 1,
    total: 4,
    cancelled: false,
  } as const;

  test('a cancelled job stays until its work has ended', () => {
    const asked: string[] = [];
    const jobs = new Jobs((job) => asked.push(job));
    jobs.apply({ ...event, ended: false });
    jobs.cancel('1');
    jobs.apply({ ...event, done: 2, ended: false });
    expect(asked).toEqual(['1']);
    expect(jobs.of('scan')).toMatchObject({ cancelling: true, done: 2 });
    jobs.apply({ ...event, cancelled: true, ended: true });
    expect(jobs.of('scan')).toBeNull();
  });
});

describe('decoding', () => {
  test('what was told of a series is still known when it is shown again', () => {
    const progress = new FrameProgress();
    const error = new KeysliceError('FRAME_FAILED', { frame: 2, reason: 'cut' }).report();
    progress.show(seriesView({ id: 'a', frames: 4 }));
    progress.apply({ type: 'frames', seriesId: 'a', decoded: [0, 1], failed: [{ frame: 2, error }] });
    progress.apply({ type: 'frames', seriesId: 'b', decoded: [3], failed: [] });
    progress.show(seriesView({ id: 'b', frames: 4 }));
    expect(progress.status(3)).toBe('decoded');
    expect(progress.status(0)).toBe('waiting');
    progress.show(seriesView({ id: 'a', frames: 4 }));
    expect([0, 1, 2, 3].map((frame) => progress.status(frame))).toEqual([
      'decoded',
      'decoded',
      'failed',
      'waiting',
    ]);
    expect([progress.decodedCount, progress.failedCount, progress.total]).toEqual([2, 1, 4]);
    progress.clear();
    expect(progress.total).toBe(0);
  });

  test('counts are those of the shown phase', () => {
    const progress = new FrameProgress();
    progress.show(seriesView({ id: 'a', frames: 4, phases: 2 }), 1);
    progress.apply({ type: 'frames', seriesId: 'a', decoded: [0, 4, 5], failed: [] });
    expect([progress.decodedCount, progress.total]).toEqual([2, 4]);
  });
});

describe('viewing', () => {
  test('a volume opens in its middle with its own window, a loop at its beginning', () => {
    const viewing = new Viewing();
    viewing.open(seriesView());
    expect([viewing.frame, viewing.range]).toEqual([10, { lower: -160, upper: 239 }]);
    viewing.open(seriesView({ id: 'loop', kind: 'cine', windows: [] }));
    expect([viewing.frame, viewing.range]).toEqual([0, null]);
  });

  test('moves stay inside the series', () => {
    const viewing = new Viewing();
    viewing.open(seriesView());
    viewing.step(-100);
    expect(viewing.frame).toBe(0);
    viewing.step(100);
    expect(viewing.frame).toBe(19);
  });

  test('another phase keeps place, window and layout', () => {
    const viewing = new Viewing();
    const series = seriesView({ phases: 3 });
    viewing.open(series);
    viewing.goTo(4);
    viewing.usePreset(1);
    viewing.open(series, 2);
    expect([viewing.frame, viewing.phase, viewing.range?.lower]).toEqual([4, 2, -1350]);
  });

  test('reset brings back the window of the file and the grey scale', () => {
    const viewing = new Viewing();
    viewing.open(seriesView());
    viewing.usePreset(2);
    viewing.inverted = true;
    viewing.reset();
    expect([viewing.range, viewing.inverted, viewing.fitRequests]).toEqual([
      { lower: -160, upper: 239 },
      false,
      1,
    ]);
  });
});

describe('presets', () => {
  test("the file's own window is the first, CT presets only for Hounsfield units", () => {
    expect(presetsFor(seriesView()).map((preset) => preset.name)).toContain('Lung');
    expect(presetsFor(seriesView())[0]?.window).toMatchObject({ center: 40, width: 400 });
    expect(presetsFor(seriesView({ unit: null })).map((preset) => preset.name)).not.toContain('Lung');
    expect(presetsFor(seriesView({ modality: 'MR', unit: null, windows: [] }))[0]?.window).toBe('automatic');
    expect(presetsFor(seriesView({ color: true }))).toEqual([]);
    expect(presetsFor(seriesView()).length).toBeLessThanOrEqual(9);
  });
});

describe('words over the image', () => {
  test('sizes have a unit only where the file gives one', () => {
    expect(seriesLine(seriesView())).toBe('CT · 4 × 4 · 0.70 mm');
    expect(seriesLine(seriesView({ pixelSpacing: [1.4, 0.7] }))).toBe('CT · 4 × 4 · 0.70 × 1.40 mm');
    expect(seriesLine(seriesView({ pixelSpacing: null }))).toBe('CT · 4 × 4 · pixel size unknown');
  });

  test('position, or time in a loop', () => {
    expect(placeLine(seriesView(), 0, 3)).toBe('z 7.5 mm');
    expect(placeLine(seriesView({ positions: [] }), 0, 3)).toBe('position unknown');
    expect(placeLine(seriesView({ kind: 'cine', frameTimesMs: [0, 33.3] }), 0, 1)).toBe('t 33 ms');
    expect(placeLine(seriesView({ kind: 'cine' }), 0, 1)).toBeNull();
  });

  test('the window as DICOM counts it', () => {
    const lung = { center: -600, width: 1500, function: 'LINEAR', name: null } as const;
    expect(windowLine(seriesView(), { lower: -1350, upper: 149 }, lung)).toBe('W 1500 L −600');
    const lut = {
      function: 'TABLE',
      first: 0,
      values: new Uint16Array(101),
      white: 255,
      name: 'NORMAL',
    } as const;
    expect(windowLine(seriesView(), { lower: 0, upper: 100 }, lut)).toBe('W 100 L 50 LUT NORMAL');
    expect(windowLine(seriesView({ color: true }), { lower: 0, upper: 255 }, null)).toBeNull();
  });

  test('what a series holds', () => {
    expect(seriesText(seriesView())).toBe('20 images');
    expect(seriesText(seriesView({ phases: 5 }))).toBe('20 images · 5 phases');
    const cine = { frameTimeMs: 66.6667, displayFps: null, playback: 'loop' } as const;
    expect(seriesText(seriesView({ kind: 'cine', cine }))).toBe('20 frames · 15 fps');
  });
});

describe('wheel', () => {
  test('a notch is one image, small travels add up, a turn starts anew', () => {
    const wheel = new WheelSteps();
    expect([wheel.take(120), wheel.take(-400)]).toEqual([1, -1]);
    expect([20, 20, 20].map((travel) => wheel.take(travel))).toEqual([0, 0, 1]);
    expect([wheel.take(40), wheel.take(-30), wheel.take(-30)]).toEqual([1, 0, -1]);
  });
});

describe('thumbnails', () => {
  test('each is asked for once, a cancelled one again, a failed one has no picture', async () => {
    const asked: number[] = [];
    const thumbnails = new Thumbnails({
      thumbnail: ({ frame }) => {
        asked.push(frame);
        const code = frame === 1 ? 'CANCELLED' : 'FRAME_FAILED';
        return Promise.resolve({ ok: false, error: new KeysliceError(code, { frame, reason: '' }).report() });
      },
    });
    expect(await thumbnails.get('a', 1, 96)).toBeNull();
    await thumbnails.get('a', 1, 96);
    await thumbnails.get('a', 2, 96);
    await thumbnails.get('a', 2, 96);
    expect(asked).toEqual([1, 1, 2]);
  });
});

describe('numbers', () => {
  test('are grouped, with a true minus and their unit', () => {
    expect(formatNumber(-1234.6)).toBe('−1,235');
    expect(formatNumber(-0.2)).toBe('0');
    expect(formatFixed(-142.5, 1)).toBe('−142.5');
    expect(formatFixed(-0.01, 1)).toBe('0.0');
    expect(formatPercent(0.041, 1)).toBe('4.1 %');
    expect([formatBytes(12), formatBytes(20_480), formatBytes(5_242_880)]).toEqual([
      '12 bytes',
      '20 KB',
      '5 MB',
    ]);
  });

  test('memory is high before it is full', () => {
    expect(isMemoryHigh({ usedBytes: 89, limitBytes: 100 })).toBe(false);
    expect(isMemoryHigh({ usedBytes: 90, limitBytes: 100 })).toBe(true);
  });
});
