import { expect, test } from 'vitest';
import { ENGINE_CHOICES } from '../../../../src/contract/engineChoice.ts';
import { KeysliceError } from '../../../../src/contract/errors.ts';
import { chooseEngine } from '../../../../src/ml/engines/chooseEngine.ts';
import { missingDriver } from '../../../../src/ml/engines/missingDriver.ts';
import { probeInput, probeModel } from '../../../../src/ml/engines/probeModel.ts';
import { tensorflowInstalled } from '../../../../src/ml/engines/tensorflowInstalled.ts';

const OPTIONS = { threads: 1, wasmFolder: null };

test('auto runs on a device of this machine and says why each other engine does not', async () => {
  const { engine, report } = await chooseEngine('auto', OPTIONS);
  expect(['onnxruntime', 'wasm']).toContain(engine.name);
  expect(report.chosen).toEqual({ name: engine.name, device: engine.device, threads: 1 });
  expect(report.refused.map(({ name }) => name)).toEqual(expect.arrayContaining(['tensorflow']));
  expect(report.line).not.toContain('\n');
  for (const { name, reason } of report.refused) expect(report.line).toContain(`${name} (${reason})`);
});

test('WebGPU without a driver is refused with the reason', async ({ skip }) => {
  const reason = missingDriver('webgpu', process.env);
  if (reason === null) skip('this machine has a Vulkan driver');
  const { engine, report } = await chooseEngine('onnxruntime', OPTIONS);
  expect(engine.device).toBe('cpu');
  expect(report.refused).toEqual([{ name: 'onnxruntime:webgpu', reason }]);
});

test.each(ENGINE_CHOICES.filter((choice) => choice !== 'auto'))('%s is taken at its word', async (choice) => {
  try {
    const { engine } = await chooseEngine(choice, OPTIONS);
    expect([engine.name, `${engine.name}:${engine.device}`]).toContain(choice);
    const session = await engine.createSession(probeModel());
    const { y } = await session.run({ x: probeInput() });
    expect(y?.dims).toEqual([4, 24, 56, 56]);
    await session.release();
  } catch (error) {
    if (!(error instanceof KeysliceError)) throw error;
    expect(error.code).toBe('ENGINE_UNAVAILABLE');
    expect(choice).toMatch(/^(onnxruntime:webgpu|onnxruntime:cuda|tensorflow)$/);
    expect(error.facts['reason']).toMatch(/\w/);
  }
});

test('TensorFlow is reported as absent when its package is not installed', async ({ skip }) => {
  if (tensorflowInstalled()) skip('@tensorflow/tfjs-node-gpu is installed here');
  await expect(chooseEngine('tensorflow', OPTIONS)).rejects.toThrow('is not installed');
});

test('a graph that is none is refused by every engine with a code', async () => {
  for (const choice of ['onnxruntime:cpu', 'wasm'] as const) {
    const { engine } = await chooseEngine(choice, OPTIONS);
    const error: unknown = await engine.createSession(new Uint8Array(100)).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'PACKAGE_INVALID' });
  }
});
