import { cache, Enums, type Types } from '@cornerstonejs/core';
import type { FrameMessage, SeriesView } from '../../contract/ipc.ts';
import type { Graphics } from './graphics.ts';
import { makeImage } from './makeImage.ts';
import { modalityValues } from './modalityValues.ts';

const VIEWPORT = 'warm-up';
const SIDE = 64;
/** A hidden window draws nothing. */
const PATIENCE_MS = 2000;

/**
 * Draws an image of each kind (16-bit grey as scanners write it, RGB) where nobody sees it: what the first image of a run
 * would wait for is done before a study is opened. The test of 16-bit textures opens a context of its own, and each kind
 * has shaders to be compiled.
 */
export async function warmUp(graphics: Graphics): Promise<void> {
  const element = document.createElement('div');
  Object.assign(element.style, { position: 'fixed', left: '-64px', width: '32px', height: '32px' });
  document.body.append(element);
  const { engine, registry } = graphics;
  engine.enableElement({ viewportId: VIEWPORT, type: Enums.ViewportType.STACK, element });
  const viewport = engine.getViewport<Types.IStackViewport>(VIEWPORT);
  try {
    for (const color of [false, true]) {
      const series = drawnSeries(color);
      const { imageIds } = registry.register(series);
      try {
        await putImage(imageIds[0] ?? '', series);
        await viewport.setStack(imageIds);
        viewport.setProperties({ voiRange: { lower: 0, upper: 255 }, invert: false });
        await drawn(element, viewport);
      } finally {
        graphics.release(imageIds);
      }
    }
  } finally {
    engine.disableElement(VIEWPORT);
    element.remove();
  }
}

function putImage(imageId: string, series: SeriesView): Promise<void> {
  const samples = series.color ? 3 : 1;
  const length = SIDE * SIDE * samples;
  const message: FrameMessage = {
    rows: SIDE,
    columns: SIDE,
    samples,
    dtype: series.color ? 'uint8' : 'int16',
    values: new ArrayBuffer(series.color ? length : 2 * length),
    min: 0,
    max: 255,
    slope: 1,
    intercept: 0,
    inverted: false,
    drawn: null,
    warnings: [],
  };
  const values = modalityValues(message, series.color ? 'uint8' : 'int16');
  return cache.putImageLoadObject(imageId, {
    promise: Promise.resolve(makeImage(imageId, series, message, values)),
  });
}

function drawn(element: HTMLElement, viewport: Types.IStackViewport): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    element.addEventListener(Enums.Events.IMAGE_RENDERED, done, { once: true });
    viewport.render();
  });
}

function drawnSeries(color: boolean): SeriesView {
  return {
    id: 'warm-up',
    index: 0,
    format: 'dicom',
    exportFormat: 'dicom',
    kind: 'images',
    modality: 'OT',
    description: '',
    patient: '',
    study: '',
    rows: SIDE,
    columns: SIDE,
    color,
    frames: 1,
    phases: 1,
    pixelSpacing: [1, 1],
    spacingNote: null,
    sliceSpacing: null,
    frameOfReferenceUid: null,
    positions: [[0, 0, 0]],
    orientations: [[1, 0, 0, 0, 1, 0]],
    windows: [],
    unit: null,
    suvFactor: null,
    cine: null,
    frameTimesMs: [],
    sortedBy: '',
    lossy: false,
    volumeRefusal: null,
    warnings: [],
  };
}
