import type { ExportDocument, ReviewDocument, TriageDocument } from '../contract/documents.ts';
import type { Failure } from '../contract/errors.ts';
import type { Series, Study } from '../contract/series.ts';
import type { ExportFormat } from '../export/exportRequest.ts';
import { exportSelection } from '../export/exportSelection.ts';
import { warningDocuments } from './infoDocument.ts';
import type { Installation } from './installation.ts';
import { ownFormat } from './ownFormat.ts';
import { frameOfPhase, phaseStart } from './selectSeries.ts';
import { triageStudy, type TriageRequest } from './triage.ts';

export interface ExportPathRequest extends Omit<TriageRequest, 'matrix' | 'compareFull'> {
  out: string;
  /** Default: the format of the source; of a video `triage.json` alone. */
  formats: readonly ExportFormat[] | undefined;
  /** Frames of the phase chosen by hand; undefined: the sampler chooses. */
  frames: readonly number[] | undefined;
  overwrite: boolean;
  studyMode: 'same' | 'new';
}

/** The whole job without a window: opens, selects, exports. @throws KeysliceError as its parts do */
export async function exportPath(
  installation: Installation,
  request: ExportPathRequest,
): Promise<{ document: ExportDocument; failures: readonly Failure[] }> {
  const { document, study, series } = await triageStudy(installation, {
    ...request,
    matrix: false,
    compareFull: false,
  });
  const { frames } = request;
  frames?.forEach((frame) => frameOfPhase(series, request.phase, frame));
  const written = await writeExport({
    ...request,
    study,
    series,
    triage: frames === undefined ? document : chosenByHand(document, frames),
    formats: request.formats ?? [ownFormat(series)],
    algorithm: frames === undefined ? algorithmOf(document) : 'frames chosen by hand',
    review: null,
    version: installation.version,
    onProgress: (done, total) => {
      request.onProgress('exporting', done, total);
    },
  });
  return {
    document: { ...written, warnings: [...document.warnings, ...written.warnings] },
    failures: study.failures,
  };
}

/** The triage document of frames that a person chose: what the sampler thought of its own choice is left out. */
export function chosenByHand(document: TriageDocument, frames: readonly number[]): TriageDocument {
  const kept = { ...document };
  delete kept.proposal;
  delete kept.quality;
  return { ...kept, k: frames.length, ratio: frames.length / document.series.frames, selected: frames };
}

/** What chose the frames, as Derivation Description names it. */
export function algorithmOf({ sampler }: Pick<TriageDocument, 'sampler'>): string {
  const model = sampler.package === null ? '' : ` (${sampler.package} ${sampler.version ?? ''})`;
  return `${sampler.name === 'das' ? 'DAS' : sampler.name}${model}`;
}

export interface WriteExportRequest {
  study: Study;
  series: Series;
  phase: number;
  triage: TriageDocument;
  formats: readonly ExportFormat[];
  out: string;
  overwrite: boolean;
  studyMode: 'same' | 'new';
  algorithm: string;
  review: ReviewDocument | null;
  version: string;
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

/** Writes the frames that a triage document names. @throws KeysliceError as `exportSelection` does */
export async function writeExport(request: WriteExportRequest): Promise<ExportDocument> {
  const { study, series, triage, version } = request;
  const start = phaseStart(series, request.phase);
  const result = await exportSelection({
    series,
    studyPath: study.path,
    frames: triage.selected.map((frame) => start + frame),
    formats: request.formats,
    target: request.out,
    overwrite: request.overwrite,
    triage,
    review: request.review,
    studyMode: request.studyMode,
    producer: { name: 'Keyslice', version },
    algorithm: request.algorithm,
    signal: request.signal,
    onProgress: request.onProgress,
  });
  return {
    out: result.out,
    files: result.files,
    selected: triage.selected,
    selectedSource: result.selectedSource,
    warnings: warningDocuments(result.warnings),
  };
}
