import path from 'node:path';

/**
 * The paths that a person named when starting the program, absolute. In a checkout Electron is started with flags,
 * then the app's folder, then the paths; a packaged program with the paths alone.
 */
export function launchPaths(argv: readonly string[], appFolder: string | null, cwd: string): string[] {
  const args = argv.slice(1);
  const app = appFolder === null ? -1 : args.findIndex((arg) => path.resolve(cwd, arg) === appFolder);
  return args
    .slice(app + 1)
    .filter((arg) => !arg.startsWith('-'))
    .map((arg) => path.resolve(cwd, arg));
}
