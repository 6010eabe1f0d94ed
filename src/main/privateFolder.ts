import { mkdirSync, rmSync } from 'node:fs';

/**
 * An empty folder that only this user can read, for temporary files. Removed when the program quits; what a crash
 * left behind goes at the next start.
 */
export class PrivateFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    this.remove();
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
