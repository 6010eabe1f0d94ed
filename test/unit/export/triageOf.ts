import type { TriageDocument } from '../../../src/contract/documents.ts';
import type { Series } from '../../../src/contract/series.ts';

/** The triage document of a selection made by hand. */
export const triageOf = (series: Series, selected: readonly number[]): TriageDocument => ({
  series: { index: series.index, id: series.id, frames: series.framesPerPhase },
  k: selected.length,
  ratio: selected.length / series.framesPerPhase,
  sampler: { name: 'uniform', package: null, version: null, base: null, features: null },
  scores: series.frames.map(() => 0),
  selected,
  temperature: null,
  features: { names: [] },
  classification: null,
  engine: { sampler: null, classifier: null },
  ms: { open: 0, decode: 0, features: 0, sample: 0, classify: 0, total: 0 },
  warnings: [],
  failures: [],
});
