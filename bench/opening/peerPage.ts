/**
 * The peer: Cornerstone's DICOM image loader (its wadouri file loader and its own web worker), opening files as a page
 * does that was given them. With `?draw` the first image goes to a Cornerstone stack viewport that waits for it; with
 * `?one` a single file is loaded.
 */
import { Enums, imageLoader, init, RenderingEngine, type Types } from '@cornerstonejs/core';
import { init as initLoader, wadouri } from '@cornerstonejs/dicom-image-loader';
import type { OpeningTimes } from './times.ts';

declare global {
  interface Window {
    peerTimes: Promise<OpeningTimes>;
    /** Ms, with `?draw` until the first image is drawn, with `?one` until one file is decoded. */
    peerTime: Promise<number>;
  }
}

const VIEWPORT = 'stack';

function startViewport(element: HTMLDivElement): Types.IStackViewport {
  const engine = new RenderingEngine('peer');
  engine.enableElement({ viewportId: VIEWPORT, type: Enums.ViewportType.STACK, element });
  return engine.getViewport<Types.IStackViewport>(VIEWPORT);
}

const load = (imageId: string): Promise<Types.IImage> => imageLoader.loadAndCacheImage(imageId);

/** In the order of the slices, as Keyslice opens them; what has been parsed for it is not read again. */
async function imageIdsOf(files: readonly File[]): Promise<string[]> {
  const placed = files.map(async (file) => {
    const imageId = wadouri.fileManager.add(file);
    const { url } = wadouri.parseImageId(imageId);
    const dataSet = await wadouri.dataSetCacheManager.load(url, wadouri.loadFileRequest, imageId);
    return { imageId, z: dataSet.floatString('x00200032', 2) ?? NaN };
  });
  return (await Promise.all(placed)).sort((a, b) => a.z - b.z).map(({ imageId }) => imageId);
}

/** The first image first, then all others. */
async function loadAll(files: readonly File[]): Promise<OpeningTimes> {
  const start = performance.now();
  const imageIds = await imageIdsOf(files);
  await load(imageIds[0] ?? '');
  const first = performance.now() - start;
  await Promise.all(imageIds.map(load));
  const all = performance.now() - start;
  // It decodes into the page.
  return { first, decoded: all, inPage: all };
}

/** One file of a list, which need not be the first slice. */
async function loadOne(files: readonly File[]): Promise<number> {
  const start = performance.now();
  for (const file of files.slice(0, 1)) await load(wadouri.fileManager.add(file));
  return performance.now() - start;
}

async function drawFirst(viewport: Types.IStackViewport, files: readonly File[]): Promise<number> {
  const start = performance.now();
  const imageIds = await imageIdsOf(files);
  const drawn = event(viewport.element, Enums.Events.STACK_NEW_IMAGE).then(() =>
    event(viewport.element, Enums.Events.IMAGE_RENDERED),
  );
  await viewport.setStack(imageIds, 0);
  viewport.render();
  await drawn;
  return performance.now() - start;
}

const event = (element: HTMLDivElement, name: string): Promise<void> =>
  new Promise((resolve) => {
    const heard = (): void => {
      resolve();
    };
    element.addEventListener(name, heard, { once: true });
  });

function startPeer(element: HTMLDivElement, input: HTMLInputElement): void {
  init({ rendering: { webGlContextCount: 1 }, debug: {} });
  initLoader();
  const chosen = new Promise<File[]>((resolve) => {
    input.addEventListener('change', () => {
      resolve([...(input.files ?? [])]);
    });
  });
  if (location.search === '?draw') {
    const viewport = startViewport(element);
    window.peerTime = chosen.then((files) => drawFirst(viewport, files));
  } else if (location.search === '?one') window.peerTime = chosen.then(loadOne);
  else window.peerTimes = chosen.then(loadAll);
}

const element = document.querySelector<HTMLDivElement>('#picture');
const input = document.querySelector<HTMLInputElement>('#files');
if (element === null || input === null) throw new Error('peer.html has lost its elements');
startPeer(element, input);
