// Rewrites docs/results.md and docs/results/ from docs/runs/**/metrics.json: npm run results
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTypeScript } from './loadTypeScript.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { writeResults } = await loadTypeScript(join(root, 'src/ml/report/writeResults.ts'), 'results');

try {
  await writeResults(join(root, 'docs'));
  console.log('docs/results.md');
} catch (error) {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  const path = 'path' in error ? ` (${String(error.path)})` : '';
  console.error(`error ${String(error.code)}: ${error.message}${path}`);
  process.exitCode = 1;
}
