import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { hasDpkg, installCommand, installPackages, mayInstall, missingPackages } from './debianPackages.mjs';

/** Readers that others wrote, which the tests on real studies compare with. The product needs none of them. */
const READERS = [
  'python3-pydicom',
  'python3-gdcm',
  'python3-nibabel',
  'python3-pil',
  'python3-numpy',
  'dcmtk',
  'dicom3tools',
  'ffmpeg',
].map((name) => [name]);

/** Writes a model package without a line of ours; needs no data. */
const MAKERS = [['python3-onnx']];

/**
 * Installs the judges of the tests where we may. Without the shared data the readers have nothing to judge, and without
 * a judge its tests skip with the reason: nothing here makes a test run fail.
 * @param {string} root
 * @param {(line: string) => void} say
 */
export function ensureJudges(root, say) {
  const data = process.env['KEYSLICE_SHARED_DATA'] ?? resolve(root, '../shared/data');
  const readable = existsSync(join(data, 'dicom'));
  if (!readable) say('pydicom, GDCM, nibabel, dcmtk … not looked for: there are no shared data for them');
  if (!hasDpkg()) {
    say('pydicom, GDCM, nibabel, dcmtk, onnx … not installed: this is no Debian or Ubuntu');
    return;
  }
  const missing = missingPackages(readable ? [...READERS, ...MAKERS] : MAKERS);
  if (missing.length === 0) return;
  if (!mayInstall()) {
    say('some are missing, and what they judge is skipped; to have them:');
    say(`  ${installCommand(missing)}`);
    return;
  }
  say(`installing ${missing.flat().join(' ')}`);
  const failed = installPackages(missing);
  if (failed !== null) say(`apt could not install ${failed}: what they judge is skipped`);
}
