import { describe, expect, it } from 'vitest';
import { npyFile } from '../../../src/app/npy.ts';

describe('npyFile', () => {
  it('aligns the values at 64 bytes and names type and shape', () => {
    const file = npyFile(Int16Array.of(-1, 2, 3, 4, 5, 6), 'int16', [2, 3]);
    const header = new TextDecoder('latin1').decode(file.subarray(10, 128)).split('\n')[0] ?? '';
    expect([...file.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
    expect(header).toContain("'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }");
    const start = 10 + new DataView(file.buffer).getUint16(8, true);
    expect(start % 64).toBe(0);
    expect([...new Int16Array(file.buffer.slice(start))]).toEqual([-1, 2, 3, 4, 5, 6]);
  });
});
