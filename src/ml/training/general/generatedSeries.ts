import type { Frame } from '../../../contract/frame.ts';
import { FeatureAccumulator } from '../../features/featureAccumulator.ts';
import type { FeatureKernel } from '../../features/featureKernel.ts';
import { spatialFeatures } from '../../features/spatialFeatures.ts';
import { temporalFeatures } from '../../features/temporalFeatures.ts';
import { seededRandom } from '../../seededRandom.ts';
import { gaussian } from '../randomness.ts';
import type { RebuildSeries } from './rebuildSeries.ts';

const SIZE = 64;
/** Modality values of background and of noise are small beside this. */
const BRIGHT = 1000;

/** One ellipse of a scene, as functions of the place in the series, u from 0 to 1. */
interface Ellipse {
  x: (u: number) => number;
  y: (u: number) => number;
  /** Half axes; nothing is drawn where they are not positive. */
  a: (u: number) => number;
  b: (u: number) => number;
  brightness: number;
}

type Course = (u: number) => number;

/** The source of every generated series: they are never measured, only learned from. */
export const GENERATED_SOURCE = 'generated';

/**
 * A drawn series: bodies that grow, move and branch along a volume, or that beat and breathe in a loop, with a bias
 * field and noise. The same seed draws the same series.
 */
export function generatedSeries(seed: number, frames: number, kernel: FeatureKernel | null): RebuildSeries {
  const random = seededRandom(seed);
  const loop = random() < 0.3;
  const scene = loop ? beatingScene(random) : branchingScene(random);
  const noise = 4 + 40 * random() ** 2;
  const bias = { x: random() - 0.5, y: random() - 0.5 };
  const accumulator = new FeatureAccumulator(frames);
  for (let t = 0; t < frames; t++) {
    const frame = draw(scene, t / Math.max(1, frames - 1), bias, noise, random);
    for (const { frame: at, previous, current, next } of accumulator.add(t, spatialFeatures(frame, kernel))) {
      accumulator.addTemporal(at, temporalFeatures(previous, current, next, kernel));
    }
  }
  const name = `${loop ? 'loop' : 'volume'} ${seed}`;
  return { source: GENERATED_SOURCE, name, features: accumulator.features() };
}

/** Organs that begin and end somewhere along the volume, some of them splitting in two. */
function branchingScene(random: () => number): Ellipse[] {
  const scene: Ellipse[] = [];
  for (let organ = 0; organ < 3 + Math.floor(4 * random()); organ++) {
    const centre = random();
    const reach = 0.05 + 0.5 * random() ** 2;
    const size = 5 + 16 * random();
    const inside: Course = (u) => 1 - ((u - centre) / reach) ** 2;
    const radius: Course = (u) => (inside(u) > 0 ? size * Math.sqrt(inside(u)) : 0);
    const [x, y] = [wander(random, 0.4), wander(random, 0.4)];
    const brightness = BRIGHT * (0.2 + 0.8 * random());
    const apart = random() < 0.3 ? 14 * random() : 0;
    const squash = 0.5 + random();
    for (const side of apart > 0 ? [-1, 1] : [0]) {
      const split: Course = (u) => x(u) + side * apart * Math.max(0, u - centre + reach / 2);
      scene.push({ x: split, y, a: radius, b: (u) => squash * radius(u), brightness });
    }
  }
  return scene;
}

/** A heart that beats with a quick contraction, on a body that breathes; sometimes contrast flows in. */
function beatingScene(random: () => number): Ellipse[] {
  const beats = 1 + Math.floor(3 * random());
  const breaths = 0.3 + random();
  const depth = 0.15 + 0.3 * random();
  const sway = 6 * random();
  const pulse: Course = (u) => {
    const phase = (u * beats) % 1;
    return 1 - depth * Math.exp(-(((phase - 0.35) / 0.12) ** 2));
  };
  const breathing: Course = (u) => sway * Math.sin(2 * Math.PI * breaths * u);
  const radius = 9 + 10 * random();
  const scene: Ellipse[] = [
    { x: () => 32, y: (u) => 32 + breathing(u), a: () => 28, b: () => 24, brightness: BRIGHT * 0.3 },
    {
      x: () => 30,
      y: (u) => 30 + breathing(u),
      a: (u) => radius * pulse(u),
      b: (u) => radius * pulse(u),
      brightness: BRIGHT * 0.6,
    },
  ];
  if (random() < 0.5) {
    const arrival = 0.1 + 0.6 * random();
    const flow: Course = (u) => 22 / (1 + Math.exp(-(u - arrival) / 0.04));
    scene.push({ x: (u) => 10 + flow(u), y: () => 40, a: flow, b: () => 3, brightness: -BRIGHT * 0.7 });
  }
  return scene;
}

/** A smooth path across the middle of the frame. */
function wander(random: () => number, span: number): Course {
  const start = SIZE * (0.3 + 0.4 * random());
  const drift = SIZE * span * (random() - 0.5);
  const swing = SIZE * 0.15 * random();
  const [turns, phase] = [0.5 + 2 * random(), 2 * Math.PI * random()];
  return (u) => start + drift * (u - 0.5) + swing * Math.sin(2 * Math.PI * turns * u + phase);
}

function draw(
  scene: readonly Ellipse[],
  u: number,
  bias: { x: number; y: number },
  noise: number,
  random: () => number,
): Frame {
  const placed = scene.map((shape) => ({
    x: shape.x(u),
    y: shape.y(u),
    a: shape.a(u),
    b: shape.b(u),
    brightness: shape.brightness,
  }));
  const values = new Int16Array(SIZE * SIZE);
  for (let i = 0; i < values.length; i++) {
    const x = i % SIZE;
    const y = Math.floor(i / SIZE);
    let value = 100;
    for (const shape of placed) {
      if (shape.a <= 0 || shape.b <= 0) continue;
      if (((x - shape.x) / shape.a) ** 2 + ((y - shape.y) / shape.b) ** 2 < 1) value += shape.brightness;
    }
    const field = 1 + (bias.x * (x - SIZE / 2) + bias.y * (y - SIZE / 2)) / SIZE;
    values[i] = Math.round(value * field + noise * gaussian(random));
  }
  return {
    rows: SIZE,
    columns: SIZE,
    samples: 1,
    dtype: 'int16',
    values,
    min: values.reduce((a, b) => Math.min(a, b)),
    max: values.reduce((a, b) => Math.max(a, b)),
    modality: { kind: 'linear', slope: 1, intercept: 0, unit: null },
    padding: null,
    inverted: false,
    warnings: [],
  };
}
