import type { AppEvent, JobKind } from '../../contract/ipc.ts';

export interface Job {
  id: string;
  kind: JobKind;
  seriesId: string | null;
  done: number;
  total: number;
  /** The person asked to stop; the job is shown until its work has stopped. */
  cancelling: boolean;
}

/** The long jobs under way. A job leaves the list only when the program says that its work has ended. */
export class Jobs {
  list = $state.raw<readonly Job[]>([]);
  readonly #cancel: (job: string) => void;

  constructor(cancel: (job: string) => void) {
    this.#cancel = cancel;
  }

  apply(event: Extract<AppEvent, { type: 'job' }>): void {
    const others = this.list.filter((job) => job.id !== event.job);
    if (event.ended) {
      this.list = others;
      return;
    }
    const known = this.list.find((job) => job.id === event.job);
    const { job: id, kind, seriesId, done, total, cancelled } = event;
    const cancelling = cancelled || known?.cancelling === true;
    this.list = [...others, { id, kind, seriesId, done, total, cancelling }];
  }

  of(kind: JobKind): Job | null {
    return this.list.find((job) => job.kind === kind) ?? null;
  }

  cancel(id: string): void {
    this.list = this.list.map((job) => (job.id === id ? { ...job, cancelling: true } : job));
    this.#cancel(id);
  }
}
