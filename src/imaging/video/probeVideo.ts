import { z } from 'zod';
import { KeysliceError } from '../../contract/errors.ts';
import { runProgram } from './runProgram.ts';
import { checkPictureSize } from './videoLimits.ts';

const text = z.string().max(200);
const answerSchema = z.object({
  streams: z
    .array(
      z.object({
        codec_name: text.optional(),
        codec_long_name: text.optional(),
        profile: text.optional(),
        width: z.int().optional(),
        height: z.int().optional(),
        nb_frames: z
          .string()
          .regex(/^\d{1,9}$/)
          .optional(),
      }),
    )
    .max(1),
});

export interface ProbedVideo {
  codec: string;
  lossless: boolean;
  /** Pictures that the container says it holds; null where it does not. */
  announced: number | null;
}

const NAMES: Readonly<Record<string, string>> = {
  h264: 'H.264',
  hevc: 'H.265',
  mpeg1video: 'MPEG-1',
  mpeg2video: 'MPEG-2',
  mpeg4: 'MPEG-4 Part 2',
  mjpeg: 'Motion JPEG',
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
};

/** Codecs that lose nothing in whichever way they are used. */
const LOSSLESS = new Set([
  'rawvideo',
  'ffv1',
  'huffyuv',
  'ffvhuff',
  'utvideo',
  'magicyuv',
  'lagarith',
  'png',
  'qtrle',
]);
const MAX_ANSWER_BYTES = 2 ** 20;

/**
 * Asks ffprobe about the first video stream of a file.
 * @param input the arguments that name the file and how it is read
 * @throws KeysliceError NOT_AN_IMAGE, FILE_UNREADABLE, LIMIT_EXCEEDED, HEADER_INCONSISTENT, CANCELLED
 */
export async function probeVideo(
  program: string,
  input: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ProbedVideo> {
  const entries = 'stream=codec_name,codec_long_name,profile,width,height,nb_frames';
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', entries, '-of', 'json', ...input];
  let answer = '';
  const { code, complaint } = await runProgram(program, args, signal, async (output) => {
    for await (const chunk of output.setEncoding('utf8')) {
      answer += String(chunk);
      if (answer.length > MAX_ANSWER_BYTES) throw unreadable('ffprobe answers without end');
    }
  });
  if (code !== 0) throw unreadable(withoutPath(complaint, input));
  const [stream] = parsed(answer).streams;
  if (stream === undefined) throw new KeysliceError('NOT_AN_IMAGE', { reason: 'it has no video stream' });
  const name = stream.codec_name;
  if (name === undefined || name === 'unknown')
    throw unreadable('the codec of its video stream is not known');
  const { width = 0, height = 0 } = stream;
  // ffprobe gives no size where it is beyond the limit that it was given.
  if (width === 0 || height === 0)
    throw unreadable('its pictures have no size, or one that no decoder accepts');
  checkPictureSize(height, width);
  const profile = /^[A-Z]/.test(stream.profile ?? '') ? ` (${stream.profile ?? ''})` : '';
  return {
    codec: `${NAMES[name] ?? stream.codec_long_name ?? name}${profile}`,
    lossless: LOSSLESS.has(name),
    announced: stream.nb_frames === undefined ? null : Number(stream.nb_frames),
  };
}

function parsed(answer: string): z.infer<typeof answerSchema> {
  try {
    return answerSchema.parse(JSON.parse(answer));
  } catch (cause) {
    throw new KeysliceError('FILE_UNREADABLE', { reason: 'ffprobe does not understand it' }, { cause });
  }
}

/** The name of the file stands beside the message already. */
function withoutPath(complaint: string, input: readonly string[]): string {
  const named = input.reduce((line, argument) => line.replace(`${argument}: `, ''), complaint);
  return named === '' ? 'ffprobe does not understand it' : `ffprobe says: ${named}`;
}

const unreadable = (reason: string): KeysliceError => new KeysliceError('FILE_UNREADABLE', { reason });
