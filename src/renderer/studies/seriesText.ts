import type { SeriesView } from '../../contract/ipc.ts';
import { text } from '../i18n/en.ts';
import { formatCount, formatNumber } from '../i18n/format.ts';
import { cineTimes, nominalFps } from '../viewports/cineClock.ts';

/** `60 images`, `96 frames · 15 fps`, `16 frames · 5 phases`. */
export function seriesText(series: SeriesView): string {
  const { units, studies } = text;
  const isCine = series.kind === 'cine';
  const one = isCine ? units.frame : units.image;
  const many = isCine ? units.frames : units.images;
  const parts = [formatCount(series.frames, one, many)];
  if (series.phases > 1) parts.push(studies.phases(formatNumber(series.phases)));
  if (isCine && series.frames > 1) parts.push(units.fps(formatNumber(nominalFps(cineTimes(series)), 1)));
  return parts.join(' · ');
}

export function seriesTitle(series: SeriesView): string {
  return series.description === '' ? text.studies.untitled : series.description;
}
