import { readdirSync, readFileSync } from 'node:fs';

/** One process of the program; memory in bytes. */
export interface ProcessMemory {
  pid: number;
  /** As Chromium calls it: `browser` is the main process. */
  type: string;
  resident: number;
  /** The most it has ever had. */
  peak: number;
}

const EVERY_MS = 50;
const KILOBYTE = 1024;

/**
 * Watches the resident memory of a process and all its descendants (Linux, proc(5)). Pages that processes share count
 * in each of them, so the sum is an upper bound.
 */
export class ResidentSampler {
  readonly #root: number;
  readonly #timer: NodeJS.Timeout;
  #highest: ProcessMemory[] = [];

  constructor(root: number) {
    this.#root = root;
    this.#timer = setInterval(() => {
      this.#sample();
    }, EVERY_MS);
  }

  /** The processes at the moment when they had most together. */
  get highest(): readonly ProcessMemory[] {
    return this.#highest;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    const now = familyOf(this.#root).flatMap(memoryOf);
    if (residentSum(now) > residentSum(this.#highest)) this.#highest = now;
  }
}

export const residentSum = (processes: readonly ProcessMemory[]): number =>
  processes.reduce((sum, { resident }) => sum + resident, 0);

function familyOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = Number(field(readIfAlive(`/proc/${name}/status`), 'PPid'));
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const family = [root];
  for (const pid of family) family.push(...(children.get(pid) ?? []));
  return family;
}

function memoryOf(pid: number): ProcessMemory[] {
  const status = readIfAlive(`/proc/${pid}/status`);
  const resident = Number(field(status, 'VmRSS')) * KILOBYTE;
  const peak = Number(field(status, 'VmHWM')) * KILOBYTE;
  const type = /--type=([\w-]+)/.exec(readIfAlive(`/proc/${pid}/cmdline`))?.[1] ?? 'browser';
  // A process that has ended has no figures.
  return resident > 0 ? [{ pid, type, resident, peak }] : [];
}

const field = (status: string, name: string): string =>
  new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? '0';

/** Processes end while they are looked at. */
function readIfAlive(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return '';
    throw error;
  }
}
