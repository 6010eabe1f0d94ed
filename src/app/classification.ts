import type { ClassificationDocument } from '../contract/documents.ts';
import type { FrameStack } from '../ml/classifiers/normalizeFrames.ts';
import { toModality } from '../imaging/frames/toModality.ts';
import type { UsablePackage } from './choosePackages.ts';
import type { Inference } from './inference.ts';
import { PRIORITY, type SeriesPass } from './seriesPass.ts';
import type { Card } from '../contract/card.ts';

export interface Classified {
  document: ClassificationDocument;
  ms: number;
}

/** Classifies from some frames of a phase alone. @throws KeysliceError CANCELLED, FRAME_FAILED, engine errors */
export async function classifySelection(
  inference: Inference,
  pass: SeriesPass,
  task: UsablePackage,
  frames: readonly number[],
  signal: AbortSignal,
): Promise<Classified> {
  const start = performance.now();
  const stack = await gather(pass, frames);
  const probabilities = Array.from(await inference.classify({ folder: task.folder, stack }, signal));
  const best = probabilities.indexOf(Math.max(...probabilities));
  const { id, version, labels } = task.card;
  return {
    document: {
      package: id,
      version,
      labels,
      probabilities,
      label: labels[best] ?? null,
      inScope: true,
      reason: null,
    },
    ms: performance.now() - start,
  };
}

/** The card of a class that is not given, with the reason. */
export function outOfScope(card: Card, reason: string): ClassificationDocument {
  const { id, version, labels } = card;
  return { package: id, version, labels, probabilities: null, label: null, inScope: false, reason };
}

/** The selected frames only, copied out of what may be shared memory: an engine refuses tensors on it. */
async function gather(pass: SeriesPass, frames: readonly number[]): Promise<FrameStack> {
  const decoded = await Promise.all(frames.map((frame) => pass.frame(frame, PRIORITY.visible)));
  const [first] = decoded;
  const { rows, columns, samples } = first ?? { rows: 0, columns: 0, samples: 1 as const };
  const length = rows * columns * samples;
  const values = new Float32Array(decoded.length * length);
  decoded.forEach((frame, i) => {
    values.set(toModality(frame), i * length);
  });
  return { count: decoded.length, rows, columns, samples, values };
}
