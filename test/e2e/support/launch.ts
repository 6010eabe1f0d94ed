import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, expect, test as base, type ElectronApplication, type Page } from '@playwright/test';
import { electronFlags } from '../../../scripts/electronFlags.mjs';

export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** Longer than one batch of the engine takes on a busy machine. */
const QUIT_LIMIT_MS = 30_000;

export interface LaunchOptions {
  /** Studies named on the command line. */
  paths?: readonly string[];
  /** The program's data folder, by default one that no other run has had. */
  dataFolder?: string;
  env?: Readonly<Record<string, string>>;
  /** Runs Electron in another way than as this user. */
  executablePath?: string;
  flags?: readonly string[];
}

/** What a run of the program left behind. */
export interface Ended {
  exitCode: number | null;
  log: string;
  /** Requests that the network gate refused. */
  blocked: string[];
  /** Errors on the page's console. */
  consoleErrors: string[];
}

export class Keyslice {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly dataFolder: string;
  readonly consoleErrors: string[] = [];
  readonly #process: ChildProcess;
  readonly #exit: Promise<number | null>;
  #ended: Promise<Ended> | null = null;

  constructor(app: ElectronApplication, page: Page, dataFolder: string) {
    this.app = app;
    this.page = page;
    this.dataFolder = dataFolder;
    this.#process = app.process();
    this.#exit = new Promise((resolve) => this.#process.once('exit', resolve));
    page.on('console', (message) => {
      if (message.type() === 'error') this.consoleErrors.push(message.text());
    });
    page.on('pageerror', (error) => this.consoleErrors.push(String(error)));
  }

  log(): string {
    return readFileSync(join(this.dataFolder, 'logs', 'keyslice.log'), 'utf8');
  }

  get closed(): boolean {
    return this.#ended !== null;
  }

  /** Quits as a person does, and waits for the process; later calls tell the same. */
  close(): Promise<Ended> {
    this.#ended ??= this.#close();
    return this.#ended;
  }

  async #close(): Promise<Ended> {
    // A program that does not quit must fail its own test, not hold all the others.
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), QUIT_LIMIT_MS);
    await this.app.close().catch(() => undefined);
    const exitCode = await this.#exit;
    clearTimeout(timer);
    const log = this.log();
    const blocked = [...log.matchAll(/blocked request: (\S+)/g)].map((match) => match[1] ?? '');
    return { exitCode, log, blocked, consoleErrors: this.consoleErrors };
  }
}

/** Starts the built program in the real Electron, with flags for this machine, and waits for its window. */
async function launchKeyslice(dataFolder: string, options: LaunchOptions): Promise<Keyslice> {
  const { paths = [] } = options;
  const app = await _electron.launch({
    cwd: REPOSITORY,
    args: [...(options.flags ?? electronFlags()), `--user-data-dir=${dataFolder}`, REPOSITORY, ...paths],
    env: { ...inherited(), ...options.env },
    ...(options.executablePath === undefined ? {} : { executablePath: options.executablePath }),
  });
  const page = await app.firstWindow();
  const keyslice = new Keyslice(app, page, dataFolder);
  await page.waitForLoadState('load');
  return keyslice;
}

/** This process's environment without the development server, which would take the place of the built page. */
const inherited = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || name === 'ELECTRON_RENDERER_URL' ? [] : [[name, value]],
    ),
  );

interface Fixtures {
  /** An empty folder for the test, removed when what it launched has ended. */
  folder: string;
  launch: (options?: LaunchOptions) => Promise<Keyslice>;
}

/**
 * Tests with `launch`: what it starts is quit at the end, and must then have ended with code 0, without a request that
 * the gate had to block and without an error on the console. A test that expects such things closes the program itself
 * and looks at what it left behind.
 */
export const test = base.extend<Fixtures>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'keyslice-e2e-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  launch: async ({ folder }, use) => {
    const started: Keyslice[] = [];
    await use(async (options = {}) => {
      const dataFolder = options.dataFolder ?? join(folder, `data-${started.length}`);
      const keyslice = await launchKeyslice(dataFolder, options);
      started.push(keyslice);
      return keyslice;
    });
    for (const keyslice of started.filter(({ closed }) => !closed)) {
      const { exitCode, blocked, consoleErrors } = await keyslice.close();
      expect({ exitCode, blocked, consoleErrors }).toEqual({ exitCode: 0, blocked: [], consoleErrors: [] });
    }
  },
});

export { expect };
