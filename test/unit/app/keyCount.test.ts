import { describe, expect, it } from 'vitest';
import { keyCount } from '../../../src/app/keyCount.ts';

describe('keyCount', () => {
  it('rounds half up and keeps at least one frame', () => {
    expect(keyCount({ ratio: 0.5 }, 5, 5).k).toBe(3);
    expect(keyCount({ ratio: 0.5 }, 98, 98).k).toBe(49);
    expect(keyCount({ ratio: 0.05 }, 3, 3).k).toBe(1);
  });

  it('clamps to the readable frames and says so', () => {
    const clamped = keyCount({ k: 40 }, 20, 18);
    expect(clamped.k).toBe(18);
    expect(clamped.warnings.map(({ code, facts }) => ({ code, facts }))).toEqual([
      { code: 'K_CLAMPED', facts: { asked: 40, available: 18 } },
    ]);
    expect(keyCount({ k: 18 }, 20, 18).warnings).toEqual([]);
  });
});
