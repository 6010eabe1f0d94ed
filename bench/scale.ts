/**
 * What size costs: a CT of 2,000 slices (generated, 1 GB) beside one of 20, a cine of 1,500 frames beside one of 20, and
 * a held arrow key in the large ones. `npm run bench -- scale [--rounds N] [--out F.json]`
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shown } from '../test/e2e/support/viewport.ts';
import { writeLongCine } from '../test/fixtures/longCine.ts';
import { drawnInWindow } from './opening/drawnInWindow.ts';
import { writeLargeCt } from './scale/largeCt.ts';
import { holdKey, type ScrollFigures } from './scale/scroll.ts';
import { withKeyslice } from './support/openedKeyslice.ts';
import { median } from './support/median.ts';

interface Kind {
  name: string;
  small: number;
  large: number;
  /** Writes a study of so many frames. */
  write: (folder: string, frames: number) => void;
}

const KINDS: readonly Kind[] = [
  { name: 'CT', small: 20, large: 2000, write: writeLargeCt },
  { name: 'cine', small: 20, large: 1500, write: writeCine },
];
const ROUNDS = 3;
/** A keyboard that repeats 30 times a second, for about four seconds. */
const HELD = { times: 120, everyMs: 33 } as const;

interface Figures {
  name: string;
  frames: { small: number; large: number };
  /** Ms of each round. */
  drawn: { small: number[]; large: number[] };
  ratio: number;
  scrolled: Record<string, ScrollFigures>;
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { out: { type: 'string' }, rounds: { type: 'string', default: String(ROUNDS) } },
  });
  const folder = mkdtempSync(join(tmpdir(), 'keyslice-scale-'));
  try {
    const figures: Figures[] = [];
    for (const kind of KINDS)
      figures.push(await measure(kind, join(folder, kind.name), Number(values.rounds)));
    if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(figures, null, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(
  { name, small, large, write }: Kind,
  folder: string,
  rounds: number,
): Promise<Figures> {
  const study = { small: join(folder, 'small'), large: join(folder, 'large') };
  write(study.small, small);
  write(study.large, large);
  const drawn: Figures['drawn'] = { small: [], large: [] };
  for (let round = 0; round < rounds; round++) {
    for (const size of ['small', 'large'] as const)
      drawn[size].push(await withKeyslice(study[size], ({ page }) => drawnInWindow(page)));
  }
  const [smallMs, largeMs] = [median(drawn.small), median(drawn.large)];
  const ratio = largeMs / smallMs;
  console.log(
    `${name}: first image drawn: ${large} frames ${largeMs.toFixed(0)} ms, ${small} frames ${smallMs.toFixed(0)} ms, ratio ${ratio.toFixed(2)}; median of ${rounds}, each round: ${words(drawn.large)} and ${words(drawn.small)}`,
  );
  return { name, frames: { small, large }, drawn, ratio, scrolled: await scroll(name, study.large) };
}

/** While the series still streams in: the worst moment to scroll. */
function scroll(name: string, study: string): Promise<Record<string, ScrollFigures>> {
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
      `${name}: arrow held for ${held.asked} images: ${held.drawn} drawn, longest still ${held.longestStillMs.toFixed(0)} ms, settled ${held.settledMs.toFixed(0)} ms after the last`,
    );
    console.log(
      `${name}: jump to the last image ${toTheEnd.settledMs.toFixed(0)} ms, to the first ${toTheStart.settledMs.toFixed(0)} ms`,
    );
    return figures;
  });
}

function writeCine(folder: string, frames: number): void {
  mkdirSync(folder, { recursive: true });
  writeLongCine(join(folder, 'loop.dcm'), frames);
}

const words = (times: readonly number[]): string => times.map((ms) => ms.toFixed(0)).join(', ');
