import { copyBits } from './copyBits.ts';
import type { DataSetEditor } from './dataSetEditor.ts';
import { type Element, elementValue } from './element.ts';
import type { FrameCut } from './frameCut.ts';

const FIRST_GROUP = 0x6000;
const LAST_GROUP = 0x601e;
/** Element numbers of an overlay plane (PS3.3 C.9.2, C.9.3). */
const OVERLAY = { rows: 0x0010, columns: 0x0011, frames: 0x0015, origin: 0x0051, data: 0x3000 } as const;

/** Cuts multi-frame overlays in step with the frames; one whose frames all go is removed. */
export function cutOverlays(dataSet: DataSetEditor, cut: FrameCut): void {
  for (let group = FIRST_GROUP; group <= LAST_GROUP; group += 2) cutOverlay(dataSet, cut, group * 0x10000);
}

function cutOverlay(dataSet: DataSetEditor, cut: FrameCut, base: number): void {
  const count = Number(dataSet.text(base + OVERLAY.frames) ?? 0);
  if (!(count > 0)) return;
  const first = (dataSet.shorts(base + OVERLAY.origin)[0] ?? 1) - 1;
  const kept = cut.kept.filter((frame) => frame >= first && frame < first + count);
  const start = kept[0];
  if (start === undefined) {
    dataSet.remove(...dataSet.tags.filter((tag) => tag >>> 16 === base >>> 16));
    return;
  }
  dataSet.set({ tag: base + OVERLAY.frames, vr: 'IS', text: String(kept.length) });
  dataSet.set({ tag: base + OVERLAY.origin, vr: 'US', numbers: [cut.kept.indexOf(start) + 1] });
  const data = dataSet.element(base + OVERLAY.data);
  const bits =
    (dataSet.shorts(base + OVERLAY.rows)[0] ?? 0) * (dataSet.shorts(base + OVERLAY.columns)[0] ?? 0);
  if (data === null) return;
  const raw = cutPlanes(
    data,
    bits,
    kept.map((frame) => frame - first),
    dataSet.encoding.littleEndian,
  );
  dataSet.set({ tag: base + OVERLAY.data, vr: data.vr ?? 'OW', raw });
}

function cutPlanes(
  data: Element,
  bits: number,
  planes: readonly number[],
  littleEndian: boolean,
): Uint8Array {
  // Words of big-endian data hold their bits in the other byte.
  const swap = !littleEndian && data.vr === 'OW';
  const value = Buffer.from(elementValue(data));
  if (swap) value.swap16();
  const cut = Buffer.alloc(Math.ceil((bits * planes.length) / 16) * 2);
  planes.forEach((plane, index) => {
    copyBits(cut, index * bits, value, plane * bits, bits);
  });
  return swap ? cut.swap16() : cut;
}
