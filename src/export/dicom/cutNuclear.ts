import type { DataSetEditor } from './dataSetEditor.ts';
import { denseIndex, type FrameCut } from './frameCut.ts';

/** Index vectors of nuclear medicine with the counts and descriptions that go with them (PS3.3 C.8.4.8). */
const DIMENSIONS = [
  { vector: 0x00540010, count: 0x00540011, information: 0x00540012 },
  { vector: 0x00540020, count: 0x00540021, information: 0x00540022 },
  { vector: 0x00540030, count: 0x00540031, information: 0x00540032 },
  { vector: 0x00540050, count: 0x00540051, information: 0x00540052 },
  { vector: 0x00540060, count: 0x00540061, information: 0x00540062 },
  { vector: 0x00540070, count: 0x00540071, information: null },
  { vector: 0x00540080, count: 0x00540081, information: null },
  { vector: 0x00540090, count: null, information: null },
  { vector: 0x00540100, count: 0x00540101, information: null },
] as const;

/** Frames of one energy window and detector in each phase, in each rotation. */
const FRAMES_PER_VALUE = [
  { vector: 0x00540030, information: 0x00540032, frames: 0x00540033 },
  { vector: 0x00540050, information: 0x00540052, frames: 0x00540053 },
] as const;
const ENERGY_WINDOW_VECTOR = 0x00540010;
const DETECTOR_VECTOR = 0x00540020;

/** Cuts the index vectors of nuclear medicine, numbers them densely from 1 and corrects what counts them. */
export function cutNuclear(dataSet: DataSetEditor, cut: FrameCut): void {
  for (const { vector, count, information } of DIMENSIONS) {
    const values = dataSet.shorts(vector);
    if (values.length !== cut.count) continue;
    const kept = cut.kept.map((frame) => values[frame] ?? 0);
    const distinct = new Set(kept);
    dataSet.set({ tag: vector, vr: 'US', numbers: denseIndex(kept) });
    if (count !== null) dataSet.set({ tag: count, vr: 'US', numbers: [distinct.size] });
    if (information !== null) keepItems(dataSet, information, distinct);
  }
  for (const dimension of FRAMES_PER_VALUE) countFrames(dataSet, dimension);
}

/** Item n describes index n. */
function keepItems(dataSet: DataSetEditor, tag: number, indices: ReadonlySet<number>): void {
  const items = dataSet.items(tag);
  const kept = items.filter((_, index) => indices.has(index + 1));
  if (kept.length === items.length) return;
  dataSet.replaceItems(
    tag,
    kept.map(({ bytes }) => bytes),
  );
}

function countFrames(dataSet: DataSetEditor, dimension: (typeof FRAMES_PER_VALUE)[number]): void {
  const values = dataSet.shorts(dimension.vector);
  if (values.length === 0) return;
  const views = [ENERGY_WINDOW_VECTOR, DETECTOR_VECTOR].map((tag) => new Set(dataSet.shorts(tag)).size || 1);
  const perFrame = views.reduce((product, size) => product * size, 1);
  dataSet.editItems(dimension.information, (item, index) => {
    if (item.element(dimension.frames) === null) return;
    const frames = values.filter((value) => value === index + 1).length;
    item.set({ tag: dimension.frames, vr: 'US', numbers: [Math.ceil(frames / perFrame)] });
  });
}
