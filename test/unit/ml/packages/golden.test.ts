import '@tensorflow/tfjs-backend-wasm';
import { describe, expect, test } from 'vitest';
import { onnxRuntimeEngine } from '../../../../src/ml/engines/onnxRuntime.ts';
import { tensorflowBackendEngine } from '../../../../src/ml/engines/tensorflow.ts';
import { wasmEngine } from '../../../../src/ml/engines/wasm.ts';
import { verifyGolden } from '../../../../src/ml/packages/golden.ts';
import { loadPackage } from '../../../../src/ml/packages/loadPackage.ts';
import { closePackage, openPackage } from '../../../../src/ml/packages/openPackage.ts';
import { writeGoldenPackage } from '../../../fixtures/goldenPackage.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const parent = temporaryFolder();

describe('golden values of a package', async () => {
  const files = await loadPackage(await writeGoldenPackage(parent, 'golden'));

  test.each([
    ['onnxruntime', () => onnxRuntimeEngine('cpu', 2)],
    ['onnxruntime-web', () => wasmEngine(null, 1)],
    ['the TensorFlow.js adapter', () => tensorflowBackendEngine('wasm')],
  ] as const)('%s computes them', async (_, makeEngine) => {
    const engine = await makeEngine();
    const sessions = await openPackage(files, engine);
    await expect(verifyGolden(files.card, sessions, engine)).resolves.toBeUndefined();
    await closePackage(sessions);
  });

  test('another score, logit or frame is found', async () => {
    const engine = await onnxRuntimeEngine('cpu', 1);
    const sessions = await openPackage(files, engine);
    const { golden } = files.card;
    const [score = 0] = golden.scores;
    const [logit = 0] = golden.logits ?? [];
    const [first = 0] = golden.selected;
    const changed = [
      { ...golden, scores: golden.scores.with(0, score + 0.001 * (1 + Math.abs(score))) },
      { ...golden, logits: (golden.logits ?? []).with(0, logit - 0.001 * (1 + Math.abs(logit))) },
      { ...golden, selected: golden.selected.with(0, first + 1) },
      { ...golden, scores: golden.scores.slice(1) },
    ];
    for (const values of changed) {
      const verified = verifyGolden({ ...files.card, golden: values }, sessions, engine);
      await expect(verified).rejects.toMatchObject({ code: 'PACKAGE_INVALID' });
    }
    await closePackage(sessions);
  });
});
