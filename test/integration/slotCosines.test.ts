import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/ml/graph/graph.ts';
import { writeOnnx } from '../../src/ml/graph/writeOnnx.ts';
import { onnxRuntimeEngine } from '../../src/ml/engines/onnxRuntime.ts';
import { slotCodes } from '../../src/ml/networks/slotCodes.ts';
import { slotCosines } from '../../src/ml/networks/slotCosines.ts';
import { OTHER_ENGINES, type OtherEngine } from '../support/otherEngines.ts';

const COUNT = 8;
const SLOTS = [1, 2, 7, 28, 1000];
const CPU: OtherEngine = {
  name: 'onnxruntime',
  slow: false,
  start: () => onnxRuntimeEngine('cpu', 1),
};

function cosineModel(): Uint8Array {
  const graph = new Graph();
  const cosines = slotCosines(graph, graph.input('slots', ['k', 1]), COUNT);
  graph.output('cosines', cosines);
  return writeOnnx(graph.model());
}

describe('cosines of the places of slots', () => {
  it.for([CPU, ...OTHER_ENGINES])('are right on $name', { timeout: 60_000 }, async ({ start }, { skip }) => {
    const engine = await start();
    if (typeof engine === 'string') return skip(engine);
    const session = await engine.createSession(cosineModel());
    try {
      for (const k of SLOTS) {
        const places = slotCodes(k);
        const { cosines } = await session.run({ slots: { type: 'float32', dims: [k, 1], data: places } });
        const found = cosines?.data instanceof Float32Array ? [...cosines.data] : [];
        const wrong = found.map((value, at) =>
          Math.abs(value - Math.cos(Math.PI * (1 + (at % COUNT)) * places[Math.floor(at / COUNT)]!)),
        );
        expect(wrong).toHaveLength(k * COUNT);
        expect(Math.max(...wrong)).toBeLessThan(1e-6);
      }
    } finally {
      await session.release();
    }
  });
});
