/** Runs the judges of exports (pydicom, dicom3tools, dcmtk, nibabel) over what was written. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Series } from '../../src/contract/series.ts';
import type { ExportResult } from '../../src/export/exportSelection.ts';

const PYTHON = '/usr/bin/python3';

export interface DicomPair {
  source: string;
  written: string;
  /** Zero-based frames of the source, ascending. */
  frames: readonly number[];
}

export interface DicomVerdict {
  written: string;
  /** Elements that are not the same in both, as eight hex digits. */
  changed: string[];
  framesEqual: boolean;
  metaUid: string;
  sopInstanceUid: string;
  seriesInstanceUid: string;
  studyInstanceUid: string;
  seriesDescription: string;
  imageType: string[];
  numberOfFrames: number;
  frameTime: number | null;
  frameTimeVector: number[] | null;
  sourceFrames: number[];
  sourceUid: string;
  dimensionIndices: number[][] | null;
  /** Errors of dciodvfy that the source does not have; null where it is not installed. */
  newComplaints: string[] | null;
  /** Exit status of dcmdump for the source and for the result; null where it is not installed. */
  dcmdump: [source: number, written: number] | null;
}

export interface NiftiVerdict {
  shape: number[];
  dtype: string;
  sha256: string;
  affine: number[][];
  qform: number[][] | null;
  sform: number[][] | null;
  zooms: number[];
  slope: [number, number];
  description: string;
  orientation: string;
}

/** Null where the modules are installed, else the reason. */
export function exportJudgeMissing(modules: 'pydicom' | 'nibabel, numpy'): string | null {
  const { status } = spawnSync(PYTHON, ['-c', `import ${modules}`]);
  return status === 0 ? null : `${PYTHON} with ${modules} is not installed`;
}

export function judgeDicom(pairs: readonly DicomPair[]): DicomVerdict[] {
  return run('exportDicom.py', pairs) as DicomVerdict[];
}

/** @param requests with `slices`, only those of the file are hashed */
export function judgeNifti(
  requests: readonly { path: string; slices: readonly number[] | null }[],
): NiftiVerdict[] {
  return run('exportNifti.py', requests) as NiftiVerdict[];
}

/** Which source and which of its frames each written DICOM file should hold. */
export function dicomPairs(series: Series, { selected, files }: ExportResult): DicomPair[] {
  const framesOf = new Map<string, number[]>();
  for (const number of selected) {
    const source = series.frames[number]?.source;
    if (source === undefined) throw new Error(`no frame ${number}`);
    framesOf.set(source.path, [...(framesOf.get(source.path) ?? []), source.indexInFile]);
  }
  const written = files.filter(({ kind }) => kind === 'dicom').map(({ path }) => path);
  return [...framesOf].map(([source, frames], index) => ({
    source,
    written: written[index] ?? '',
    frames: frames.sort((a, b) => a - b),
  }));
}

function run(script: string, input: unknown): unknown {
  const path = fileURLToPath(new URL(`../judges/${script}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(PYTHON, [path], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`the judge failed: ${stderr.slice(-1000)}`);
  return JSON.parse(stdout);
}
