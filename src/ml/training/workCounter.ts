import type { Engine, EngineSession, Tensors } from '../engines/engine.ts';
import { countMultiplyAdds } from '../graph/multiplyAdds.ts';
import { readOnnx } from '../graph/readOnnx.ts';

/** An engine that counts the multiply-adds of everything that runs on it, whatever graphs a sampler is made of. */
export class WorkCounter {
  readonly engine: Engine;
  /** Multiply-adds so far; null once a graph ran that cannot be counted. */
  #total: number | null = 0;

  constructor(engine: Engine) {
    this.engine = {
      name: engine.name,
      device: engine.device,
      threads: engine.threads,
      createSession: async (model) => this.#counted(await engine.createSession(model), model),
    };
  }

  /** What has run since the last call; null when some of it cannot be counted. */
  take(): number | null {
    const total = this.#total;
    this.#total = 0;
    return total;
  }

  #counted(session: EngineSession, bytes: Uint8Array): EngineSession {
    const model = readOnnx(bytes);
    const known = new Map<string, number | null>();
    const countOf = (inputs: Tensors): number | null => {
      const dims = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, tensor.dims]));
      const key = JSON.stringify(dims);
      const count = known.has(key) ? (known.get(key) ?? null) : countMultiplyAdds(model, dims);
      known.set(key, count);
      return count;
    };
    return {
      inputNames: session.inputNames,
      outputNames: session.outputNames,
      run: (inputs) => {
        const count = countOf(inputs);
        this.#total = this.#total === null || count === null ? null : this.#total + count;
        return session.run(inputs);
      },
      release: () => session.release(),
    };
  }
}
