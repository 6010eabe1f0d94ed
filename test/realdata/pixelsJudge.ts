/** Runs test/judges/pixels.py over files and gives its frames as arrays. */
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PYTHON = '/usr/bin/python3';
const SCRIPT = fileURLToPath(new URL('../judges/pixels.py', import.meta.url));
const MODULES = 'pydicom, gdcm, nibabel, PIL, numpy';

export interface JudgedFile {
  dtype: string;
  frames: number;
  rows: number;
  columns: number;
  /** Values of one frame, row by row, colour by pixel. */
  frame: (index: number) => ArrayLike<number>;
}

/** Null where the judges are installed, else the reason. */
export function judgeMissing(): string | null {
  const { status } = spawnSync(PYTHON, ['-c', `import ${MODULES}`]);
  return status === 0 ? null : `${PYTHON} with ${MODULES} is not installed`;
}

type Answer = Record<string, { file: string; dtype: string; shape: number[] } | { error: string }>;

/** What the judge has to say of each path: its frames, or why it has none. */
export async function judge(
  paths: readonly string[],
  folder: string,
): Promise<Map<string, JudgedFile | string>> {
  const answer = await new Promise<string>((resolve, reject) => {
    const child = execFile(PYTHON, [SCRIPT, folder], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`the judge failed: ${stderr.slice(-1000)}`, { cause: error }));
    });
    child.stdin?.end(JSON.stringify(paths));
  });
  const files = Object.entries(JSON.parse(answer) as Answer);
  return new Map(files.map(([path, said]) => [path, 'error' in said ? said.error : judgedFile(said)]));
}

function judgedFile({ file, dtype, shape }: { file: string; dtype: string; shape: number[] }): JudgedFile {
  const values = typedArray(dtype, readFileSync(file));
  const [frames = 0, rows = 0, columns = 0, samples = 1] = shape;
  const length = rows * columns * samples;
  return {
    dtype,
    frames,
    rows,
    columns,
    frame: (index) => values.subarray(index * length, (index + 1) * length),
  };
}

function typedArray(dtype: string, bytes: Buffer) {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  switch (dtype) {
    case 'uint8':
      return new Uint8Array(buffer);
    case 'int8':
      return new Int8Array(buffer);
    case 'uint16':
      return new Uint16Array(buffer);
    case 'int16':
      return new Int16Array(buffer);
    case 'uint32':
      return new Uint32Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return new Float64Array(buffer);
    default:
      throw new Error(`the judge gave ${dtype}`);
  }
}
