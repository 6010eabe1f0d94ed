/** Holding the event loop no longer than this at a time: sixteen files are read at once, and none may be felt. */
const TURN_MS = 3;

/** Long work on the main thread, in turns with everything else that waits there. */
export class Turns {
  #since = performance.now();

  /** Whether the work has held the event loop long enough. */
  get due(): boolean {
    return performance.now() - this.#since > TURN_MS;
  }

  /** Lets everything else that waits run first. */
  async pass(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#since = performance.now();
  }
}

/** Runs work that says where it can be interrupted, in turns. */
export async function inTurns<T>(work: Generator<undefined, T>): Promise<T> {
  const turns = new Turns();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (turns.due) await turns.pass();
  }
}

/** Runs such work at once, for as many steps as that may take; null when it would take more. */
export function atOnce<T>(work: Generator<undefined, T>, steps: number): T | null {
  for (let taken = 0; taken <= steps; taken++) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
  return null;
}
