import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FALLBACK, installFallback, writeDefaultApp } from './fallbackRuntime.mjs';

/** @param {string} file */
const readTrimmed = (file) => (existsSync(file) ? readFileSync(file, 'utf8').trim() : '');

/**
 * Which Electron node_modules/electron/dist holds now; empty when none.
 * @param {string} root
 */
export function installedElectron(root) {
  return readTrimmed(join(root, 'node_modules/electron/dist/version')).replace(/^v/, '');
}

/** @param {string} root */
export function wantedElectron(root) {
  return JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')).version;
}

/**
 * The official installer, which checks its own list of checksums. Returns why it failed, or null.
 * @param {string} root
 */
function installOfficial(root) {
  const script = join(root, 'node_modules/electron/install.js');
  const result = spawnSync(process.execPath, [script], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (result.status === 0 && installedElectron(root) === wantedElectron(root)) return null;
  const lines = result.stderr.split('\n').map((line) => line.trim());
  return lines.find((line) => /error|failed/i.test(line)) ?? `exit ${result.status}`;
}

/**
 * Fills node_modules/electron/dist: what is there already, the official runtime, or on linux-x64 the pinned
 * fallback. KEYSLICE_ELECTRON=official or =fallback asks for one of them and nothing else.
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {boolean} whether a runtime is there
 */
export function ensureElectron(root, say) {
  const choice = process.env['KEYSLICE_ELECTRON'] ?? 'auto';
  const wanted = wantedElectron(root);
  const present = installedElectron(root);
  if (choice !== 'fallback' && present === wanted) {
    say(`RUNTIME: Electron ${wanted} (official)`);
    return true;
  }
  if (choice !== 'official' && present === FALLBACK.electron) {
    writeDefaultApp(join(root, 'node_modules/electron/dist'));
    say(fallbackNote(wanted));
    return true;
  }
  if (choice !== 'fallback') {
    say(`fetching Electron ${wanted}`);
    const fault = installOfficial(root);
    if (fault === null) {
      say(`RUNTIME: Electron ${wanted} (official)`);
      return true;
    }
    say(`Electron ${wanted} cannot be downloaded here (${fault})`);
    if (choice === 'official') return false;
  }
  return useFallback(root, wanted, say);
}

/**
 * @param {string} root
 * @param {string} wanted
 * @param {(line: string) => void} say
 */
function useFallback(root, wanted, say) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    say(`there is no Electron for ${process.platform}-${process.arch} here: the window cannot open. Set`);
    say('ELECTRON_MIRROR to a site that has Electron, then run again; the command line works without it.');
    return false;
  }
  try {
    installFallback(root, say);
  } catch (error) {
    say(`there is no Electron: ${error instanceof Error ? error.message : String(error)}`);
    say('The window cannot open; the command line works without it.');
    return false;
  }
  say(fallbackNote(wanted));
  return true;
}

/** @param {string} wanted */
const fallbackNote = (wanted) =>
  `RUNTIME: Electron ${FALLBACK.electron} from the npm registry instead of ${wanted}. Good for building and ` +
  'testing; out of support, so never ship it.';
