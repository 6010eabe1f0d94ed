import { describe, expect, test } from 'vitest';
import { POOLED_COUNT } from '../../../../src/contract/card.ts';
import { checkScope, type SeriesFacts } from '../../../../src/ml/packages/checkScope.ts';
import {
  featureDistance,
  fitFeatureLimit,
  leaveOneOutLimit,
} from '../../../../src/ml/packages/featureLimit.ts';
import { addPixels, NO_PIXELS, type PixelFacts } from '../../../../src/ml/packages/pixelFacts.ts';
import { seededRandom } from '../../../../src/ml/seededRandom.ts';
import { fixtureCard } from '../../../fixtures/packageFolder.ts';

const CARD = fixtureCard('scope');
const SPACING = 64 / 28;
const VOLUME: SeriesFacts = {
  modality: null,
  kind: 'volume',
  frames: 28,
  rows: 28,
  columns: 28,
  samples: 1,
  spacingMm: [SPACING, SPACING, SPACING],
};
const NEAR = new Float32Array(POOLED_COUNT);

function facts(value: (index: number) => number): PixelFacts {
  let pixels = NO_PIXELS;
  for (let frame = 0; frame < 28; frame++)
    pixels = addPixels(
      pixels,
      Float32Array.from({ length: 784 }, (_, i) => value(frame * 784 + i)),
    );
  return pixels;
}

const MASK = facts((i) => (i % 97 === 0 ? 255 : 0));
const random = seededRandom(1);
const NOISE = facts(() => Math.floor(256 * random()));

function reason(series: SeriesFacts, pixels: PixelFacts, pooled = NEAR): string | null {
  const answer = checkScope(CARD, series, pixels, pooled);
  return answer.inScope ? null : answer.reason;
}

describe('scope of a package for 28³ masks', () => {
  test('a mask of the right size is in scope, whatever its foreground value', () => {
    expect(reason(VOLUME, MASK)).toBeNull();
    expect(
      reason(
        VOLUME,
        facts((i) => (i === 5000 ? 1 : 0)),
      ),
    ).toBeNull();
  });

  test('28³ grey noise is out of scope', () => {
    expect(reason(VOLUME, NOISE)).toBe('it needs a binary mask, these are grey values');
  });

  test('an empty mask and a full one are out of scope', () => {
    expect(
      reason(
        VOLUME,
        facts(() => 0),
      ),
    ).toBe('it needs a binary mask, all pixels are the same here');
    expect(
      reason(
        VOLUME,
        facts(() => 1),
      ),
    ).toBe('it needs a binary mask, all pixels are the same here');
  });

  test('two grey values without zero are no mask', () => {
    expect(
      reason(
        VOLUME,
        facts((i) => 100 + (i % 2)),
      ),
    ).toContain('grey values');
  });

  test('28 slices of a grey MR are out of scope by their pixels, and by their size alone', () => {
    const mr: SeriesFacts = { ...VOLUME, modality: 'MR', rows: 256, columns: 256, spacingMm: [5, 0.9, 0.9] };
    expect(reason(mr, NOISE)).toContain('grey values');
    expect(reason(mr, MASK)).toBe('it needs 28 rows, there are 256');
  });

  test('extent is held to ± 10 %', () => {
    const wide = (factor: number): SeriesFacts => ({
      ...VOLUME,
      spacingMm: [SPACING, SPACING, SPACING * factor],
    });
    expect(reason(wide(1.09), MASK)).toBeNull();
    expect(reason(wide(0.91), MASK)).toBeNull();
    expect(reason(wide(1.11), MASK)).toBe(
      'it needs an extent of 64.00 mm ± 10 % along columns, this is 71.04 mm',
    );
    expect(reason({ ...VOLUME, spacingMm: [null, SPACING, SPACING] }, MASK)).toContain('this is unknown');
  });

  test('frames, kind, colour and modality count', () => {
    expect(reason({ ...VOLUME, frames: 27 }, MASK)).toBe('it needs 28 frames, there are 27');
    expect(reason({ ...VOLUME, kind: 'cine' }, MASK)).toBe('it was made for volumes, not for loops');
    expect(reason({ ...VOLUME, samples: 3 }, MASK)).toContain('coloured');
    const ct = { ...CARD, scope: { ...CARD.scope, modalities: ['CT'] } };
    expect(checkScope(ct, VOLUME, MASK, NEAR).inScope).toBe(true);
    expect(checkScope(ct, { ...VOLUME, modality: 'MR' }, MASK, NEAR).inScope).toBe(false);
  });

  test('features far from the training series are out of scope', () => {
    expect(
      reason(
        VOLUME,
        MASK,
        NEAR.map(() => 0.99),
      ),
    ).toBeNull();
    expect(
      reason(
        VOLUME,
        MASK,
        NEAR.map(() => 1.01),
      ),
    ).toContain('unlike those it was trained on');
  });

  test('a grey package asks for its range of values', () => {
    const grey = {
      ...CARD,
      scope: { ...CARD.scope, pixels: { kind: 'grey' as const, values: [-1024, 3071] as [number, number] } },
    };
    expect(checkScope(grey, VOLUME, NOISE, NEAR).inScope).toBe(true);
    expect(
      checkScope(
        grey,
        VOLUME,
        facts((i) => i),
        NEAR,
      ).inScope,
    ).toBe(false);
  });
});

describe('feature limit', () => {
  const gaussian = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  // Correlated columns, one without any variance (log T of equally long series).
  const rows = Array.from({ length: 1000 }, () => {
    const shared = gaussian();
    return Float32Array.from({ length: 5 }, (_, i) =>
      i === 4 ? 3.3322 : 10 * i + (i + 1) * (shared + gaussian()),
    );
  });

  test('99.5 % of the training series lie within it', () => {
    const limit = fitFeatureLimit(rows);
    expect(rows.filter((row) => featureDistance(limit, row) <= limit.distance)).toHaveLength(995);
  });

  test('the distance is that of the definition: covariance times precision is the identity', () => {
    const limit = fitFeatureLimit(rows);
    const squares = rows.map((row) => featureDistance(limit, row) ** 2);
    // Mean of squared distances = trace(S·P) · (n − 1)/n, a little less than the rank of 4 because of the ridge.
    const mean = squares.reduce((sum, value) => sum + value, 0) / rows.length;
    expect(mean).toBeGreaterThan(3.9);
    expect(mean).toBeLessThan(4);
  });

  test('a feature that never varied in training makes any other value far', () => {
    const limit = fitFeatureLimit(rows);
    const [row] = rows;
    if (row === undefined) throw new Error('there are rows');
    expect(featureDistance(limit, row.with(4, 5))).toBeGreaterThan(limit.distance);
  });

  test('of few series takes in others like them, and keeps out what is unlike', () => {
    const draw = (): Float32Array => {
      const shared = gaussian();
      return Float32Array.from({ length: 28 }, (_, i) => i + shared + 0.5 * gaussian());
    };
    const few = Array.from({ length: 12 }, draw);
    const limit = leaveOneOutLimit(few);
    if (limit === null) throw new Error('twelve series are enough');
    const others = Array.from({ length: 200 }, draw).map((row) => featureDistance(limit, row));
    expect(others.filter((distance) => distance <= limit.distance).length).toBeGreaterThan(160);
    const [row] = few;
    if (row === undefined) throw new Error('there are rows');
    expect(
      featureDistance(
        limit,
        row.map((value) => value + 6 * gaussian()),
      ),
    ).toBeGreaterThan(limit.distance);
    // The limit without leaving out is what no other series reaches.
    const own = fitFeatureLimit(few);
    expect(Math.min(...others.map(() => featureDistance(own, draw())))).toBeGreaterThan(own.distance);
    expect(leaveOneOutLimit(few.slice(0, 2))).toBeNull();
  });
});
