/**
 * Reading what comes in: scan, headers and every frame decoded, beside pydicom, GDCM, dcmtk and nibabel on the same
 * files. `npm run bench -- intake [--rounds N] [--out F.json]`; needs the shared data and a built program.
 *
 * Keyslice twice: in this thread alone, and with the decode threads of the program, which measure the features of every
 * frame as well. The peers decode in one thread.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Study } from '../src/contract/series.ts';
import { FrameStore } from '../src/imaging/frames/frameStore.ts';
import { loadFrame } from '../src/imaging/frames/loadFrame.ts';
import { MemoryBudget } from '../src/imaging/frames/memoryBudget.ts';
import { UnwrappedFiles } from '../src/imaging/frames/unwrappedFiles.ts';
import { WorkerPool } from '../src/imaging/frames/workerPool.ts';
import { readStudy } from '../src/imaging/readStudy.ts';
import { mapBounded } from '../src/imaging/scan/mapBounded.ts';
import { sharedData } from '../test/support/sharedData.ts';
import { median } from './support/median.ts';

const ROUNDS = '5';
const BUDGET_BYTES = 2 ** 32;
const ONE_THREAD = 'Keyslice, one thread';
const POOL = 'Keyslice';

interface Case {
  name: string;
  path: string;
  /** The tool of dcmtk that decodes it; null where there is none. */
  tool: string | null;
  peers: readonly string[];
}

const DICOM = ['pydicom', 'GDCM'];
const CASES: readonly Case[] = [
  { name: 'native CT, 60 files', path: 'dicom/ct_chest_lung_60', tool: 'dcmconv', peers: DICOM },
  { name: 'native fMRI, 150 files', path: 'dicom/mr_4d_fmri_ge_150', tool: 'dcmconv', peers: DICOM },
  { name: 'JPEG-LS MR, 192 files', path: 'dicom/mr_sag_mprage_192', tool: 'dcmdjpls', peers: DICOM },
  { name: 'JPEG baseline XA, 96 frames', path: 'dicom/xa_cine_96f', tool: 'dcmdjpeg', peers: DICOM },
  {
    name: 'RLE palette US, 10 frames',
    path: 'dicom/us_cine/us_doppler_palette_rle_10f.dcm',
    tool: 'dcmdrle',
    peers: DICOM,
  },
  {
    name: 'JPEG lossless CT, 1 file',
    path: 'dicom/transfer_syntaxes_ct/CTImage.dcm_JPEGProcess14SV1TransferSyntax_1.2.840.10008.1.2.4.70.dcm',
    tool: 'dcmdjpeg',
    peers: DICOM,
  },
  {
    name: 'JPEG 2000 lossless CT, 1 file',
    path: 'dicom/transfer_syntaxes_ct/CTImage.dcm_JPEG2000LosslessOnlyTransferSyntax_1.2.840.10008.1.2.4.90.dcm',
    tool: null,
    peers: DICOM,
  },
  {
    name: 'JPEG 2000 MR, 19 frames',
    path: 'dicom/enhanced_mr_j2k_multifragment_19f',
    tool: null,
    peers: DICOM,
  },
  {
    name: 'gzipped NIfTI, uint8 256 x 256 x 256',
    path: 'nifti/atlas_labels_256.nii.gz',
    tool: null,
    peers: ['nibabel'],
  },
  {
    name: 'gzipped NIfTI, float64 81 x 106 x 76',
    path: 'nifti/dwi_b0_float64_sformonly.nii.gz',
    tool: null,
    peers: ['nibabel'],
  },
];

type Task = 'headers' | 'decode';

/** One pass: on the clock, and of processors, where other programs on the machine do not count. */
interface Pass {
  ms: number;
  cpuMs: number;
}

type Reader = () => Promise<Pass | string>;

/** One pass of a peer, or why there is none. */
function askPeer(peer: string, task: Task, files: readonly string[], tool: string | null): Pass | string {
  const { status, stdout, stderr, error } = spawnSync('/usr/bin/python3', ['bench/intake.py'], {
    input: JSON.stringify({ peer, task, files, tool }),
    encoding: 'utf8',
  });
  if (status !== 0) return error?.message ?? stderr.trim().split('\n').pop() ?? 'it failed';
  return JSON.parse(stdout) as Pass;
}

async function timed(work: () => Promise<unknown>): Promise<Pass> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - start, cpuMs: (user + system) / 1000 };
}

async function decodeHere(path: string): Promise<void> {
  await eachSeries(await readStudy(path), async (series) => {
    const files = new UnwrappedFiles(series, new MemoryBudget(BUDGET_BYTES), null);
    for (const record of series.frames) await loadFrame(await files.request(record));
    await files.close();
  });
}

async function decodeInPool(path: string, pool: WorkerPool): Promise<void> {
  await eachSeries(await readStudy(path), async (series) => {
    const store = new FrameStore(series, pool, new MemoryBudget(BUDGET_BYTES), null);
    await mapBounded([...series.frames.keys()], 2 * pool.size, (index) => store.frame(index, 0));
    await store.close();
  });
}

async function eachSeries(
  { series }: Study,
  work: (one: Study['series'][number]) => Promise<void>,
): Promise<void> {
  for (const one of series) await work(one);
}

function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .filter((name) => !name.endsWith('.md'))
    .sort()
    .map((name) => join(path, name));
}

/** Who reads a case, by name; each in its own process but Keyslice. */
function readersOf({ tool, peers }: Case, task: Task, path: string, pool: WorkerPool): Map<string, Reader> {
  const files = filesOf(path);
  const own: [string, Reader][] =
    task === 'headers'
      ? [[POOL, () => timed(() => readStudy(path))]]
      : [
          [ONE_THREAD, () => timed(() => decodeHere(path))],
          [POOL, () => timed(() => decodeInPool(path, pool))],
        ];
  const byDcmtk = tool !== null || (task === 'headers' && peers === DICOM);
  const others = byDcmtk ? [...peers, 'dcmtk'] : peers;
  return new Map([
    ...own,
    ...others.map((peer): [string, Reader] => [
      peer,
      () => Promise.resolve(askPeer(peer, task, files, tool)),
    ]),
  ]);
}

interface Measured {
  reader: string;
  /** Medians of the rounds. */
  ms: number;
  cpuMs: number;
  /** Keyslice's time to this reader's: below 1 Keyslice is faster. */
  ratio: number;
  cpuRatio: number;
}

/** All readers in turn, round by round. The first round fills the caches and compiles, and is not counted. */
async function measure(readers: ReadonlyMap<string, Reader>, rounds: number): Promise<Measured[]> {
  const passes = new Map<string, Pass[]>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, read] of readers) {
      const pass = await read();
      if (typeof pass !== 'string') passes.set(name, round === 0 ? [] : [...(passes.get(name) ?? []), pass]);
      else if (round === 0) console.log(`  ${name}: not compared (${pass})`);
    }
  }
  const medians = [...passes].map(([reader, list]) => ({
    reader,
    ms: median(list.map(({ ms }) => ms)),
    cpuMs: median(list.map(({ cpuMs }) => cpuMs)),
  }));
  const own = medians.find(({ reader }) => reader === POOL);
  return medians.map((each) => ({
    ...each,
    ratio: (own?.ms ?? NaN) / each.ms,
    cpuRatio: (own?.cpuMs ?? NaN) / each.cpuMs,
  }));
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { out: { type: 'string' }, rounds: { type: 'string', default: ROUNDS } },
  });
  const threads = Math.max(1, availableParallelism() - 1);
  const url = pathToFileURL('out/main/decode.js');
  const pool = new WorkerPool({ url, size: threads, workerData: { kernel: 'out/kernels/features.wasm' } });
  console.log(
    `${threads} decode thread(s), median of ${values.rounds}; ratios are Keyslice's time to the peer's; bytes as they lie in the files`,
  );
  const results = [];
  for (const one of CASES) {
    const path = sharedData(one.path);
    if (path === null) {
      console.log(`${one.name}: not measured, the shared data have no ${one.path}`);
      continue;
    }
    const files = filesOf(path);
    const megabytes = files.reduce((sum, file) => sum + statSync(file).size, 0) / 1e6;
    for (const task of ['headers', 'decode'] as const) {
      console.log(`${one.name}, ${task}:`);
      const measured = await measure(readersOf(one, task, path, pool), Number(values.rounds));
      for (const each of measured) print(each, files.length, megabytes);
      results.push({ name: one.name, task, files: files.length, megabytes, measured });
    }
  }
  await pool.close();
  if (values.out !== undefined)
    writeFileSync(values.out, `${JSON.stringify({ threads, cases: results }, null, 2)}\n`);
}

function print({ reader, ms, cpuMs, ratio, cpuRatio }: Measured, files: number, megabytes: number): void {
  const rates = `${((1e3 * megabytes) / ms).toFixed(1)} MB/s, ${((1e3 * files) / ms).toFixed(1)} files/s`;
  const times = `${ms.toFixed(0).padStart(6)} ms (processor ${cpuMs.toFixed(0)})`;
  const beside = reader === POOL ? '' : `; ratio ${ratio.toFixed(2)} (processor ${cpuRatio.toFixed(2)})`;
  console.log(`  ${reader.padEnd(20)} ${times}, ${rates}${beside}`);
}
