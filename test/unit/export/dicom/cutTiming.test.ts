import { describe, expect, it } from 'vitest';
import { cutTiming } from '../../../../src/export/dicom/cutTiming.ts';
import { DataSetEditor } from '../../../../src/export/dicom/dataSetEditor.ts';
import { EXPLICIT_LITTLE } from '../../../../src/export/dicom/element.ts';
import { TAG } from '../../../../src/export/dicom/tags.ts';

function loop(values: {
  frameTime?: string;
  vector?: string;
  delay?: string;
  pointer?: number;
}): DataSetEditor {
  const dataSet = new DataSetEditor([], EXPLICIT_LITTLE);
  const texts = [
    [TAG.frameTime, values.frameTime],
    [TAG.frameTimeVector, values.vector],
    [TAG.frameDelay, values.delay],
  ] as const;
  for (const [tag, text] of texts) if (text !== undefined) dataSet.set({ tag, vr: 'DS', text });
  if (values.pointer !== undefined) {
    dataSet.set({ tag: TAG.frameIncrementPointer, vr: 'AT', numbers: [values.pointer] });
  }
  return dataSet;
}

const state = (dataSet: DataSetEditor) => ({
  frameTime: dataSet.text(TAG.frameTime),
  vector: dataSet.text(TAG.frameTimeVector),
  delay: dataSet.text(TAG.frameDelay),
  pointer: dataSet.pointers(TAG.frameIncrementPointer),
});

describe('cutTiming', () => {
  it('writes a vector after an irregular cut and moves the delay', () => {
    const dataSet = loop({ frameTime: '33.33 ', delay: '10', pointer: TAG.frameTime });
    cutTiming(dataSet, { kept: [1, 2, 5], count: 8 });
    expect(state(dataSet)).toEqual({
      frameTime: null,
      vector: '0\\33.33\\99.99',
      delay: '43.33',
      pointer: [TAG.frameTimeVector],
    });
  });

  it.each([
    ['neighbours', [2, 3, 4], '40'],
    ['every third frame', [0, 3, 6], '120'],
    ['one frame', [5], '40'],
  ])('keeps Frame Time for %s', (_, kept, frameTime) => {
    const dataSet = loop({ frameTime: '40', pointer: TAG.frameTime });
    cutTiming(dataSet, { kept, count: 8 });
    expect(state(dataSet)).toEqual({ frameTime, vector: null, delay: null, pointer: [TAG.frameTime] });
  });

  it('sums the increments of a vector that lie between kept frames', () => {
    const dataSet = loop({ frameTime: '40', vector: '0\\10\\20\\30\\40', pointer: TAG.frameTimeVector });
    cutTiming(dataSet, { kept: [1, 3, 4], count: 5 });
    expect(state(dataSet)).toEqual({
      frameTime: null,
      vector: '0\\50\\40',
      delay: null,
      pointer: [TAG.frameTimeVector],
    });
  });

  it('refuses a vector that does not fit', () => {
    const dataSet = loop({ vector: '0\\10', pointer: TAG.frameTimeVector });
    expect(() => {
      cutTiming(dataSet, { kept: [0], count: 5 });
    }).toThrow(expect.objectContaining({ code: 'HEADER_INCONSISTENT' }));
  });

  it('leaves objects without this time axis alone', () => {
    const dataSet = loop({});
    cutTiming(dataSet, { kept: [0, 4], count: 5 });
    expect(dataSet.changed).toBe(false);
  });
});
