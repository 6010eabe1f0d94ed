// Packages of Debian and Ubuntu: what is missing, and installing it where we may.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** @typedef {readonly string[]} Requirement the same package under its names in older and newer releases */

/**
 * Output of a command, empty when it failed: dpkg-query and apt-cache fail when one of the names is unknown.
 * @param {string} command
 * @param {string[]} args
 */
function output(command, args) {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout ?? '';
}

/**
 * Requirements that are not installed; none on systems without dpkg, whose packages we do not know.
 * @param {readonly Requirement[]} requirements
 */
export function missingPackages(requirements) {
  if (!hasDpkg()) return [];
  const listed = output('dpkg-query', ['-W', '-f=${Package} ${db:Status-Status}\n', ...requirements.flat()]);
  const installed = new Set(listed.split('\n').flatMap((line) => line.match(/^(\S+) installed$/)?.[1] ?? []));
  return requirements.filter((names) => !names.some((name) => installed.has(name)));
}

export const hasDpkg = () => process.platform === 'linux' && existsSync('/usr/bin/dpkg-query');

export const mayInstall = () => process.getuid?.() === 0;

/** @param {Requirement} names */
function nameHere(names) {
  const real = names.filter((name) => /Candidate: \d/.test(output('apt-cache', ['policy', name])));
  return real.at(-1) ?? names[0] ?? '';
}

/**
 * The command that a person with the rights can run.
 * @param {readonly Requirement[]} requirements
 */
export function installCommand(requirements) {
  const names = requirements.map(nameHere).join(' ');
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names}`;
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
 * Installs for all; needs `mayInstall`.
 * @param {readonly Requirement[]} requirements
 * @returns {string | null} the names that apt could not install, null when all are there
 */
export function installPackages(requirements) {
  apt(['-qq', 'update']);
  const names = requirements.map(nameHere);
  return apt(['-qq', 'install', '-y', '--no-install-recommends', ...names]) ? null : names.join(' ');
}
