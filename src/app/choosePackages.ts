import type { Card } from '../contract/card.ts';
import { KeysliceError } from '../contract/errors.ts';
import type { FrameFeatures } from '../contract/sampling.ts';
import type { Series } from '../contract/series.ts';
import { checkScope, type SeriesFacts } from '../ml/packages/checkScope.ts';
import type { PackageEntry } from '../ml/packages/listPackages.ts';
import type { PixelFacts } from '../ml/packages/pixelFacts.ts';
import { samplerContext } from '../ml/samplers/context.ts';

/** The package that ranks every series for which no task package was made (docs/das.md section 8). */
const GENERAL = 'general';

export interface UsablePackage {
  readonly folder: string;
  readonly card: Card;
}

export interface ChosenPackages {
  /** Whose sampler picks the frames. */
  ranking: UsablePackage;
  /** The classifier in scope; null when there is none. */
  task: UsablePackage | null;
  /** Task packages that were looked at and do not fit, with the reason. */
  refused: readonly { card: Card; reason: string }[];
}

/** What a scope check is made on. */
export interface ScopeInput {
  facts: SeriesFacts;
  pixels: PixelFacts;
  features: FrameFeatures;
}

/**
 * The packages for a series. `auto`: the first task package in scope that can know its object, `general` for the ranking
 * otherwise. By name: that package; out of its scope the ranking is still given, by `general`.
 * @throws KeysliceError PACKAGE_NOT_FOUND, PACKAGE_INVALID, PACKAGE_HASH_MISMATCH
 */
export function choosePackages(
  entries: readonly PackageEntry[],
  model: string,
  input: ScopeInput,
): ChosenPackages {
  if (model === GENERAL) return { ranking: generalPackage(entries), task: null, refused: [] };
  const candidates = model === 'auto' ? taskPackages(entries) : [usable(entries, model)];
  const refused: { card: Card; reason: string }[] = [];
  for (const candidate of candidates) {
    const { card } = candidate;
    const reason = refusal(card, input) ?? (model === 'auto' ? ambiguity(card) : null);
    if (reason === null)
      return { ranking: candidate, task: card.classifier === null ? null : candidate, refused };
    refused.push({ card, reason });
  }
  return { ranking: generalPackage(entries), task: null, refused };
}

/** @throws KeysliceError PACKAGE_NOT_FOUND, PACKAGE_INVALID */
export function generalPackage(entries: readonly PackageEntry[]): UsablePackage {
  return usable(entries, GENERAL);
}

function refusal(card: Card, { facts, pixels, features }: ScopeInput): string | null {
  const { pooled } = samplerContext(features, card.sampler);
  const answer = checkScope(card, facts, pixels, pooled);
  return answer.inScope ? null : answer.reason;
}

/** A mask has no texture; where no size in mm is asked for either, nothing in the data says what it is a mask of. */
function ambiguity({ scope }: Card): string | null {
  const anything = scope.pixels.kind === 'mask' && scope.extentMm === null && scope.spacingMm === null;
  return anything ? 'it takes masks of any object: it has to be named' : null;
}

function taskPackages(entries: readonly PackageEntry[]): UsablePackage[] {
  return entries.flatMap(({ folder, card }) =>
    card === null || card.classifier === null ? [] : [{ folder, card }],
  );
}

function usable(entries: readonly PackageEntry[], id: string): UsablePackage {
  const entry = entries.find((candidate) => candidate.id === id);
  if (entry === undefined) throw new KeysliceError('PACKAGE_NOT_FOUND', { id });
  if (entry.card === null) throw entry.error;
  return { folder: entry.folder, card: entry.card };
}

/** What the scope of a package asks of a series. */
export function seriesFacts(series: Series, readableFrames: number): SeriesFacts {
  const first = series.frames[0];
  if (first === undefined) throw new KeysliceError('INTERNAL', { reason: 'a series without frames' });
  const [row, column] = series.pixelSpacing ?? [null, null];
  return {
    modality: series.format === 'dicom' ? series.modality : null,
    kind: series.kind,
    frames: readableFrames,
    rows: first.pixel.rows,
    columns: first.pixel.columns,
    samples: first.pixel.samplesPerPixel === 1 && first.pixel.palette === null ? 1 : 3,
    spacingMm: [series.geometry.sliceSpacing, row, column],
  };
}
