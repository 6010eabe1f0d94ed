/** What the program and the hidden page that decodes videos say to each other, over one port for each video. */
import { z } from 'zod';

/** `null`: hands over the port. */
export const VIDEO_PORT_CHANNEL = 'keyslice:video-port';

export const videoPageMessage = z.discriminatedUnion('type', [
  /** Wants bytes of the file; one request at a time has an identifier of its own. */
  z.strictObject({ type: z.literal('read'), id: z.int(), start: z.int().min(0), end: z.int().min(0) }),
  /** RGB by pixel; the next one is sent when this one has been taken. */
  z.strictObject({
    type: z.literal('frame'),
    rows: z.int().min(1),
    columns: z.int().min(1),
    timeMs: z.number(),
    rgb: z.instanceof(ArrayBuffer),
  }),
  z.strictObject({ type: z.literal('done'), codec: z.string().max(100) }),
  /** Chromium cannot decode it; nothing was sent. */
  z.strictObject({ type: z.literal('refused'), reason: z.string().max(1000) }),
  /** Decoding broke off after the pictures that were sent. */
  z.strictObject({ type: z.literal('failed'), codec: z.string().max(100), reason: z.string().max(1000) }),
]);

export type VideoPageMessage = z.infer<typeof videoPageMessage>;

export type VideoProgramMessage =
  | { type: 'open'; bytes: number }
  | { type: 'bytes'; id: number; bytes: Uint8Array<ArrayBuffer> }
  | { type: 'next' };
