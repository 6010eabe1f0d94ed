import { availableParallelism } from 'node:os';
import type { EngineChoice } from '../contract/engineChoice.ts';
import { chooseEngine } from '../ml/engines/chooseEngine.ts';
import type { Engine } from '../ml/engines/engine.ts';

/**
 * An engine in this process, for commands that may be killed at any moment (training, evaluation); the window's
 * engine lives in its own worker.
 * @throws KeysliceError ENGINE_UNAVAILABLE
 */
export async function commandEngine(choice: EngineChoice, onEngine: (line: string) => void): Promise<Engine> {
  const { engine, report } = await chooseEngine(choice, {
    threads: availableParallelism(),
    wasmFolder: null,
  });
  onEngine(report.line);
  return engine;
}
