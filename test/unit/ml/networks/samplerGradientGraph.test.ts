import { describe, expect, it } from 'vitest';
import { onnxRuntimeEngine } from '../../../../src/ml/engines/onnxRuntime.ts';
import { elementCount } from '../../../../src/ml/graph/shape.ts';
import { samplerGradientGraph } from '../../../../src/ml/networks/samplerGradientGraph.ts';
import { gradientName } from '../../../../src/ml/networks/trainingGraph.ts';
import { seededRandom } from '../../../../src/ml/seededRandom.ts';
import { type FloatTensor } from '../../../fixtures/trainingStep.ts';
import { floatsOf, tensor } from '../graph/checkGradients.ts';

const FRAMES = 6;
const WIDTHS = { perFrame: 29, pooled: 28 };

describe('gradients of the scores a/τ for a loss outside the graph', () => {
  it('agree with central differences of Σ upstream ⊙ score', async () => {
    const random = seededRandom(8);
    const fill = (dims: readonly number[]): FloatTensor =>
      tensor(
        dims,
        Float32Array.from({ length: elementCount(dims) }, () => 2 * random() - 1),
      );
    const { model, parameters, trained } = samplerGradientGraph(
      { base: 'learned', features: 'handcrafted', heads: 1, tau0: 1 },
      WIDTHS,
      FRAMES,
    );
    const inputs: Record<string, FloatTensor> = {
      perFrame: fill([FRAMES, WIDTHS.perFrame]),
      pooled: fill([1, WIDTHS.pooled]),
      anchor: fill([1, FRAMES]),
      upstream: fill([1, FRAMES]),
      ...Object.fromEntries(parameters.map(({ name, shape }) => [name, fill(shape)])),
    };
    const session = await (await onnxRuntimeEngine('cpu', 1)).createSession(model);
    const loss = async (): Promise<number> =>
      floatsOf(await session.run(inputs), 'score').reduce(
        (sum, x, i) => sum + x * inputs['upstream']!.data[i]!,
        0,
      );
    const outputs = await session.run(inputs);
    expect(trained).toEqual(
      ['base/hidden', 'base/score', 'temperature/hidden', 'temperature/value'].flatMap((layer) => [
        `${layer}/weight`,
        `${layer}/bias`,
      ]),
    );
    for (const name of trained) {
      const gradient = floatsOf(outputs, gradientName(name)).slice();
      const { data } = inputs[name]!;
      for (let i = 0; i < data.length; i += 37) {
        const original = data[i]!;
        data[i] = original + 1e-2;
        const above = await loss();
        data[i] = original - 1e-2;
        const below = await loss();
        data[i] = original;
        expect(Math.abs(gradient[i]! - (above - below) / 2e-2)).toBeLessThan(5e-3);
      }
    }
  });
});
