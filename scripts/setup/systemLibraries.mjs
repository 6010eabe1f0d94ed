import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What Electron and a virtual display need on Debian and Ubuntu; the second name is that of newer releases. */
const PACKAGES = [
  ['libgtk-3-0', 'libgtk-3-0t64'],
  ['libnss3'],
  ['libasound2', 'libasound2t64'],
  ['libgbm1'],
  ['xvfb'],
  ['xauth'],
];

/**
 * Output of a command, empty when it failed: dpkg-query and apt-cache fail when one of the names is unknown.
 * @param {string} command
 * @param {string[]} args
 */
function output(command, args) {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout ?? '';
}

/** Names that are not installed, one per requirement; empty on systems without dpkg, whose packages we do not know. */
function missingPackages() {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/dpkg-query')) return [];
  const listed = output('dpkg-query', ['-W', '-f=${Package} ${db:Status-Status}\n', ...PACKAGES.flat()]);
  const installed = new Set(listed.split('\n').flatMap((line) => line.match(/^(\S+) installed$/)?.[1] ?? []));
  return PACKAGES.filter((names) => !names.some((name) => installed.has(name)));
}

/** @param {readonly string[]} names the same package under its names in older and newer releases */
function nameHere(names) {
  const real = names.filter((name) => /Candidate: \d/.test(output('apt-cache', ['policy', name])));
  return real.at(-1) ?? names[0] ?? '';
}

/**
 * @param {string[]} args
 * @returns {boolean}
 */
function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

/**
 * Installs what is missing where we may; says exactly what to do where we may not.
 * @param {(line: string) => void} say
 */
export function ensureSystemLibraries(say) {
  const missing = missingPackages();
  if (missing.length === 0) return;
  const first = missing.map((names) => names[0]).join(' ');
  if (process.getuid?.() !== 0) {
    say('system libraries are missing; please run:');
    say(
      `  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing.map(nameHere).join(' ')}`,
    );
    return;
  }
  say(`installing system libraries: ${first}`);
  apt(['-qq', 'update']);
  const names = missing.map(nameHere);
  if (apt(['-qq', 'install', '-y', '--no-install-recommends', ...names])) return;
  say(`apt could not install ${names.join(' ')}: the window cannot open until they are there`);
}
