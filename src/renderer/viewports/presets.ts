import type { SeriesView } from '../../contract/ipc.ts';
import type { VoiTransform } from '../../contract/series.ts';
import { text } from '../i18n/en.ts';

export interface Preset {
  name: string;
  /** `automatic`: from the values of the image on show. */
  window: VoiTransform | 'automatic';
}

const ct = (name: string, width: number, center: number): Preset => ({
  name,
  window: { center, width, function: 'LINEAR', name },
});

/** Customary CT windows in HU; only offered for values in HU. */
const CT_PRESETS: readonly Preset[] = [
  ct(text.presets.lung, 1500, -600),
  ct(text.presets.mediastinum, 350, 40),
  ct(text.presets.abdomen, 400, 40),
  ct(text.presets.liver, 150, 90),
  ct(text.presets.bone, 2000, 400),
  ct(text.presets.brain, 80, 40),
  ct(text.presets.angio, 600, 200),
];

/** Windows on the keys 1 to 9: the file's own first, its VOI LUTs among them by their explanation. Coloured images have none. */
export function presetsFor(series: SeriesView): readonly Preset[] {
  if (series.color) return [];
  const own = series.windows.map((window, index) => ({
    name: window.name ?? (index === 0 ? text.presets.file : `${text.presets.file} ${String(index + 1)}`),
    window,
  }));
  const full: Preset = { name: text.presets.full, window: 'automatic' };
  const first = own.slice(0, 1);
  const rest = own.slice(1);
  const hounsfield = series.modality === 'CT' && series.unit === 'HU';
  const all = [...(first.length > 0 ? first : [full]), ...(hounsfield ? CT_PRESETS : []), ...rest];
  return (first.length > 0 ? [...all, full] : all).slice(0, 9);
}
