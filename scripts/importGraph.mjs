import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

/**
 * Relative imports of one file, types included: two files that need each other's types are one thing in two places.
 * @param {string} file absolute path
 */
function importsOf(file) {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => resolve(dirname(file), fileName));
}

/**
 * Import cycles among files, each as a list of paths relative to `root` that ends where it begins.
 * @param {string} root
 * @param {readonly string[]} files paths relative to `root`
 */
export function importCycles(root, files) {
  const graph = new Map(files.map((file) => [join(root, file), importsOf(join(root, file))]));
  /** @type {Set<string>} */
  const done = new Set();
  /** @type {string[][]} */
  const cycles = [];
  /** @type {(file: string, trail: readonly string[]) => void} */
  const visit = (file, trail) => {
    if (trail.includes(file)) {
      cycles.push([...trail.slice(trail.indexOf(file)), file].map((path) => relative(root, path)));
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}
