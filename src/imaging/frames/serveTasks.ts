/** The worker's side of `WorkerPool`: runs named tasks one after the other and answers on the port. */
import type { MessagePort, Transferable } from 'node:worker_threads';
import { KeysliceError, toKeysliceError } from '../../contract/errors.ts';
import type { ErrorReport } from '../../contract/errors.ts';

export interface TaskRequest {
  id: number;
  task: string;
  payload: unknown;
}

export type TaskReply = { id: number; result: unknown } | { id: number; error: ErrorReport };

export interface TaskResult {
  result: unknown;
  /** Buffers of `result` that move instead of being copied. */
  transfer?: readonly Transferable[];
}

/** @param payload what `WorkerPool.run` was given, structured-cloned; pool and worker are built together */
export type Task = (payload: never) => Promise<TaskResult>;

/** Errors cross as `ErrorReport`, so that codes and facts survive the thread. */
export function serveTasks(port: MessagePort, tasks: Readonly<Record<string, Task>>): void {
  port.on('message', (request: TaskRequest) => {
    void answer(request, tasks).then(({ reply, transfer }) => {
      port.postMessage(reply, transfer);
    });
  });
}

async function answer(
  { id, task, payload }: TaskRequest,
  tasks: Readonly<Record<string, Task>>,
): Promise<{ reply: TaskReply; transfer: readonly Transferable[] }> {
  try {
    const run = tasks[task];
    if (run === undefined) throw new KeysliceError('INTERNAL', { reason: `there is no task ${task}` });
    const { result, transfer = [] } = await run(payload as never);
    return { reply: { id, result }, transfer };
  } catch (thrown) {
    return { reply: { id, error: toKeysliceError(thrown).report() }, transfer: [] };
  }
}
