import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ffmpeg, hasFfmpeg, pictureTimes, rgbPictures } from '../support/ffmpeg.ts';
import { sharedData } from '../support/sharedData.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { scratchIn, seriesOfFile, shownPictures } from '../support/unpackedPictures.ts';

/** Clips of a folder; the covid-blues ones are all of one codec, size and maker: every tenth will do. */
function clipsIn(relative: string, step: number): string[] {
  const folder = sharedData(relative);
  return (folder === null ? [] : readdirSync(folder))
    .filter((_, index) => index % step === 0)
    .map((name) => join(folder ?? '', name));
}

const clips = [
  ...clipsIn('ultrasound/covid-blues/lus_videos', 10),
  ...clipsIn('ultrasound/pocus-lung/videos', 1),
];
if (clips.length === 0) console.log('skipped: there are no ultrasound clips');

describe.skipIf(clips.length === 0 || !hasFfmpeg())('real ultrasound clips', () => {
  const scratch = scratchIn(temporaryFolder());

  // H.264 in 4:2:0 and 4:4:4, MPEG-4 Part 2 and MPEG-2; MP4, QuickTime, AVI and program streams.
  it.each(clips)('%s: every picture and every time is what ffmpeg decodes', async (path) => {
    const series = await seriesOfFile(path, scratch);
    expect(series).toMatchObject({ format: 'video', kind: 'cine', warnings: [] });
    expect((await shownPictures(series)).equals(rgbPictures(path))).toBe(true);
    const times = pictureTimes(path);
    expect(times).toHaveLength(series.framesPerPhase);
    series.frames.forEach(({ timeMs }, frame) => {
      // Program streams time some pictures only; the others follow at the rate of the stream.
      const seconds = times[frame] ?? NaN;
      if (Number.isFinite(seconds)) expect(timeMs).toBeCloseTo(1000 * (seconds - (times[0] ?? NaN)), 1);
    });
  });

  it('as a GIF is what ffmpeg makes of it', async () => {
    const [clip = ''] = clips;
    const gif = join(temporaryFolder(), 'clip.gif');
    ffmpeg('-i', clip, '-frames:v', '20', gif);
    const series = await seriesOfFile(gif, scratch);
    expect((await shownPictures(series)).equals(rgbPictures(gif))).toBe(true);
  });
});
