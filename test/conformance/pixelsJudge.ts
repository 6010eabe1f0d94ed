/** Runs test/judges/pixels.py over files and gives the frames of each judge as arrays. */
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { StoredArray } from '../../src/contract/frame.ts';

const PYTHON = '/usr/bin/python3';
// Named from the repository, because the script runs as a bundle of `out/` as well.
const SCRIPT = fileURLToPath(new URL('../../test/judges/pixels.py', import.meta.url));
const MODULES = 'pydicom, gdcm, nibabel, PIL, numpy';

export interface JudgedFile {
  dtype: string;
  frames: number;
  /** Values of one frame, row by row, colour by pixel. */
  frame: (index: number) => StoredArray;
}

/** What each judge has to say of a file: its frames, or the kind of its failure. */
export type Judgement = ReadonlyMap<string, JudgedFile | string>;

/** Null where the judges are installed, else the reason. */
export function judgeMissing(): string | null {
  const { status } = spawnSync(PYTHON, ['-c', `import ${MODULES}`]);
  return status === 0 ? null : `${PYTHON} with ${MODULES} is not installed`;
}

/** Name and version of each judge; null where it is not installed. */
export async function judgeVersions(): Promise<Record<string, string | null>> {
  return JSON.parse(await runJudge('--versions', '')) as Record<string, string | null>;
}

type Answer = { file: string; dtype: string; shape: number[] } | { error: string };

/** Asks all judges about files. Their frames lie in `folder`, which must last as long as they are looked at. */
export async function judge(paths: readonly string[], folder: string): Promise<Map<string, Judgement>> {
  const answer = JSON.parse(await runJudge(folder, JSON.stringify(paths))) as Record<
    string,
    Record<string, Answer>
  >;
  return new Map(
    Object.entries(answer).map(([path, judges]) => {
      const said = Object.entries(judges).map(([name, each]): [string, JudgedFile | string] => [
        name,
        'error' in each ? each.error : judgedFile(each),
      ]);
      return [path, new Map(said)];
    }),
  );
}

function runJudge(argument: string, input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(PYTHON, [SCRIPT, argument], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`the judge failed: ${stderr.slice(-1000)}`, { cause: error }));
    });
    child.stdin?.end(input);
  });
}

const TYPES: Readonly<Record<string, (buffer: ArrayBuffer) => StoredArray>> = {
  uint8: (buffer) => new Uint8Array(buffer),
  int8: (buffer) => new Int8Array(buffer),
  uint16: (buffer) => new Uint16Array(buffer),
  int16: (buffer) => new Int16Array(buffer),
  uint32: (buffer) => new Uint32Array(buffer),
  int32: (buffer) => new Int32Array(buffer),
  float32: (buffer) => new Float32Array(buffer),
  float64: (buffer) => new Float64Array(buffer),
};

function judgedFile({ file, dtype, shape }: { file: string; dtype: string; shape: number[] }): JudgedFile {
  const view = TYPES[dtype];
  if (view === undefined) throw new Error(`the judge gave ${dtype}`);
  const [frames = 0, ...size] = shape;
  const bytes = readFileSync(file);
  const frameBytes = frames === 0 ? 0 : bytes.length / frames;
  const values = size.reduce((product, length) => product * length, 1);
  if (frameBytes * frames !== bytes.length || frameBytes % Math.max(values, 1) !== 0)
    throw new Error(`the judge gave ${bytes.length} bytes for ${shape.join(' × ')}`);
  return {
    dtype,
    frames,
    frame: (index) => {
      const at = bytes.byteOffset + index * frameBytes;
      return view(bytes.buffer.slice(at, at + frameBytes));
    },
  };
}
