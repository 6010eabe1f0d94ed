import type { RebuildCosts } from './rebuildCosts.ts';

/** The cheapest selections of one length, for each frame that may come last. */
interface Row {
  /** At [j]: the frame kept before the last one, j; −1 where no selection of this length ends there. */
  readonly before: Int32Array;
  /** The last frame of the selection that costs least with its tail. */
  readonly last: number;
}

/**
 * The k frames of least rebuild error, exactly, by dynamic programming over segments (docs/das.md section 8). Row by
 * row, one for each length; the rows stay, so that another k of the same series is read off, or needs only those that
 * are missing.
 */
export class RebuildOptimum {
  readonly costs: RebuildCosts;
  readonly #rows: Row[] = [];
  /** At [j]: the least cost up to frame j, kept as the last of as many frames as there are rows. */
  #best: Float64Array;
  #floor: Float64Array | null = null;

  constructor(costs: RebuildCosts) {
    this.costs = costs;
    this.#best = costs.head;
    this.#rows.push({ before: new Int32Array(costs.frames).fill(-1), last: this.#lastFrame() });
  }

  /** Ascending. @param k 1 to the number of frames */
  select(k: number): Int32Array {
    while (this.#rows.length < k) this.#addRow();
    const selection = new Int32Array(k);
    let frame = this.#rows[k - 1]!.last;
    for (let slot = k - 1; slot >= 0; slot--) {
      selection[slot] = frame;
      frame = this.#rows[slot]!.before[frame]!;
    }
    return selection;
  }

  #addRow(): void {
    const { frames, between } = this.costs;
    const floor = (this.#floor ??= prefixMinima(between, frames));
    const slot = this.#rows.length;
    const best = this.#best;
    const leastBefore = runningMinimum(best);
    const next = new Float64Array(frames).fill(Infinity);
    const before = new Int32Array(frames).fill(-1);
    for (let j = slot; j < frames; j++) {
      const row = j * frames;
      let least = Infinity;
      for (let i = j - 1; i >= slot - 1; i--) {
        // No start at i or before it can do better.
        if (leastBefore[i]! + floor[row + i]! > least) break;
        const cost = best[i]! + between[row + i]!;
        if (cost > least) continue;
        least = cost;
        before[j] = i;
      }
      next[j] = least;
    }
    this.#best = next;
    this.#rows.push({ before, last: this.#lastFrame() });
  }

  #lastFrame(): number {
    const { frames, tail } = this.costs;
    let last = frames - 1;
    for (let j = frames - 2; j >= 0; j--) {
      if (this.#best[j]! + tail[j]! <= this.#best[last]! + tail[last]!) last = j;
    }
    return last;
  }
}

/** At [j · T + i]: the least cost of a segment that ends at j and starts at i or before. */
function prefixMinima(between: Float64Array, frames: number): Float64Array {
  const minima = new Float64Array(between.length);
  for (let j = 1; j < frames; j++) {
    let least = Infinity;
    for (let i = 0; i < j; i++) {
      least = Math.min(least, between[j * frames + i]!);
      minima[j * frames + i] = least;
    }
  }
  return minima;
}

function runningMinimum(values: Float64Array): Float64Array {
  let least = Infinity;
  return values.map((value) => (least = Math.min(least, value)));
}
