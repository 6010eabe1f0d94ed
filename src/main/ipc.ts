import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import { verbChannel } from '../contract/channels.ts';
import { REQUESTS, type Verb } from '../contract/ipc.ts';
import { answer, type Handlers, type Sender } from './answer.ts';
import { APP_ORIGIN } from './appScheme.ts';
import type { Log } from './log.ts';

/** Listens on the channel of every verb of the contract; there are no others. */
export function listen(handlers: Handlers, log: Log): void {
  for (const verb of Object.keys(REQUESTS) as Verb[]) {
    ipcMain.handle(verbChannel(verb), (event, raw: unknown) =>
      answer(verb, raw, senderOf(event), { handlers, log }),
    );
  }
}

/** Frames inside the page and pages of any other origin are strangers. */
function senderOf({ senderFrame, sender }: IpcMainInvokeEvent): Sender {
  const origin = senderFrame?.origin ?? 'a frame that is gone';
  return {
    trusted: senderFrame !== null && senderFrame === sender.mainFrame && origin === APP_ORIGIN,
    origin,
  };
}
