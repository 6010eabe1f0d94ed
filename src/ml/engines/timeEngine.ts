import type { Engine } from './engine.ts';
import { probeInput, probeModel } from './probeModel.ts';

const WARM_RUNS = 2;

/** Milliseconds of the faster of two warm runs of the probe graph. */
export async function timeEngine(engine: Engine): Promise<number> {
  const session = await engine.createSession(probeModel());
  const inputs = { x: probeInput() };
  await session.run(inputs);
  let best = Infinity;
  for (let run = 0; run < WARM_RUNS; run++) {
    const start = performance.now();
    await session.run(inputs);
    best = Math.min(best, performance.now() - start);
  }
  await session.release();
  return best;
}
