/**
 * What size costs: a CT of 2,000 slices (generated, 1 GB) beside one of 20, and a held arrow key in the large one.
 * `npm run bench -- scale [--rounds N] [--out F.json]`
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shown } from '../test/e2e/support/viewport.ts';
import { drawnInWindow } from './opening/drawnInWindow.ts';
import { writeLargeCt } from './scale/largeCt.ts';
import { holdKey, type ScrollFigures } from './scale/scroll.ts';
import { withKeyslice } from './support/openedKeyslice.ts';

const SIZES = { small: 20, large: 2000 } as const;
const ROUNDS = 3;
/** A keyboard that repeats 30 times a second, for about four seconds. */
const HELD = { times: 120, everyMs: 33 } as const;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { out: { type: 'string' }, rounds: { type: 'string', default: String(ROUNDS) } },
  });
  const folder = mkdtempSync(join(tmpdir(), 'keyslice-scale-'));
  try {
    const study = { small: join(folder, 'small'), large: join(folder, 'large') };
    for (const size of ['small', 'large'] as const) writeLargeCt(study[size], SIZES[size]);
    const drawn: Record<keyof typeof SIZES, number[]> = { small: [], large: [] };
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const size of ['small', 'large'] as const)
        drawn[size].push(await withKeyslice(study[size], ({ page }) => drawnInWindow(page)));
    }
    const [smallMs, largeMs] = [median(drawn.small), median(drawn.large)];
    const ratio = largeMs / smallMs;
    console.log(
      `first image drawn: ${SIZES.large} slices ${largeMs.toFixed(0)} ms, ${SIZES.small} slices ${smallMs.toFixed(0)} ms, ratio ${ratio.toFixed(2)}; median of ${values.rounds}, each round: ${words(drawn.large)} and ${words(drawn.small)}`,
    );
    const scrolled = await scroll(study.large);
    if (values.out !== undefined)
      writeFileSync(values.out, `${JSON.stringify({ sizes: SIZES, drawn, ratio, scrolled }, null, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** While the series still streams in: the worst moment to scroll. */
function scroll(study: string): Promise<Record<string, ScrollFigures>> {
  return withKeyslice(study, async ({ page }) => {
    await drawnInWindow(page);
    await page.locator('[data-testid="ribbon"]').waitFor();
    await shown(page);
    const figures = {
      held: await holdKey(page, 'ArrowDown', HELD.times, HELD.everyMs),
      toTheEnd: await holdKey(page, 'End', 1, 0),
      toTheStart: await holdKey(page, 'Home', 1, 0),
    };
    const { held, toTheEnd, toTheStart } = figures;
    console.log(
      `arrow held for ${held.asked} images: ${held.drawn} drawn, longest still ${held.longestStillMs.toFixed(0)} ms, settled ${held.settledMs.toFixed(0)} ms after the last`,
    );
    console.log(
      `jump to the last image ${toTheEnd.settledMs.toFixed(0)} ms, to the first ${toTheStart.settledMs.toFixed(0)} ms`,
    );
    return figures;
  });
}

const words = (times: readonly number[]): string => times.map((ms) => ms.toFixed(0)).join(', ');

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
