import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onnxRuntimeEngine } from '../src/ml/engines/onnxRuntime.ts';
import { samplerModel } from '../src/ml/networks/inferenceGraphs.ts';
import { sessionScoreGraph } from '../src/ml/packages/sessionScoreGraph.ts';
import { CONTEXT_WIDTHS, samplerSpec } from '../src/ml/training/network.ts';
import { prepareVolumes } from '../src/ml/training/prepareVolumes.ts';
import { protocolWith } from '../src/ml/training/protocol.ts';
import { readConfig, readTensors } from '../src/ml/training/runFolder.ts';
import { trainRun } from '../src/ml/training/trainRun.ts';
import { shuffled } from '../src/ml/training/randomness.ts';
import { MARKED, MARKED_CHANGES, MARKED_COUNTS, markedData } from '../test/fixtures/markedVolumes.ts';

export async function run(args: string[]): Promise<void> {
  const seed = Number(args[0]);
  const data = markedData('anywhere', MARKED_COUNTS);
  const val = prepareVolumes(data.splits.val);
  // type by pixels: marked mean higher; use max in the middle box vs loud by variance of the border
  const typeOf = (px: Float32Array): 'm' | 'l' | 'q' => {
    let n = 0, s = 0, c = 0, cs = 0, ss = 0;
    for (let y = 0; y < 16; y++) for (let x = 0; x < 16; x++) {
      const v = 255 * px[y * 16 + x]!;
      if (y < 4 || y > 12 || x < 4 || x > 12) { n++; s += v; ss += v * v; } else { c++; cs += v; }
    }
    const sd = Math.sqrt(ss / n - (s / n) ** 2);
    if (cs / c - s / n > 18) return 'm';
    return sd > 26 ? 'l' : 'q';
  };
  const protocol = protocolWith('das', { ...MARKED_CHANGES, ...JSON.parse(process.env['P'] ?? '{}') });
  const engine = await onnxRuntimeEngine('cpu', 1);
  const folder = join(mkdtempSync(join(tmpdir(), 'ks-diag-')), 'run');
  const look = async (): Promise<void> => {
    const config = await readConfig(folder);
    const state = await readTensors(folder, 'state');
    const weights = new Map([...state].flatMap(([k, v]) => k.startsWith('average:') ? [[k.slice(8), v] as const] : []));
    const session = await engine.createSession(samplerModel(weights, samplerSpec(config), CONTEXT_WIDTHS));
    const score = sessionScoreGraph(session, () => false);
    const sums: Record<string, [number, number]> = { m: [0, 0], l: [0, 0], q: [0, 0] };
    const kept: Record<string, number> = { m: 0, l: 0, q: 0 };
    let sharp = 0, any = 0, tau = 0;
    for (const series of val.series) {
      const { base, logits, temperature } = await score(series, 4);
      tau += temperature / val.series.length;
      const order = shuffled(28, Math.random).sort((a, b) => base[b]! - base[a]!);
      let hit = false;
      order.forEach((t, rank) => {
        const type = typeOf(series.pixels.subarray(t * 256, (t + 1) * 256));
        sums[type]![0] += base[t]!; sums[type]![1]++;
        if (rank < 4) { kept[type]!++; hit ||= type === 'm'; }
      });
      if (hit) any++;
      const t = order[0]!;
      sharp += (logits[t]! / base[t]!) / val.series.length;
    }
    await session.release();
    const n = val.series.length;
    console.log(`  base m ${(sums['m']![0] / sums['m']![1]).toFixed(2)} (${sums['m']![1] / n}) l ${(sums['l']![0] / sums['l']![1]).toFixed(2)} q ${(sums['q']![0] / sums['q']![1]).toFixed(2)}; kept m ${(kept['m']! / n).toFixed(2)} l ${(kept['l']! / n).toFixed(2)} q ${(kept['q']! / n).toFixed(2)}, any ${(any / n).toFixed(2)} sharp ${sharp.toFixed(2)} tau ${tau.toFixed(2)}`);
  };
  let pending = Promise.resolve();
  await trainRun(
    { folder, data, sampler: 'das', ratio: 4 / 28, seed, protocol, engine, resume: false, commit: '0000000' },
    { onEpoch: (r) => { console.log(`${r.epoch} train ${r.trainLoss.toFixed(3)} val ${r.valLoss.toFixed(3)} acc ${r.valAccuracy.toFixed(2)} noisy ${r.noisyLoss?.toFixed(3)}`); pending = pending.then(look); } },
  );
  await pending;
  void MARKED;
}
