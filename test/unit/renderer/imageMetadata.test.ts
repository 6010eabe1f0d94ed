import { describe, expect, test } from 'vitest';
import { imageMetadata } from '../../../src/renderer/cornerstone/imageMetadata.ts';
import { ImageRegistry } from '../../../src/renderer/cornerstone/imageRegistry.ts';
import { seriesView } from './seriesView.ts';

const image = (changes: Parameters<typeof seriesView>[0] = {}) => ({
  series: seriesView(changes),
  frame: 2,
  delivered: 'int16' as const,
  inverted: false,
});

describe('metadata for the viewports', () => {
  test('all three spacings are given, row before column', () => {
    expect(imageMetadata('imagePlaneModule', image({ pixelSpacing: [1.4, 0.7] }), 'x')).toMatchObject({
      pixelSpacing: [1.4, 0.7],
      rowPixelSpacing: 1.4,
      columnPixelSpacing: 0.7,
      imagePositionPatient: [-100, -100, 5],
      rowCosines: [1, 0, 0],
      columnCosines: [0, 1, 0],
    });
  });

  test('what the file does not say is left out, so that nothing is measured in mm', () => {
    const unknown = image({ pixelSpacing: null, positions: [], orientations: [] });
    const plane = imageMetadata('imagePlaneModule', unknown, 'x');
    expect(plane).not.toHaveProperty('rowPixelSpacing');
    expect(plane).not.toHaveProperty('imagePositionPatient');
    expect(plane).not.toHaveProperty('imageOrientationPatient');
  });

  test('series without a frame of reference are not registered with each other', () => {
    const uid = (id: string): unknown =>
      Reflect.get(
        Object(imageMetadata('imagePlaneModule', image({ id, frameOfReferenceUid: null }), 'x')),
        'frameOfReferenceUID',
      );
    expect(uid('a')).not.toBe(uid('b'));
  });

  test('pixels are described as delivered: scaled once, so the rescale is the identity', () => {
    expect(imageMetadata('imagePixelModule', image(), 'x')).toMatchObject({
      bitsAllocated: 16,
      pixelRepresentation: 1,
      photometricInterpretation: 'MONOCHROME2',
    });
    expect(imageMetadata('modalityLutModule', image(), 'x')).toMatchObject({
      rescaleSlope: 1,
      rescaleIntercept: 0,
    });
    expect(imageMetadata('somethingElse', image(), 'x')).toBeUndefined();
  });
});

describe('names of images', () => {
  test('each registration has its own, over all phases, until it is forgotten', () => {
    const registry = new ImageRegistry();
    const first = registry.register(seriesView({ frames: 3, phases: 2 }));
    const second = registry.register(seriesView({ frames: 3 }));
    expect(new Set([...first.imageIds, ...second.imageIds]).size).toBe(9);
    expect(registry.get(first.imageIds[4] ?? '')?.frame).toBe(4);
    registry.force(first.key, 'float32');
    expect(registry.forcedType(first.imageIds[0] ?? '')).toBe('float32');
    expect(registry.forcedType(second.imageIds[0] ?? '')).toBeNull();
    registry.forget(first.imageIds);
    expect(registry.get(first.imageIds[4] ?? '')).toBeUndefined();
  });
});
