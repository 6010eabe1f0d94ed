import type { Engine } from './engine.ts';
import { probeInput, probeModel } from './probeModel.ts';

const WARM_RUNS = 2;
/** A device whose first run takes longer, shaders compiled, has lost against any CPU: it is imitated in software. */
const HOPELESS_MS = 2000;

/** Milliseconds of the faster of two warm runs of the probe graph; of the first run when that was hopeless. */
export async function timeEngine(engine: Engine): Promise<number> {
  const session = await engine.createSession(probeModel());
  const inputs = { x: probeInput() };
  const run = async (): Promise<number> => {
    const start = performance.now();
    await session.run(inputs);
    return performance.now() - start;
  };
  let best = await run();
  if (best < HOPELESS_MS) {
    const warm: number[] = [];
    for (let i = 0; i < WARM_RUNS; i++) warm.push(await run());
    best = Math.min(...warm);
  }
  await session.release();
  return best;
}
