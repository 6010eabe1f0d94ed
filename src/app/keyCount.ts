import { warning, type Warning } from '../contract/errors.ts';

/** How many frames to keep: a number, or a share of the series. */
export type KeySize = { k: number } | { ratio: number };

/** k = max(1, floor(ratio·T + ½)) of all frames, clamped to the readable ones (docs/cli.md). */
export function keyCount(
  size: KeySize,
  frames: number,
  readable: number,
): { k: number; warnings: Warning[] } {
  const asked = 'k' in size ? size.k : Math.max(1, Math.floor(size.ratio * frames + 0.5));
  const k = Math.min(asked, readable);
  return { k, warnings: k < asked ? [warning('K_CLAMPED', { asked, available: readable })] : [] };
}
