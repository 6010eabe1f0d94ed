import { THUMBNAIL_SIZE } from '../../contract/sampling.ts';
import type { FeatureKernel, ReducedFrame, SmallIntegers } from './featureKernel.ts';
import { PLANE_SIZE, reductionOf, sharedFloats } from './plane.ts';
import { referenceKernel } from './referenceKernel.ts';

/** Below this address lies what the compiler may use itself. */
const FIRST_BYTE = 65_536;
const PAGE = 65_536;
/** One more than are compared with each other. */
const RESIDENT_PLANES = 4;
/** Three channels of the largest plane. */
const PLANE_BYTES = 3 * 4 * PLANE_SIZE * PLANE_SIZE;
const ARENA_START = FIRST_BYTE + RESIDENT_PLANES * PLANE_BYTES;

type Sums = (...args: number[]) => void;

interface KernelExports {
  memory: WebAssembly.Memory;
  reduceUint8: Sums;
  reduceInt8: Sums;
  reduceUint16: Sums;
  reduceInt16: Sums;
  moments: Sums;
  edges: Sums;
  compare: Sums;
  gram: Sums;
}

const FUNCTIONS = [
  'reduceUint8',
  'reduceInt8',
  'reduceUint16',
  'reduceInt16',
  'moments',
  'edges',
  'compare',
  'gram',
] as const;

/**
 * The SIMD kernel of `src/ml/features/kernel`. Not shared between threads: each loads its own.
 * @param bytes the compiled module (out/kernels/features.wasm)
 * @throws the error of WebAssembly itself when the module does not compile here; callers fall back to the reference
 */
export function loadFeatureKernel(bytes: Uint8Array<ArrayBuffer>): FeatureKernel {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  if (!isKernel(exports)) throw new WebAssembly.LinkError('not the feature kernel');
  return kernelOf(exports);
}

function isKernel(exports: object): exports is KernelExports {
  const named = new Map<string, unknown>(Object.entries(exports));
  return (
    named.get('memory') instanceof WebAssembly.Memory &&
    FUNCTIONS.every((name) => typeof named.get(name) === 'function')
  );
}

function kernelOf(wasm: KernelExports): FeatureKernel {
  const arena = new Arena(wasm.memory);
  const planes = new ResidentPlanes(wasm.memory);
  return {
    name: 'wasm',
    reduce: (values, rows, columns, samples) => reduce(wasm, arena, planes, values, rows, columns, samples),
    describe: (values, edges, rows, columns) => {
      const out = arena.start(64);
      const plane = planes.addressOf(values);
      wasm.moments(plane, values.length, out);
      wasm.edges(edges === values ? plane : planes.addressOf(edges), rows, columns, out + 16);
      const [sum = 0, squares = 0, ...rest] = arena.doubles(out, 7);
      const [magnitude = 0, power = 0, absolute = 0, laplacian = 0, bends = 0] = rest;
      return { moments: { sum, squares }, edges: { magnitude, power, absolute, laplacian, squares: bends } };
    },
    compare: (a, b, c) => {
      const out = arena.start(64);
      wasm.compare(planes.addressOf(a), planes.addressOf(b), planes.addressOf(c), b.length, out);
      const [s0 = 0, q0 = 0, s1 = 0, q1 = 0, s2 = 0, q2 = 0] = arena.doubles(out, 6);
      return {
        previous: { sum: s0, squares: q0 },
        next: { sum: s1, squares: q1 },
        curvature: { sum: s2, squares: q2 },
      };
    },
    gram: (vectors, count, length) => {
      if (length % 2 !== 0) return referenceKernel.gram(vectors, count, length);
      const out = arena.start(8 * count * count + vectors.byteLength + 16);
      arena.take(8 * count * count);
      wasm.gram(arena.put(vectors), count, length, out);
      return arena.doubles(out, count * count);
    },
  };
}

function reduce(
  wasm: KernelExports,
  arena: Arena,
  planes: ResidentPlanes,
  values: SmallIntegers,
  rows: number,
  columns: number,
  samples: 1 | 3,
): ReducedFrame {
  // Cells that share pixels are left to the reference: such frames are tiny.
  if (rows < THUMBNAIL_SIZE || columns < THUMBNAIL_SIZE) {
    return referenceKernel.reduce(values, rows, columns, samples);
  }
  const reduction = reductionOf(rows, columns);
  const planeLength = samples * reduction.rows * reduction.columns;
  const cellCount = samples * THUMBNAIL_SIZE * THUMBNAIL_SIZE;
  const scratchBytes = 8 * columns * samples;
  const cells = arena.start(values.byteLength + 8 * cellCount + scratchBytes + 64);
  arena.take(8 * cellCount);
  const scratch = arena.take(scratchBytes);
  const at = arena.put(values);
  const result = sharedFloats(planeLength);
  const plane = planes.reserve(result);
  reducerOf(wasm, values)(at, rows, columns, samples, reduction.factor, scratch, plane, cells);
  result.set(new Float32Array(wasm.memory.buffer, plane, planeLength));
  return { plane: result, cells: arena.doubles(cells, cellCount) };
}

function reducerOf(wasm: KernelExports, values: SmallIntegers): Sums {
  if (values instanceof Uint8Array) return wasm.reduceUint8;
  if (values instanceof Int8Array) return wasm.reduceInt8;
  return values instanceof Uint16Array ? wasm.reduceUint16 : wasm.reduceInt16;
}

/**
 * Planes that lie in linear memory already: a frame is described right after it was reduced, and compared together
 * with the frames before it. Planes are never written to again, so their identity stands for their content.
 */
class ResidentPlanes {
  readonly #memory: WebAssembly.Memory;
  /** Least recently used first. */
  readonly #slots: { address: number; values: Float32Array | null }[];

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#slots = Array.from({ length: RESIDENT_PLANES }, (_, slot) => ({
      address: FIRST_BYTE + slot * PLANE_BYTES,
      values: null,
    }));
  }

  addressOf(values: Float32Array): number {
    const known = this.#slots.find((slot) => slot.values === values);
    if (known !== undefined) return this.#use(known, values);
    const address = this.reserve(values);
    new Float32Array(this.#memory.buffer, address, values.length).set(values);
    return address;
  }

  /** Room for a plane whose content the caller writes. */
  reserve(values: Float32Array): number {
    const [oldest] = this.#slots;
    return oldest === undefined ? FIRST_BYTE : this.#use(oldest, values);
  }

  #use(slot: { address: number; values: Float32Array | null }, values: Float32Array): number {
    this.#slots.splice(this.#slots.indexOf(slot), 1);
    this.#slots.push(slot);
    slot.values = values;
    return slot.address;
  }
}

/** Linear memory handed out from the bottom for one call at a time; it grows and is kept. */
class Arena {
  readonly #memory: WebAssembly.Memory;
  #next = ARENA_START;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  /** Forgets the last call and makes sure that `bytes` fit. @returns the address of the first byte */
  start(bytes: number): number {
    const missing = ARENA_START + bytes - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    this.#next = ARENA_START;
    return ARENA_START;
  }

  take(bytes: number): number {
    const address = this.#next;
    this.#next = address + Math.ceil(bytes / 16) * 16;
    return address;
  }

  put(values: SmallIntegers | Float32Array | Float64Array): number {
    const address = this.take(values.byteLength);
    const target = new Uint8Array(this.#memory.buffer, address, values.byteLength);
    target.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return address;
  }

  /** A copy. */
  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, address, length).slice();
  }
}
