import { describe, expect, test } from 'vitest';
import { filmWindow } from '../../../src/renderer/filmstrip/filmWindow.ts';
import { axisNumbers, frameAt, leftOf } from '../../../src/renderer/ribbon/ribbonGeometry.ts';
import { describeFrame, ribbonModel } from '../../../src/renderer/ribbon/ribbonModel.ts';
import { including, isWhole, wholeRange, zoomRange } from '../../../src/renderer/ribbon/ribbonRange.ts';
import { triageView } from './seriesView.ts';

describe('places on the ribbon', () => {
  test('every bar is found at its own middle, for any length', () => {
    for (const frames of [1, 7, 60, 2000]) {
      const range = wholeRange(frames);
      for (let frame = 0; frame < frames; frame++) {
        expect(frameAt(leftOf(frame + 0.5, range, 880), range, 880, frames)).toBe(frame);
      }
    }
  });

  test('beyond the ends lies the first and the last frame', () => {
    expect(frameAt(-5, wholeRange(10), 100, 10)).toBe(0);
    expect(frameAt(105, wholeRange(10), 100, 10)).toBe(9);
  });

  test('the axis names the first, round numbers and the last', () => {
    expect(axisNumbers(wholeRange(60), 8)).toEqual([1, 10, 20, 30, 40, 50, 60]);
    expect(axisNumbers(wholeRange(15), 8)).toEqual([1, 4, 6, 8, 10, 12, 15]);
    expect(axisNumbers(wholeRange(1), 8)).toEqual([1]);
    expect(axisNumbers(wholeRange(2000), 8).length).toBeLessThanOrEqual(12);
  });
});

describe('zooming', () => {
  test('the image under the pointer stays there', () => {
    const range = zoomRange(wholeRange(1000), 1000, 250, 0.5);
    expect(range.end - range.first).toBe(500);
    expect((250 - range.first) / 500).toBeCloseTo(0.25);
  });

  test('it stays inside the series and ends at the whole', () => {
    const near = zoomRange(wholeRange(100), 100, 99, 0.5);
    expect(near.end).toBeLessThanOrEqual(100);
    expect(isWhole(zoomRange(near, 100, 80, 10), 100)).toBe(true);
  });

  test('it does not zoom closer than twelve images', () => {
    let range = wholeRange(500);
    for (let i = 0; i < 50; i++) range = zoomRange(range, 500, 100, 0.5);
    expect(range.end - range.first).toBeCloseTo(12);
  });

  test('the current image is always in sight', () => {
    const range = { first: 100, end: 200 };
    expect(including(range, 500, 150)).toEqual(range);
    expect(including(range, 500, 20)).toEqual({ first: 20, end: 120 });
    expect(including(range, 500, 499)).toEqual({ first: 400, end: 500 });
  });
});

describe('one image in words', () => {
  const view = triageView({ added: [1], selected: [0, 1, 3], removed: [6] });
  const model = ribbonModel(20, 0, view, (frame) => (frame === 9 ? 'failed' : 'decoded'));

  test.each([
    [3, 'image 4 of 20, key image 3 of 3, score 0.15'],
    [1, 'image 2 of 20, key image 2 of 3, score 0.05, added by hand'],
    [6, 'image 7 of 20, score 0.30, removed by hand'],
    [9, 'image 10 of 20, could not be decoded'],
  ])('frame %i', (frame, words) => {
    expect(describeFrame(model, frame)).toBe(words);
  });

  test('without a triage it says what is missing', () => {
    const empty = ribbonModel(5, 0, null, (frame) => (frame === 0 ? 'decoded' : 'waiting'));
    expect(describeFrame(empty, 0)).toBe('image 1 of 5, no score yet');
    expect(describeFrame(empty, 1)).toBe('image 2 of 5, not decoded yet');
    expect(empty.provisional).toBe(true);
  });
});

describe('film strip', () => {
  const selected = Array.from({ length: 20 }, (_, i) => i * 3);

  test('shows all that fit', () => {
    expect(filmWindow([1, 2, 3], 2, 8)).toEqual([1, 2, 3]);
    expect(filmWindow([1, 2, 3], 2, 0)).toEqual([]);
  });

  test('the nearest key image stands in the middle, at the ends the strip stays full', () => {
    expect(filmWindow(selected, 30, 5)).toEqual([24, 27, 30, 33, 36]);
    expect(filmWindow(selected, 0, 5)).toEqual([0, 3, 6, 9, 12]);
    expect(filmWindow(selected, 59, 5)).toEqual([45, 48, 51, 54, 57]);
  });
});
