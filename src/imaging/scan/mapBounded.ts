import { throwIfCancelled } from '../../contract/errors.ts';

/**
 * Maps over items with at most `limit` in work at once; the results keep the order of the items.
 * @throws KeysliceError CANCELLED, and what `work` throws.
 */
export async function mapBounded<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number) => Promise<R>,
  signal?: AbortSignal,
): Promise<R[]> {
  const results = new Map<number, R>();
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      throwIfCancelled(signal);
      results.set(index, await work(item, index));
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}
