import { toKeysliceError, type ErrorReport } from '../../contract/errors.ts';
import type { ExportAnswer, KeysliceBridge, SeriesView } from '../../contract/ipc.ts';
import { valueOf } from '../bridge.ts';

type ExportBridge = Pick<KeysliceBridge, 'chooseExportTarget' | 'exportStudy' | 'showExport'>;
type Format = SeriesView['exportFormat'];

/** The export dialog: choose, write, done. The program remembers the folder; the page never names a path. */
export class ExportState {
  open = $state(false);
  stage = $state<'choose' | 'running' | 'done' | 'cancelled'>('choose');
  target = $state.raw<{ folder: string } | null>(null);
  error = $state.raw<ErrorReport | null>(null);
  answer = $state.raw<ExportAnswer | null>(null);
  #series: { id: string; format: Format } | null = null;
  #phase = 0;
  readonly #bridge: ExportBridge;

  constructor(bridge: ExportBridge) {
    this.#bridge = bridge;
  }

  show(series: Pick<SeriesView, 'id' | 'exportFormat'>, phase: number): void {
    if (this.stage === 'running') {
      this.open = true;
      return;
    }
    this.#series = { id: series.id, format: series.exportFormat };
    this.#phase = phase;
    this.open = true;
    this.stage = 'choose';
    this.target = null;
    this.error = null;
    this.answer = null;
  }

  /** Closing hides a running export; it goes on and its bar stays in the status line. */
  close(): void {
    this.open = false;
  }

  get ready(): boolean {
    return this.target !== null;
  }

  async choose(): Promise<void> {
    if (this.#series === null) return;
    await this.#guard(async (series) => {
      const target = await valueOf(this.#bridge.chooseExportTarget({ seriesId: series.id }));
      if (target === null) return;
      this.target = target;
    });
  }

  async start(): Promise<void> {
    if (!this.ready) return;
    await this.#guard(async (series) => {
      this.stage = 'running';
      this.answer = await valueOf(
        this.#bridge.exportStudy({
          seriesId: series.id,
          phase: this.#phase,
          formats: [series.format],
        }),
      );
      this.stage = 'done';
    });
  }

  async reveal(): Promise<void> {
    const out = this.answer?.out;
    if (out !== undefined) await this.#guard(async () => valueOf(this.#bridge.showExport({ out })));
  }

  async #guard(run: (series: { id: string; format: Format }) => Promise<unknown>): Promise<void> {
    const series = this.#series;
    if (series === null) return;
    this.error = null;
    try {
      await run(series);
    } catch (thrown) {
      const error = toKeysliceError(thrown).report();
      const cancelled = error.code === 'CANCELLED';
      if (!cancelled) this.error = error;
      if (this.stage === 'running') this.stage = cancelled ? 'cancelled' : 'choose';
    }
  }
}
