import { throwIfCancelled } from '../../contract/errors.ts';

/**
 * Files and folders that a scan has in work at once. Each waits for the drive several times, and a share in the network
 * answers each time after some 20 ms.
 */
export const FILES_AT_ONCE = 32;

/**
 * Maps over items with at most `limit` in work at once; the results keep the order of the items. When one fails,
 * nothing more is started, and what is in work is waited for: nobody writes or reads any more when this has ended.
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
  const errors: unknown[] = [];
  const worker = async (): Promise<void> => {
    try {
      for (const [index, item] of queue) {
        throwIfCancelled(signal);
        if (errors.length > 0) return;
        results.set(index, await work(item, index));
      }
    } catch (thrown) {
      errors.push(thrown);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}
