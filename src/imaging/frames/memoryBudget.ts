/**
 * One byte budget for everything that decoded series keep in memory. It owns nothing: who keeps bytes registers them
 * with a function that lets them go, and the least recently used go first.
 */
export interface KeptBytes {
  readonly bytes: number;
  /** Called once, when the budget needs the room. */
  readonly evict: () => void;
}

export class MemoryBudget {
  #limit: number;
  /** Insertion order is order of use, oldest first. */
  readonly #kept = new Set<KeptBytes>();
  #used = 0;
  #pinned = 0;

  /** @param limit bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Another limit from now on; what no longer fits is let go. */
  resize(limit: number): void {
    this.#limit = limit;
    this.#shrink(null);
  }

  get used(): number {
    return this.#used + this.#pinned;
  }

  /** Registers bytes as the most recently used and lets the oldest go until all fits; the new ones always stay. */
  keep(entry: KeptBytes): void {
    this.#kept.add(entry);
    this.#used += entry.bytes;
    this.#shrink(entry);
  }

  /** Marks bytes as just used. */
  touch(entry: KeptBytes): void {
    if (this.#kept.delete(entry)) this.#kept.add(entry);
  }

  /** The keeper has let go by itself. */
  release(entry: KeptBytes): void {
    if (this.#kept.delete(entry)) this.#used -= entry.bytes;
  }

  /** Bytes that cannot be let go (an unwrapped file); `unpin` gives them back. */
  pin(bytes: number): void {
    this.#pinned += bytes;
    this.#shrink(null);
  }

  unpin(bytes: number): void {
    this.#pinned -= bytes;
  }

  #shrink(newest: KeptBytes | null): void {
    for (const entry of this.#kept) {
      if (this.used <= this.limit || entry === newest) return;
      this.release(entry);
      entry.evict();
    }
  }
}
