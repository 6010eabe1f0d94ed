/** Names of the IPC channels, apart from the schemas: the preload needs the names only. */
import type { Verb } from './ipc.ts';

export const verbChannel = (verb: Verb): string => `keyslice:${verb}`;
export const EVENT_CHANNEL = 'keyslice:event';
