import { randomUUID } from 'node:crypto';
import type { AppEvent, JobKind } from '../contract/ipc.ts';

/** A piece of work that the window can see and cancel. It has ended only when its work has stopped. */
export interface Job {
  readonly id: string;
  readonly signal: AbortSignal;
  progress(done: number, total: number): void;
  cancel: () => void;
  end(): void;
}

/** At most ten progress events a second and job: more would only load the page. */
const EVENT_INTERVAL_MS = 100;

/** The jobs in work; tells the window of each. */
export class Jobs {
  readonly #emit: (event: AppEvent) => void;
  readonly #running = new Map<string, AbortController>();

  constructor(emit: (event: AppEvent) => void) {
    this.#emit = emit;
  }

  start(kind: JobKind, seriesId: string | null): Job {
    const id = randomUUID();
    const controller = new AbortController();
    this.#running.set(id, controller);
    let done = 0;
    let total = 0;
    let told = 0;
    // What came too soon after an event is told later, not dropped: work that now waits would show old numbers.
    let later: NodeJS.Timeout | undefined;
    const tell = (ended: boolean): void => {
      clearTimeout(later);
      later = undefined;
      told = performance.now();
      this.#emit({
        type: 'job',
        job: id,
        kind,
        seriesId,
        done,
        total,
        ended,
        cancelled: controller.signal.aborted,
      });
    };
    tell(false);
    return {
      id,
      signal: controller.signal,
      progress: (nowDone, nowTotal) => {
        if (!this.#running.has(id)) return;
        done = nowDone;
        total = nowTotal;
        const wait = told + EVENT_INTERVAL_MS - performance.now();
        if (wait <= 0) tell(false);
        else later ??= setTimeout(tell, wait, false);
      },
      cancel: () => {
        controller.abort();
      },
      end: () => {
        if (this.#running.delete(id)) tell(true);
      },
    };
  }

  cancel(id: string): void {
    this.#running.get(id)?.abort();
  }

  cancelAll(): void {
    for (const controller of this.#running.values()) controller.abort();
  }
}
