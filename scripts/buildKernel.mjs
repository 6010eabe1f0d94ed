// Compiles the AssemblyScript kernel of the feature pass: `node scripts/buildKernel.mjs [OUT.wasm]`.
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const kernelDir = join(root, 'src/ml/features/kernel');

/** @param {string} outFile where the WebAssembly module is written; its folder is made when it is missing */
export async function buildKernel(outFile) {
  const sources = (await readdir(kernelDir)).filter((name) => name.endsWith('.ts')).sort();
  await mkdir(dirname(outFile), { recursive: true });
  const { error, stderr } = await asc.main([
    ...sources.map((name) => relative(root, join(kernelDir, name))),
    '--baseDir',
    root,
    '--outFile',
    relative(root, outFile),
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--initialMemory',
    '2',
  ]);
  if (error) throw new Error(`asc: ${error.message}\n${stderr.toString()}`, { cause: error });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildKernel(resolve(process.argv[2] ?? join(root, 'out/kernels/features.wasm')));
}
