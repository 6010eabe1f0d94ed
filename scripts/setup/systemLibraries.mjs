import { installCommand, installPackages, mayInstall, missingPackages } from './debianPackages.mjs';

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
 * Installs what is missing where we may; says exactly what to do where we may not.
 * @param {(line: string) => void} say
 */
export function ensureSystemLibraries(say) {
  const missing = missingPackages(PACKAGES);
  if (missing.length === 0) return;
  if (!mayInstall()) {
    say('system libraries are missing; please run:');
    say(`  ${installCommand(missing)}`);
    return;
  }
  say(`installing system libraries: ${missing.map((names) => names[0]).join(' ')}`);
  const failed = installPackages(missing);
  if (failed !== null) say(`apt could not install ${failed}: the window cannot open until they are there`);
}
