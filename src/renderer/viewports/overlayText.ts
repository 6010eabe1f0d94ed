import type { SeriesView } from '../../contract/ipc.ts';
import type { VoiTransform } from '../../contract/series.ts';
import { text } from '../i18n/en.ts';
import { formatFixed, formatNumber, formatPlain } from '../i18n/format.ts';
import { frameOverPhases } from '../studies/frameNumber.ts';
import { slicePosition } from './slicePosition.ts';
import { windowOf, type VoiRange } from './voi.ts';

const words = text.viewport;

/** `CT · 512 × 512 · 0.70 mm`. */
export function seriesLine(series: SeriesView): string {
  const size = words.size(series.modality, formatNumber(series.columns), formatNumber(series.rows));
  return `${size} · ${spacingText(series)}`;
}

function spacingText({ pixelSpacing }: SeriesView): string {
  if (pixelSpacing === null) return words.spacingUnknown;
  const [row, column] = pixelSpacing;
  const [shownRow, shownColumn] = [formatFixed(row, 2), formatFixed(column, 2)];
  return shownRow === shownColumn ? words.spacing(shownRow) : words.spacingPair(shownColumn, shownRow);
}

/** Place in the patient in mm, or time in the loop; null for loops without times. */
export function placeLine(series: SeriesView, phase: number, frame: number): string | null {
  const index = frameOverPhases(series, phase, frame);
  if (series.kind === 'cine') {
    const time = series.frameTimesMs[index];
    return time === undefined ? null : words.time(formatNumber(time));
  }
  const place = slicePosition(series.positions[index] ?? null, series.orientations[index] ?? null);
  return place === null ? words.positionUnknown : words.position(place.axis, formatFixed(place.mm, 1));
}

/** `W 1500 L −600`, with the name of a LUT; coloured images have no window. */
export function windowLine(
  series: SeriesView,
  range: VoiRange | null,
  voi: VoiTransform | null,
): string | null {
  if (range === null || series.color) return null;
  const { width, center } = windowOf(range, voi?.function ?? 'LINEAR_EXACT');
  const digits = width < 10 ? 3 : width < 100 ? 1 : 0;
  const [shownWidth, shownCenter] = [formatPlain(width, digits), formatPlain(center, digits)];
  return voi?.function === 'TABLE'
    ? words.lut(shownWidth, shownCenter, voi.name ?? '')
    : words.window(shownWidth, shownCenter);
}
