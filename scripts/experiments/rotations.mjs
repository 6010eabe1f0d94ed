// A task without labels: by how many quarter turns was a series turned in the plane of its frames (Gidaris et al., 2018)?
// The published training and validation volumes, each turned once; the test volumes are not touched.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTypeScript } from '../loadTypeScript.mjs';
import { writeByteVolume } from './byteVolume.mjs';

const TURNS = ['0', '90', '180', '270'];

/**
 * Writes NAME.csv and its volumes.
 * @param {string} root of the repository @param {string} spec `medmnist:NAME:SIZE` @param {string | undefined} dataDir
 * @param {string} folder @param {string} name
 */
export async function writeRotations(root, spec, dataDir, folder, name) {
  const { medmnistFolders, readMedmnist } = await loadTypeScript(
    join(root, 'src/ml/training/medmnist.ts'),
    'tools',
  );
  const { splits } = await readMedmnist(
    spec,
    medmnistFolders(dataDir ?? null, [join(root, '../shared/data/medmnist3d')]),
  );
  mkdirSync(join(folder, name), { recursive: true });
  const seen = new Set();
  const lines = ['train', 'val'].flatMap((split) => {
    const { count, frames, rows: side, voxels } = splits[split];
    const size = frames * side * side;
    return Array.from({ length: count }, (_, i) => {
      const path = `${name}/${split}-${i}.nii`;
      const turns = i % TURNS.length;
      const turned = rotated(voxels.subarray(i * size, (i + 1) * size), side, turns);
      // Copies are refused, as one could be in both splits.
      const hash = createHash('md5').update(turned).digest('hex');
      if (seen.has(hash)) return [];
      seen.add(hash);
      writeByteVolume(join(folder, path), [side, side, frames], turned);
      return [[path, TURNS[turns], split, `${split}-${i}`].join(',')];
    }).flat();
  });
  writeFileSync(join(folder, `${name}.csv`), ['path,label,split,group', ...lines, ''].join('\n'));
}

/** Every frame turned by quarter turns. @param {Uint8Array} voxels @param {number} side @param {number} turns */
function rotated(voxels, side, turns) {
  const plane = side * side;
  return Uint8Array.from(voxels, (_, at) => {
    let [row, column] = [Math.floor((at % plane) / side), at % side];
    for (let turn = 0; turn < turns; turn++) [row, column] = [column, side - 1 - row];
    return voxels[at - (at % plane) + row * side + column] ?? 0;
  });
}
