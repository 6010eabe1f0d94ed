import type { SeriesView, TriageView } from '../../../src/contract/ipc.ts';

/** An axial CT of 20 slices, 2.5 mm apart, with what a test changes. */
export function seriesView(changes: Partial<SeriesView> = {}): SeriesView {
  const frames = changes.frames ?? 20;
  const phases = changes.phases ?? 1;
  return {
    id: '1.2.3',
    index: 0,
    format: 'dicom',
    exportFormat: 'dicom',
    kind: 'volume',
    modality: 'CT',
    description: 'Chest',
    patient: 'Doe, Jane · 1',
    study: '',
    rows: 4,
    columns: 4,
    color: false,
    frames,
    phases,
    pixelSpacing: [0.7, 0.7],
    spacingNote: null,
    sliceSpacing: 2.5,
    frameOfReferenceUid: '1.2.4',
    positions: Array.from(
      { length: frames * phases },
      (_, frame) => [-100, -100, (frame % frames) * 2.5] as const,
    ),
    orientations: Array.from({ length: frames * phases }, () => [1, 0, 0, 0, 1, 0] as const),
    windows: [{ center: 40, width: 400, function: 'LINEAR', name: null }],
    unit: 'HU',
    suvFactor: null,
    cine: null,
    frameTimesMs: [],
    sortedBy: 'position',
    lossy: false,
    volumeRefusal: null,
    warnings: [],
    ...changes,
  };
}

/** A finished triage of `frames` frames; every third is key. */
export function triageView(changes: Partial<TriageView> = {}, frames = 20): TriageView {
  const selected = Array.from({ length: frames }, (_, frame) => frame).filter((frame) => frame % 3 === 0);
  return {
    seriesId: '1.2.3',
    phase: 0,
    state: 'final',
    k: selected.length,
    ratio: selected.length / frames,
    sampler: { name: 'das', title: 'DAS', package: 'general', version: '1.0.0' },
    scores: Array.from({ length: frames }, (_, frame) => frame / frames),
    selected,
    added: [],
    removed: [],
    quality: null,
    classification: null,
    fullSequence: null,
    reasons: null,
    engine: null,
    ms: null,
    review: {
      verdict: null,
      decidedAt: null,
      package: null,
      version: null,
      added: [],
      removed: [],
      viewed: [],
    },
    warnings: [],
    ...changes,
  };
}
