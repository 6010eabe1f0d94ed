// Stands in for Electron's own default app, which the fallback runtime lacks: runs the folder or file named on the
// command line. An ES module with an awaited import, so that `ready` waits for the app's own module.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

/** Two methods that Electron keeps for its own default app. */
const host = /** @type {Electron.App & { setVersion(v: string): void, setAppPath(p: string): void }} */ (app);

const args = process.argv.slice(1);
let position = 0;
for (; args[position]?.startsWith('-'); position++) {
  // Playwright puts its loader in front of the app this way.
  if (args[position] === '-r') createRequire(import.meta.url)(resolve(args[++position] ?? ''));
}
if (args.includes('--version')) {
  console.log(`v${process.versions.electron}`);
  process.exit(0);
}
const named = args[position];
if (named === undefined) {
  console.error('Name the folder of the app to run.');
  process.exit(1);
}
const target = resolve(named);
// From `args`: what ran with -r may have taken its own flags out of process.argv.
process.argv.splice(1, process.argv.length, target, ...args.slice(position + 1));
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
let main = target;
if (statSync(target).isDirectory()) {
  const manifest = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'));
  host.setVersion(manifest.version);
  app.name = manifest.productName ?? manifest.name;
  if (!app.commandLine.hasSwitch('user-data-dir'))
    app.setPath('userData', join(app.getPath('appData'), app.name));
  host.setAppPath(target);
  main = join(target, manifest.main);
}
await import(pathToFileURL(main).href);
