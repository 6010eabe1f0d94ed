import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DicomImage } from '../../../../src/imaging/dicom/dicomImage.ts';
import { readDicomImage } from '../../../../src/imaging/dicom/dicomImage.ts';
import { readStudy } from '../../../../src/imaging/readStudy.ts';
import { withOpenFile } from '../../../../src/imaging/scan/openFile.ts';
import { FfmpegDecoder, hasFpsMode } from '../../../../src/imaging/video/ffmpegDecoder.ts';
import { VideoUnpacker } from '../../../../src/imaging/video/unpackVideo.ts';
import { usLoop } from '../../../fixtures/ctSlice.ts';
import { dicomFile } from '../../../fixtures/dicomFile.ts';
import { ffmpeg, hasFfmpeg, pictureTimes, rgbPictures } from '../../../support/ffmpeg.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { scratchIn, seriesOfFile, shownPictures } from '../../../support/unpackedPictures.ts';

const folder = temporaryFolder();
const scratch = scratchIn(folder);
const source = ['-f', 'lavfi', '-i', 'testsrc=size=96x64:rate=20:duration=0.6'];
const here = (name: string): string => join(folder, name);

/** Makes a clip of 12 pictures, 50 ms apart. */
function clip(name: string, ...codec: readonly string[]): string {
  ffmpeg(...source, ...codec, here(name));
  return here(name);
}

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

describe.skipIf(!hasFfmpeg())('a video file', () => {
  it.each([
    ['h264.mp4', H264, 'H.264 (Constrained Baseline)'],
    [
      'b-frames.mov',
      [...H264.slice(0, 2), '-bf', '3', '-pix_fmt', 'yuv444p'],
      'H.264 (High 4:4:4 Predictive)',
    ],
    ['vp8.webm', ['-c:v', 'libvpx'], 'VP8'],
    ['vp9.webm', ['-c:v', 'libvpx-vp9', '-deadline', 'realtime'], 'VP9 (Profile 1)'],
    ['mpeg4.avi', ['-c:v', 'mpeg4'], 'MPEG-4 Part 2 (Simple Profile)'],
    ['stream.ts', ['-c:v', 'mpeg2video'], 'MPEG-2 (Main)'],
  ])('%s has every picture and time that ffmpeg has', async (name, codec, description) => {
    const path = clip(name, ...codec);
    const series = await seriesOfFile(path, scratch);
    expect(series).toMatchObject({
      format: 'video',
      kind: 'cine',
      modality: 'OT',
      framesPerPhase: 12,
      description: `${name} · ${description}`,
    });
    expect(series.warnings).toEqual([]);
    expect(series.frames.every(({ lossy }) => lossy)).toBe(true);
    expect(series.files.map(({ shownPath }) => shownPath)).toEqual([undefined, path]);
    expect((await shownPictures(series)).equals(rgbPictures(path))).toBe(true);
    const times = pictureTimes(path);
    series.frames.forEach(({ timeMs }, frame) => {
      expect(timeMs).toBeCloseTo(1000 * ((times[frame] ?? NaN) - (times[0] ?? NaN)), 2);
    });
    expect(series.cine).toMatchObject({ frameTimeMs: 50, displayFps: null });
  });

  it('keeps times that vary', async () => {
    const varying = "settb=1/1000,setpts='N*N*10'";
    const path = clip(
      'varying.mp4',
      ...H264,
      '-vf',
      varying,
      '-fps_mode',
      'passthrough',
      '-enc_time_base',
      '1/1000',
    );
    const series = await seriesOfFile(path, scratch);
    series.frames.forEach(({ timeMs }, frame) => {
      expect(timeMs).toBeCloseTo(frame * frame * 10, 3);
    });
  });

  it('without colour is stored grey; a lossless codec is no loss', async () => {
    const path = clip('grey.mkv', '-vf', 'format=gray', '-c:v', 'ffv1');
    const series = await seriesOfFile(path, scratch);
    expect(series.frames[0]).toMatchObject({ lossy: false, pixel: { samplesPerPixel: 1 } });
    expect((await shownPictures(series)).equals(rgbPictures(path))).toBe(true);
  });

  it('is turned as it says', async () => {
    const path = clip('upright.mp4', ...H264);
    ffmpeg('-i', path, '-c', 'copy', '-metadata:s:v:0', 'rotate=90', here('turned.mp4'));
    const series = await seriesOfFile(here('turned.mp4'), scratch);
    expect(series.frames[0]?.pixel).toMatchObject({ rows: 96, columns: 64 });
    expect((await shownPictures(series)).equals(rgbPictures(here('turned.mp4')))).toBe(true);
  });

  it('with damage in the middle gives the right pictures before it, and no painted-over ones', async () => {
    const path = clip('long.mp4', ...H264, '-movflags', 'faststart', '-g', '4');
    const bytes = readFileSync(path);
    bytes.fill(0x55, Math.floor(bytes.length * 0.7), Math.floor(bytes.length * 0.7) + 400);
    writeFileSync(here('damaged.mp4'), bytes);
    const series = await seriesOfFile(here('damaged.mp4'), scratch);
    expect(series.framesPerPhase).toBeLessThan(12);
    expect(series.warnings).toMatchObject([
      { code: 'VIDEO_DAMAGED', facts: { frames: series.framesPerPhase } },
    ]);
    const shown = await shownPictures(series);
    expect(shown.equals(rgbPictures(path).subarray(0, shown.length))).toBe(true);
  });

  it.each([
    [
      'a truncated MP4, its index lost',
      (bytes: Buffer) => bytes.subarray(0, bytes.length / 2),
      'FILE_UNREADABLE',
    ],
    [
      'garbage with ftyp',
      () => Buffer.from('\0\0\0\x18ftypisom garbage that is nothing at all'),
      'FILE_UNREADABLE',
    ],
    ['an MP4 of no more than its head', (bytes: Buffer) => bytes.subarray(0, 32), 'FILE_UNREADABLE'],
  ])('%s is refused', async (_, change, code) => {
    const path = here('broken.mp4');
    writeFileSync(path, change(readFileSync(clip('whole.mp4', ...H264))));
    await expect(readStudy(path, { scratch })).rejects.toMatchObject({ code, path });
  });

  it('with sound alone is no image', async () => {
    ffmpeg('-f', 'lavfi', '-i', 'sine=duration=0.2', '-c:a', 'aac', here('sound.mp4'));
    const reading = readStudy(here('sound.mp4'), { scratch });
    await expect(reading).rejects.toMatchObject({
      code: 'NOT_AN_IMAGE',
      facts: { reason: 'it has no video stream' },
    });
  });

  it('of enormous pictures is refused before anything is decoded', async () => {
    const path = here('enormous.avi');
    const bytes = readFileSync(clip('small.avi', '-c:v', 'rawvideo', '-pix_fmt', 'bgr24'));
    // Width and height in the stream format (BITMAPINFOHEADER).
    const format = bytes.indexOf('strf') + 12;
    bytes.writeUInt32LE(65_000, format);
    bytes.writeUInt32LE(65_000, format + 4);
    writeFileSync(path, bytes);
    await expect(readStudy(path, { scratch })).rejects.toMatchObject({ code: 'FILE_UNREADABLE', path });
  });

  it('stops when it is cancelled', async () => {
    const path = here('endless.mp4');
    ffmpeg('-f', 'lavfi', '-i', 'testsrc=size=640x480:rate=25:duration=20', ...H264, path);
    const stop = new AbortController();
    setTimeout(() => {
      stop.abort();
    }, 300);
    await expect(readStudy(path, { scratch, signal: stop.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  it('needs a place to be unpacked', async () => {
    await expect(readStudy(clip('homeless.mp4', ...H264))).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' });
  });
});

describe.skipIf(!hasFfmpeg())('video in DICOM', () => {
  const file = here('video.dcm');

  function writeDicom(stream: Buffer, transferSyntax: string, rows = 64): void {
    const half = 2 * Math.floor(stream.length / 4);
    const padded = Buffer.concat([stream.subarray(half), Buffer.alloc(stream.length % 2)]);
    const fragments = { fragments: [stream.subarray(0, half), padded] };
    const loop = usLoop(12, 50, rows, 96);
    writeFileSync(file, dicomFile({ ...loop, '7FE00010': ['OB', fragments] }, { transferSyntax }));
  }

  it.each([
    ['1.2.840.10008.1.2.4.102', 'a.mp4', H264],
    ['1.2.840.10008.1.2.4.103', 'a.h264', H264],
    ['1.2.840.10008.1.2.4.104.1', 'b.ts', H264],
    ['1.2.840.10008.1.2.4.100', 'a.mpg', ['-c:v', 'mpeg2video', '-r', '25']],
    ['1.2.840.10008.1.2.4.101', 'a.m2v', ['-c:v', 'mpeg2video', '-r', '25']],
    [
      '1.2.840.10008.1.2.4.107',
      'a.hevc',
      ['-c:v', 'libx265', '-pix_fmt', 'yuv420p', '-x265-params', 'log-level=none'],
    ],
  ])('%s in %s is unpacked; header and spacing are those of the file', async (uid, name, codec) => {
    const path = clip(name, ...codec);
    writeDicom(readFileSync(path), uid);
    const series = await seriesOfFile(file, scratch);
    const expected = rgbPictures(path);
    expect(series).toMatchObject({ format: 'dicom', kind: 'cine', modality: 'US', transferSyntaxes: [uid] });
    expect(series.framesPerPhase).toBe(expected.length / (64 * 96 * 3));
    expect(series.frames.map(({ timeMs }) => timeMs)).toEqual(series.frames.map((_, frame) => 50 * frame));
    expect((await shownPictures(series)).equals(expected)).toBe(true);
  });

  it('of another size than the header says is refused', async () => {
    writeDicom(readFileSync(clip('size.mp4', ...H264)), '1.2.840.10008.1.2.4.102', 32);
    await expect(readStudy(file, { scratch })).rejects.toMatchObject({
      code: 'HEADER_INCONSISTENT',
      path: file,
    });
  });

  it('is named by its UID where nothing can decode it', async () => {
    writeDicom(Buffer.alloc(400, 1), '1.2.840.10008.1.2.4.108');
    const without = new VideoUnpacker(scratch, [new FfmpegDecoder([])], undefined);
    const reading = withOpenFile(file, (opened): Promise<DicomImage> =>
      readDicomImage(opened, true, without),
    );
    await expect(reading).rejects.toMatchObject({
      code: 'TRANSFER_SYNTAX_UNSUPPORTED',
      facts: { uid: '1.2.840.10008.1.2.4.108' },
    });
  });
});

describe('without ffmpeg', () => {
  it('a video says what is needed', async () => {
    writeFileSync(here('some.mp4'), '\0\0\0\x18ftypisom');
    const without = new VideoUnpacker(scratch, [new FfmpegDecoder([])], undefined);
    await expect(without.unpack(here('some.mp4'), 'mp4')).rejects.toMatchObject({ code: 'DECODER_MISSING' });
  });
});

it.each([
  ['ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright', false],
  ['ffmpeg version 5.0.1 Copyright', false],
  ['ffmpeg version 5.1.9-0+deb12u1 Copyright', true],
  ['ffmpeg version n7.1 Copyright', true],
  ['ffmpeg version N-112345-gabcdef Copyright', true],
])('the option that keeps every picture depends on the version: %s', (version, expected) => {
  expect(hasFpsMode(version)).toBe(expected);
});
