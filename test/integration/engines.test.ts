import { existsSync } from 'node:fs';
import '@tensorflow/tfjs-backend-wasm';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { missingDriver } from '../../src/ml/engines/missingDriver.ts';
import { onnxRuntimeEngine } from '../../src/ml/engines/onnxRuntime.ts';
import { tensorflowBackendEngine } from '../../src/ml/engines/tensorflow.ts';
import type { Engine } from '../../src/ml/engines/engine.ts';
import { wasmEngine } from '../../src/ml/engines/wasm.ts';
import { verifyGolden } from '../../src/ml/packages/golden.ts';
import { listPackages } from '../../src/ml/packages/listPackages.ts';
import { loadPackage } from '../../src/ml/packages/loadPackage.ts';
import { closePackage, openPackage } from '../../src/ml/packages/openPackage.ts';
import { sessionScoreGraph } from '../../src/ml/packages/sessionScoreGraph.ts';
import { createSampler } from '../../src/ml/samplers/createSampler.ts';
import type { Selection } from '../../src/contract/sampling.ts';
import { writeGoldenPackage } from '../fixtures/goldenPackage.ts';
import { randomFeatures } from '../fixtures/randomFeatures.ts';
import { swiftShaderManifest } from '../support/swiftShader.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const SHIPPED = fileURLToPath(new URL('../../resources/models', import.meta.url));
const FEATURES = randomFeatures(37, 9);
const never = (): boolean => false;

/** Opens a package on an engine, checks its golden values there and selects with it. */
async function useCompletely(folder: string, engine: Engine): Promise<Selection> {
  const files = await loadPackage(folder);
  const sessions = await openPackage(files, engine);
  await verifyGolden(files.card, sessions, engine);
  const score = sessionScoreGraph(sessions.sampler, never);
  const sampler = createSampler('das', {
    config: files.card.sampler,
    score,
    rebuilds: files.classifier === null,
    kernel: null,
  });
  const selection = await sampler.select(FEATURES, 15);
  await closePackage(sessions);
  return selection;
}

function expectSame(found: Selection, reference: Selection): void {
  expect(found.indices).toEqual(reference.indices);
  found.scores.forEach((score, t) => {
    expect(score).toBeCloseTo(reference.scores[t] ?? NaN, 5);
  });
  found.logits?.forEach((logit, i) => {
    const wanted = reference.logits?.[i] ?? NaN;
    // Features far from any series can overflow a head: then every engine must say so.
    if (Object.is(logit, wanted)) return;
    expect(Math.abs(logit - wanted)).toBeLessThan(1e-4 * (1 + Math.abs(wanted)));
  });
}

describe('complete packages on every engine', async () => {
  const shipped = existsSync(SHIPPED) ? await listPackages([SHIPPED]) : [];
  const fixture = await writeGoldenPackage(temporaryFolder(), 'fixture');
  const folders = [...shipped.map(({ folder }) => folder), fixture];
  const cpu = await onnxRuntimeEngine('cpu', 2);

  test.each(folders)('%s', async (folder) => {
    const reference = await useCompletely(folder, cpu);
    expectSame(await useCompletely(folder, await wasmEngine(null, 2)), reference);
    expectSame(await useCompletely(folder, await tensorflowBackendEngine('wasm')), reference);
  });

  test('WebGPU computes the same', async ({ skip }) => {
    const manifest = swiftShaderManifest();
    if (missingDriver('webgpu', process.env) !== null) {
      if (manifest === null) skip('there is no Vulkan driver, and no Electron runtime that brings one');
      else process.env['VK_ICD_FILENAMES'] = manifest;
    }
    let webgpu: Engine;
    try {
      webgpu = await onnxRuntimeEngine('webgpu', 1);
    } catch (error) {
      skip(error instanceof Error ? error.message : String(error));
      return;
    }
    expectSame(await useCompletely(fixture, webgpu), await useCompletely(fixture, cpu));
    // A software driver compiles its shaders slowly.
  }, 300_000);
});
