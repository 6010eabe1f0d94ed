import { KeysliceError, toKeysliceError } from '../contract/errors.ts';
import { REQUESTS, type Answer, type Answers, type Request, type Verb } from '../contract/ipc.ts';
import type { Log } from './log.ts';

/** One function per verb: what the program does when the page asks. */
export type Handlers = { readonly [V in Verb]: (request: Request<V>) => Promise<Answers[V]> };

export interface Sender {
  /** True for the top frame of a page of the app itself. */
  trusted: boolean;
  origin: string;
}

/**
 * The answer to one message. The sender is checked, the request parsed, and whatever goes wrong comes back as a coded
 * error and a line in the log; nothing is thrown across the boundary.
 */
export async function answer<V extends Verb>(
  verb: V,
  raw: unknown,
  sender: Sender,
  { handlers, log }: { handlers: Handlers; log: Log },
): Promise<Answer<Answers[V]>> {
  try {
    if (!sender.trusted)
      throw new KeysliceError('MESSAGE_REFUSED', { reason: `it came from ${sender.origin}` });
    const parsed = REQUESTS[verb].safeParse(raw);
    if (!parsed.success) {
      const fields = parsed.error.issues.map(({ path, code }) => `${path.join('.') || 'request'}: ${code}`);
      throw new KeysliceError('MESSAGE_REFUSED', { reason: `${verb}: ${fields.join(', ')}` });
    }
    // The schema of this very verb has just passed it.
    return { ok: true, value: await handlers[verb](parsed.data as Request<V>) };
  } catch (thrown) {
    const error = toKeysliceError(thrown);
    log.write(`${verb}: ${error.code}: ${error.message}`);
    if (error.code === 'INTERNAL' && error.cause instanceof Error) log.write(error.cause.stack ?? '');
    return { ok: false, error: error.report() };
  }
}
