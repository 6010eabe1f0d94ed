import type { FrameFeatures } from '../../contract/sampling.ts';
import { normalizeFeatures, type MeasuredFrame } from './normalizeFeatures.ts';
import type { FramePlane } from './plane.ts';
import type { SpatialFeatures } from './spatialFeatures.ts';
import type { TemporalFeatures } from './temporalFeatures.ts';

/** A comparison that can be made now: the arguments of `temporalFeatures`, with the frame they are for. */
export interface TemporalJob {
  frame: number;
  previous: FramePlane | null;
  current: FramePlane;
  next: FramePlane | null;
}

type FrameState =
  | { kind: 'awaited' }
  | { kind: 'failed' }
  | {
      kind: 'read';
      spatial: Omit<SpatialFeatures, 'plane'>;
      /** Null once every comparison that needs it has been handed out. */
      plane: FramePlane | null;
      compared: boolean;
      temporal: TemporalFeatures | null;
    };

/**
 * Gathers the features of a series while its frames arrive in any order. A frame is compared with its nearest
 * readable neighbours as soon as these are known; planes are let go when nobody needs them any more.
 */
export class FeatureAccumulator {
  readonly #states: FrameState[];

  constructor(frameCount: number) {
    this.#states = Array.from({ length: frameCount }, () => ({ kind: 'awaited' }));
  }

  /**
   * @param spatial null: the frame cannot be read
   * @returns the comparisons that have become possible
   */
  add(frame: number, spatial: SpatialFeatures | null): TemporalJob[] {
    if (spatial === null) {
      this.#states[frame] = { kind: 'failed' };
    } else {
      const { plane, ...rest } = spatial;
      this.#states[frame] = { kind: 'read', spatial: rest, plane, compared: false, temporal: null };
    }
    const around = [this.#neighbour(frame, -1), frame, this.#neighbour(frame, 1)];
    const jobs = around.flatMap((candidate) => this.#takeJob(candidate));
    // A comparison that was made changes who still needs the planes up to two frames away.
    const outermost = [around[0], around[2]].flatMap((at) =>
      typeof at === 'number' ? [this.#neighbour(at, -1), this.#neighbour(at, 1)] : [],
    );
    for (const candidate of [...around, ...outermost]) this.#releasePlane(candidate);
    return jobs;
  }

  addTemporal(frame: number, temporal: TemporalFeatures): void {
    const state = this.#states[frame];
    if (state?.kind === 'read') state.temporal = temporal;
  }

  /** True when every frame is either measured or known to be unreadable. */
  get complete(): boolean {
    return this.#states.every(
      (state) => state.kind === 'failed' || (state.kind === 'read' && state.temporal !== null),
    );
  }

  /** Features of the frames measured so far: provisional, as their scale is that of the whole series. */
  features(): FrameFeatures {
    const measured = this.#states.flatMap((state, frame): MeasuredFrame[] =>
      state.kind === 'read' && state.temporal !== null
        ? [{ frame, spatial: state.spatial, temporal: state.temporal }]
        : [],
    );
    return normalizeFeatures(measured);
  }

  /** Nearest frame that can be read; `awaited` while that is not known, `none` beyond an end. */
  #neighbour(frame: number, step: 1 | -1): number | 'awaited' | 'none' {
    for (let at = frame + step; ; at += step) {
      const state = this.#states[at];
      if (state === undefined) return 'none';
      if (state.kind === 'awaited') return 'awaited';
      if (state.kind === 'read') return at;
    }
  }

  #takeJob(frame: number | 'awaited' | 'none'): TemporalJob[] {
    if (typeof frame !== 'number') return [];
    const state = this.#states[frame];
    if (state?.kind !== 'read' || state.plane === null || state.compared) return [];
    const before = this.#neighbour(frame, -1);
    const after = this.#neighbour(frame, 1);
    if (before === 'awaited' || after === 'awaited') return [];
    state.compared = true;
    return [{ frame, previous: this.#plane(before), current: state.plane, next: this.#plane(after) }];
  }

  #plane(frame: number | 'none'): FramePlane | null {
    const state = frame === 'none' ? undefined : this.#states[frame];
    return state?.kind === 'read' ? state.plane : null;
  }

  #releasePlane(frame: number | 'awaited' | 'none'): void {
    if (typeof frame !== 'number') return;
    const state = this.#states[frame];
    if (state?.kind !== 'read' || !state.compared) return;
    const done = ([-1, 1] as const).every((step) => {
      const neighbour = this.#neighbour(frame, step);
      const other = typeof neighbour === 'number' ? this.#states[neighbour] : undefined;
      return neighbour === 'none' || (other?.kind === 'read' && other.compared);
    });
    if (done) state.plane = null;
  }
}
