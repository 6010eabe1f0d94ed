/**
 * One training step beside PyTorch: DAS + MobileNetV3-Small, 14 of 28 square frames, forward, backward, Adam, one thread
 * each. `npm run bench -- trainingStep [--size 28] [--batch 16] [--steps 12] [--out F.json]`; the peer needs Debian's
 * python3-torch.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { EngineSession } from '../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../src/ml/engines/onnxRuntime.ts';
import { gradientName } from '../src/ml/networks/trainingGraph.ts';
import { type AdamSlot, adamStep } from '../src/ml/training/adam.ts';
import { encodeTensors } from '../src/ml/training/tensorFile.ts';
import {
  type FloatTensor,
  type TrainingStep,
  stepSpec,
  trainingStep,
} from '../test/fixtures/trainingStep.ts';
import { median } from './support/median.ts';

/** The first steps warm caches and compilers up. */
const WARM_UP = 3;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      size: { type: 'string', default: '28' },
      batch: { type: 'string', default: '16' },
      steps: { type: 'string', default: '12' },
      out: { type: 'string' },
    },
  });
  const side = Number(values.size);
  const spec = stepSpec(Number(values.batch), 2);
  const classifier = { ...spec.classifier, height: side, width: side };
  const step = trainingStep({ ...spec, classifier }, 1, 0);
  const steps = WARM_UP + Number(values.steps);
  const engine = await onnxRuntimeEngine('cpu', 1);
  const session = await engine.createSession(step.graph.model);
  const own = median(await ownSteps(step, session, steps));
  await session.release();
  console.log(
    `one training step, batch ${step.spec.batch} of 14 x ${side} x ${side}, one thread, median of ${steps - WARM_UP}`,
  );
  console.log(`Keyslice  ${own.toFixed(0)} ms`);
  const peer = peerSteps(step, steps);
  if (typeof peer === 'string') {
    console.log(`PyTorch: not compared (${peer})`);
    return;
  }
  const peerMs = median(peer.ms.slice(WARM_UP));
  const ratio = own / peerMs;
  console.log(`PyTorch ${peer.version} ${peerMs.toFixed(0)} ms`);
  console.log(`ratio ${ratio.toFixed(2)}`);
  if (values.out !== undefined) {
    const cases = [{ name: `${step.spec.batch}x14x${side}`, ms: own, peerMs, ratio }];
    writeFileSync(values.out, JSON.stringify({ cases }, null, 2) + '\n');
  }
}

async function ownSteps(step: TrainingStep, session: EngineSession, steps: number): Promise<number[]> {
  const slots = step.graph.parameters.map((spec): AdamSlot => {
    const weight = step.weights[spec.name]?.data ?? new Float32Array();
    return { spec, weight, first: new Float32Array(weight.length), second: new Float32Array(weight.length) };
  });
  const times: number[] = [];
  for (let i = 1; i <= steps; i++) {
    const started = performance.now();
    const outputs = await session.run({ ...step.inputs, ...step.weights });
    for (const slot of slots) {
      const gradient = outputs[gradientName(slot.spec.name)]?.data;
      if (gradient instanceof Float32Array)
        adamStep(slot, gradient, i, { learningRate: 1e-3, weightDecay: 0 });
    }
    times.push(performance.now() - started);
  }
  return times.slice(WARM_UP);
}

/** Times of the peer, or why there are none. */
function peerSteps(step: TrainingStep, steps: number): { version: string; ms: number[] } | string {
  const folder = mkdtempSync(join(tmpdir(), 'keyslice-bench-'));
  try {
    const file = join(folder, 'step.bin');
    const named = (kind: string, tensors: Readonly<Record<string, FloatTensor>>) =>
      Object.entries(tensors).map(([name, { data }]) => [`${kind}:${name}`, data] as const);
    writeFileSync(
      file,
      encodeTensors(new Map([...named('weight', step.weights), ...named('input', step.inputs)])),
    );
    const { classifier, slots, batch } = step.spec;
    const input = JSON.stringify({
      file,
      steps,
      weights: shapes(step.weights),
      inputs: shapes(step.inputs),
      shape: { batch, slots, ...classifier, heads: 4, tau0: 1 },
    });
    const env = { ...process.env, OMP_NUM_THREADS: '1' };
    const peer = spawnSync('/usr/bin/python3', ['bench/trainingStep.py'], { input, env, encoding: 'utf8' });
    if (peer.status !== 0) return peer.error?.message ?? peer.stderr.trim().split('\n').at(-1);
    return JSON.parse(peer.stdout) as { version: string; ms: number[] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function shapes(tensors: Readonly<Record<string, FloatTensor>>): Record<string, readonly number[]> {
  return Object.fromEntries(Object.entries(tensors).map(([name, { dims }]) => [name, dims]));
}
