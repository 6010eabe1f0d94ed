import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KeysliceError } from '../../contract/errors.ts';
import { findProgram, programFolders } from './findProgram.ts';
import { parseFrameTimes } from './frameTimes.ts';
import { readPpmStream } from './ppmStream.ts';
import { probeVideo } from './probeVideo.ts';
import { runProgram } from './runProgram.ts';
import type { VideoContainer } from './videoContainer.ts';
import type { DecodedVideo, VideoDecoder, VideoJob } from './videoDecoder.ts';
import { MAX_PICTURE_PIXELS } from './videoLimits.ts';

/** ffmpeg's names of the containers. Naming one keeps it from guessing a playlist that names other files. */
const DEMUXERS: Readonly<Record<VideoContainer, string>> = {
  mp4: 'mov',
  matroska: 'matroska',
  avi: 'avi',
  gif: 'gif',
  mpegps: 'mpeg',
  mpegts: 'mpegts',
  mpegvideo: 'mpegvideo',
  h264: 'h264',
  hevc: 'hevc',
};

const MAX_BLOCK_BYTES = 2 ** 30;
/** Bare streams have no clock: what ffmpeg then gives are 25 pictures a second of its own. */
const WITHOUT_CLOCK: readonly VideoContainer[] = ['mpegvideo', 'h264', 'hevc'];

interface Programs {
  ffmpeg: string;
  ffprobe: string;
  /** What keeps one picture for each that was stored; its name changed with version 5.1. */
  everyPicture: readonly string[];
}

/** Decodes with the machine's own ffmpeg, which is started as a program; nothing of it is part of Keyslice. */
export class FfmpegDecoder implements VideoDecoder {
  readonly #folders: readonly string[];
  #programs: Promise<Programs | null> | null = null;

  /** @param folders where ffmpeg and ffprobe are looked for */
  constructor(folders: readonly string[] = programFolders(process.env['PATH'] ?? '')) {
    this.#folders = folders;
  }

  async decode(job: VideoJob): Promise<DecodedVideo | null> {
    this.#programs ??= findPrograms(this.#folders);
    const programs = await this.#programs;
    return programs === null ? null : await decodeWith(programs, job);
  }
}

async function findPrograms(folders: readonly string[]): Promise<Programs | null> {
  const ffmpeg = await findProgram('ffmpeg', folders);
  const ffprobe = await findProgram('ffprobe', folders);
  if (ffmpeg === null || ffprobe === null) return null;
  let text = '';
  await runProgram(ffmpeg, ['-version'], undefined, async (output) => {
    for await (const chunk of output.setEncoding('utf8')) text += String(chunk);
  });
  return { ffmpeg, ffprobe, everyPicture: [hasFpsMode(text) ? '-fps_mode' : '-vsync', 'passthrough'] };
}

/** Builds from a repository have a date or a hash for a version: they are taken as new. */
export function hasFpsMode(version: string): boolean {
  const [, major, minor] = /^ffmpeg version n?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return true;
  return Number(major) > 5 || (Number(major) === 5 && Number(minor) >= 1);
}

async function decodeWith(programs: Programs, job: VideoJob): Promise<DecodedVideo> {
  const input = inputArguments(job);
  const probed = await probeVideo(programs.ffprobe, input, job.signal);
  const list = join(job.folder, 'times.txt');
  let cut = 0;
  let frames = 0;
  const { code, complaint } = await runProgram(
    programs.ffmpeg,
    decodeArguments(input, list, programs.everyPicture),
    job.signal,
    async (output) => {
      const sink = {
        frame: async (...picture: Parameters<typeof job.sink.frame>): Promise<void> => {
          await job.sink.frame(...picture);
          frames += 1;
        },
      };
      cut = await readPpmStream(output, sink);
    },
  );
  const stopped = code !== 0 || cut > 0;
  // The last picture before a fault may be a part of one, with the rest taken from its neighbour.
  const sound = stopped ? frames - 1 : frames;
  const damage =
    stopped || complaint !== '' ? reasonOf(complaint, job.path) : missing(sound, probed.announced);
  if (sound < 1 && damage !== null) throw new KeysliceError('FILE_UNREADABLE', { reason: damage });
  const listed = WITHOUT_CLOCK.includes(job.container)
    ? null
    : parseFrameTimes(await readFile(list, 'latin1'));
  const timesMs = listed === null || listed.length < sound ? null : listed.slice(0, sound);
  const { codec, lossless } = probed;
  return { frames: sound, codec, lossless, timesMs, damage };
}

/** A file that was cut off between two pictures is no fault to ffmpeg. */
const missing = (frames: number, announced: number | null): string | null =>
  announced === null || announced <= frames ? null : `${announced} images are announced`;

/** What is in the file may name no other file, no network, and no block beyond the limits. */
function inputArguments({ path, container }: VideoJob): string[] {
  const limits = ['-max_alloc', String(MAX_BLOCK_BYTES), '-max_pixels', String(MAX_PICTURE_PIXELS)];
  const reading = ['-protocol_whitelist', 'file,pipe', '-f', DEMUXERS[container]];
  return [...limits, ...reading, '-i', `file:${path}`];
}

/**
 * Pictures to the pipe, their times to a file. Decoding ends at the first fault: a decoder that goes on would paint
 * over it with what it takes from the neighbours.
 */
function decodeArguments(input: readonly string[], list: string, everyPicture: readonly string[]): string[] {
  const strict = ['-xerror', '-err_detect', 'explode', '-flags', '-output_corrupt'];
  // The container's own clock: another one could give two pictures the same time.
  const stream = ['-map', '0:v:0', '-an', '-sn', '-dn', ...everyPicture, '-enc_time_base', '-1'];
  return [
    ...['-v', 'error', '-nostdin', '-y', ...strict, ...input],
    ...[...stream, '-c:v', 'ppm', '-pix_fmt', 'rgb24', '-f', 'image2pipe', 'pipe:1'],
    ...[...stream, '-c:v', 'wrapped_avframe', '-f', 'framecrc', `file:${list}`],
  ];
}

/** Without the name of the file, which stands beside it, and the addresses of ffmpeg's own objects. */
function reasonOf(complaint: string, path: string): string {
  const line = complaint.replaceAll(`file:${path}`, 'the file').replace(/^(\[[^\]]*\] *)+/, '');
  return line === '' ? 'ffmpeg stopped before its end' : `ffmpeg says: ${line.replace(/\.$/, '')}`;
}
