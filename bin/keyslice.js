#!/usr/bin/env node
// CommonJS (bin/package.json), because modules are loaded by the threads whose number is set here: files are opened,
// read and closed by them, and four are too few where each answer comes from a share in the network.
process.env['UV_THREADPOOL_SIZE'] ??= '32';
const { existsSync } = process.getBuiltinModule('node:fs');
const { join } = process.getBuiltinModule('node:path');
const { pathToFileURL } = process.getBuiltinModule('node:url');

const cli = join(__dirname, '../out/main/cli.js');
if (existsSync(cli)) {
  import(pathToFileURL(cli).href);
} else {
  console.error('Keyslice is not built yet. Run: node scripts/setup.mjs');
  process.exitCode = 1;
}
