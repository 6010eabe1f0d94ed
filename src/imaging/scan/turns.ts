/** Long work on the event loop, in turns with everything else that waits there. */

/** Holding the event loop no longer than this at a time. A step cannot be interrupted, and adds to it. */
const TURN_MS = 6;
/** Who comes while nobody waits goes on at once; so many may come before the first of them has done anything. */
const AT_ONCE = 4;

/** Everyone who works on one event loop: while some work, the others wait, however many files are read at once. */
class TurnLine {
  readonly #waiting: (() => void)[] = [];
  /** Since when this turn of the loop is worked in, and how many went on without waiting. */
  #since = 0;
  #unasked = 0;
  #turning = false;

  /** Whether this turn of the loop has been held long enough. */
  get spent(): boolean {
    return performance.now() - this.#since > TURN_MS;
  }

  /** Goes on in this turn of the loop, or in a later one. */
  async take(): Promise<void> {
    if (!this.#turning) this.#begin();
    if (this.#waiting.length > 0 || this.#unasked >= AT_ONCE || this.spent)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#unasked++;
  }

  #begin(): void {
    this.#turning = true;
    this.#since = performance.now();
    this.#unasked = 0;
    // When everything else that waits has had its turn.
    setImmediate(() => void this.#serve());
  }

  async #serve(): Promise<void> {
    this.#turning = false;
    if (this.#waiting.length > 0) this.#begin();
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      next();
      // After what it does until it waits for something.
      await new Promise<void>((resolve) => {
        process.nextTick(resolve);
      });
      if (this.spent) return;
    }
  }
}

/** There is one event loop, hence one line for it. */
const line = new TurnLine();

/** To be awaited before a step of long work, which then goes on in this turn of the loop or in a later one. */
export function turn(): Promise<void> {
  return line.take();
}

/** Runs work that says where it can be interrupted, in turns. */
export async function inTurns<T>(work: Generator<undefined, T>): Promise<T> {
  await line.take();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (line.spent) await line.take();
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
