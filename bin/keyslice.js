#!/usr/bin/env node
import { existsSync } from 'node:fs';

const cli = new URL('../out/main/cli.js', import.meta.url);
if (existsSync(cli)) {
  await import(cli.href);
} else {
  console.error('Keyslice is not built yet. Run: node scripts/setup.mjs');
  process.exitCode = 1;
}
