import { describe, expect, test } from 'vitest';
import { InferenceService } from '../../src/app/inferenceService.ts';
import type { EngineChoice } from '../../src/contract/engineChoice.ts';
import type { ChosenEngine } from '../../src/ml/engines/chooseEngine.ts';
import type { Engine, EngineSession, Tensor, Tensors } from '../../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../../src/ml/engines/onnxRuntime.ts';
import { writeGoldenPackage } from '../fixtures/goldenPackage.ts';
import { randomFeatures } from '../fixtures/randomFeatures.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const parent = temporaryFolder();

/** The CPU's numbers, one per cent off, under the name of a GPU: a driver with a fault. */
async function faultyGpu(): Promise<Engine> {
  const cpu = await onnxRuntimeEngine('cpu', 1);
  const createSession = async (model: Uint8Array): Promise<EngineSession> => {
    const session = await cpu.createSession(model);
    return {
      ...session,
      run: async (inputs) => distorted(await session.run(inputs)),
      release: () => session.release(),
    };
  };
  return { name: cpu.name, device: 'webgpu', threads: cpu.threads, createSession };
}

const distorted = (tensors: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]): [string, Tensor] => [
      name,
      tensor.data instanceof Float32Array
        ? { ...tensor, data: tensor.data.map((value) => value * 1.01) }
        : tensor,
    ]),
  );

async function chooseFaulty(): Promise<ChosenEngine> {
  const engine = await faultyGpu();
  return {
    engine,
    report: {
      chosen: { name: engine.name, device: engine.device, threads: 1 },
      line: 'Engine: the GPU.',
      refused: [],
    },
  };
}

const serviceFor = (choice: EngineChoice): InferenceService =>
  new InferenceService(
    choice,
    { threads: 1, wasmFolder: null, kernel: null, chooseEngine: chooseFaulty },
    () => false,
  );

describe('a GPU that computes other numbers than a card says', () => {
  test('gives way to the CPU where nobody asked for it, and the line says why', async () => {
    const folder = await writeGoldenPackage(parent, 'fallback');
    const service = serviceFor('auto');
    const report = await service.open([folder]);
    expect(report.chosen).toEqual({ name: 'onnxruntime', device: 'cpu', threads: 1 });
    expect(report.line).toContain('Not used: onnxruntime:webgpu (it computes other numbers for fallback: ');
    const selection = await service.select({
      folder,
      features: randomFeatures(20, 1),
      k: 5,
      sampler: 'das',
      seed: 0,
      matrix: false,
    });
    expect(selection.indices).toHaveLength(5);
    await service.close();
  });

  test('is refused with the reason where a person named it', async () => {
    const folder = await writeGoldenPackage(parent, 'named');
    const service = serviceFor('onnxruntime:webgpu');
    await expect(service.open([folder])).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      facts: { engine: 'onnxruntime:webgpu' },
    });
    await service.close();
  });
});
