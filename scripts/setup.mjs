// Makes a checkout ready to run: packages, system libraries, the Electron runtime, the build. Plain Node, no
// dependencies; does only what is missing, so that `npm start` and `npm test` can call it every time.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureElectron } from './setup/electronRuntime.mjs';
import { nodeFault } from './setup/nodeVersion.mjs';
import { npm, packagesAreCurrent } from './setup/packages.mjs';
import { ensureSystemLibraries } from './setup/systemLibraries.mjs';
import { isBuilt } from './sourceStamp.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {string} line */
const say = (line) => console.error(`setup: ${line}`);

/**
 * @param {string} line
 * @returns {never}
 */
function stop(line) {
  say(line);
  process.exit(1);
}

function ensurePackages() {
  if (packagesAreCurrent(root)) return;
  say('installing packages (npm ci)');
  const { status } = npm(['ci'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) stop('npm ci failed; the npm registry must be in reach');
}

function ensureBuild() {
  if (isBuilt(root)) return;
  say('building');
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) stop('the build failed; run `npm run build` to see all of it');
}

const fault = nodeFault(process.versions.node);
if (fault !== null) stop(fault);
ensurePackages();
ensureSystemLibraries(say);
ensureElectron(root, say);
ensureBuild();
