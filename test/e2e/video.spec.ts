import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Page } from '@playwright/test';
import { gifFile } from '../fixtures/gifFile.ts';
import { ffmpeg, hasFfmpeg, rgbPictures } from '../support/ffmpeg.ts';
import { sharedData } from '../support/sharedData.ts';
import { expect, test, type Keyslice } from './support/launch.ts';
import { PATIENCE_MS, shown, triaged } from './support/viewport.ts';

/** Between YUV and RGB decoders round in their own ways, and place coarse colour on fine pixels differently. */
const MEAN_TOLERANCE = 1;
const [ROWS, COLUMNS] = [64, 96];

/** Pictures of a series as the program gives them to the page, RGB by pixel. */
async function pictures(page: Page, seriesId: string, frames: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let frame = 0; frame < frames; frame++) {
    const values = await page.evaluate(
      async ([id, index]) => {
        const answer = await window.keyslice.frame({ seriesId: id, frame: index, urgent: true });
        return answer.ok ? Array.from(new Uint8Array(answer.value.values)) : [];
      },
      [seriesId, frame] as const,
    );
    parts.push(Buffer.from(values));
  }
  return Buffer.concat(parts);
}

/** As a person does: a clip named at the start would bring a hidden page up before the window. */
async function openFolder({ app, page }: Keyslice, folder: string): Promise<void> {
  await expect(page.getByTestId('open-sample')).toBeVisible();
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, folder);
  await page.getByTestId('open-folder').click();
  await shown(page);
  await triaged(page);
}

function meanDifference(a: Buffer, b: Buffer): number {
  expect(a.length).toBe(b.length);
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}

test('clips open with the decoders of Chromium, others with ffmpeg, and play', async ({ launch, folder }) => {
  test.skip(!hasFfmpeg(), 'ffmpeg is not installed');
  test.slow();
  const clips = join(folder, 'clips');
  mkdirSync(clips);
  const source = [
    '-f',
    'lavfi',
    '-i',
    `testsrc=size=${String(COLUMNS)}x${String(ROWS)}:rate=20:duration=0.6`,
  ];
  ffmpeg(...source, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-bf', '2', join(clips, 'a.mp4'));
  ffmpeg(
    ...source,
    '-c:v',
    'libvpx-vp9',
    '-pix_fmt',
    'yuv420p',
    '-deadline',
    'realtime',
    join(clips, 'b.webm'),
  );
  ffmpeg(...source, '-c:v', 'mpeg4', join(clips, 'c.avi'));
  ffmpeg('-i', join(clips, 'a.mp4'), '-c', 'copy', '-metadata:s:v:0', 'rotate=90', join(clips, 'd.mov'));
  const keyslice = await launch();
  const { app, page } = keyslice;
  await openFolder(keyslice, clips);
  for (const [name, tolerance] of [
    ['a.mp4', MEAN_TOLERANCE],
    ['b.webm', MEAN_TOLERANCE],
    ['c.avi', 0],
    ['d.mov', MEAN_TOLERANCE],
  ] as const) {
    const path = join(clips, name);
    const difference = meanDifference(await pictures(page, path, 12), rgbPictures(path));
    console.log(`${name}: mean difference ${difference.toFixed(2)}`);
    expect(difference, name).toBeLessThanOrEqual(tolerance);
  }
  expect(keyslice.log().match(/12 images decoded by Chromium \(\S+\)/g)).toHaveLength(3);
  // The hidden pages are gone.
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);

  // Off the button, which Space would press.
  await page.getByTestId('picture').click();
  await page.keyboard.press('Space');
  await expect(page.getByTestId('cine-rate')).toHaveText(/^\d+\.\d of 20\.0 fps$/, { timeout: PATIENCE_MS });
  await page.screenshot({ path: 'test-results/screens/video.png', animations: 'disabled' });
  await page.keyboard.press('Space');
  await page.keyboard.press('Control+e');
  await expect(page.getByTestId('export-dialog')).toContainText('triage.json, without images');
  await page.screenshot({ path: 'test-results/screens/video-export.png', animations: 'disabled' });
});

test('real clips are decoded by Chromium as ffmpeg decodes them', async ({ launch, folder }) => {
  const names = ['covid-blues/lus_videos/patient_16_L2.mp4', 'pocus-lung/videos/Reg_Avi_Video_001.mp4'];
  const found = names.flatMap((name) => sharedData(`ultrasound/${name}`) ?? []);
  test.skip(found.length < names.length || !hasFfmpeg(), 'no ultrasound clips, or no ffmpeg');
  test.slow();
  const clips = join(folder, 'clips');
  mkdirSync(clips);
  for (const path of found) copyFileSync(path, join(clips, basename(path)));
  const keyslice = await launch();
  const { page } = keyslice;
  await openFolder(keyslice, clips);
  for (const name of found.map((path) => basename(path))) {
    const path = join(clips, name);
    const expected = rgbPictures(path);
    const answer = await page.evaluate(async (seriesId) => {
      const frame = await window.keyslice.frame({ seriesId, frame: 40, urgent: true });
      if (!frame.ok) throw new Error(frame.error.message);
      return { samples: frame.value.samples, values: Array.from(new Uint8Array(frame.value.values)) };
    }, path);
    const rgb = answer.samples === 3 ? answer.values : answer.values.flatMap((grey) => [grey, grey, grey]);
    const difference = meanDifference(Buffer.from(rgb), expected.subarray(40 * rgb.length, 41 * rgb.length));
    console.log(`${name}: mean difference ${difference.toFixed(2)}`);
    expect(difference, name).toBeLessThanOrEqual(MEAN_TOLERANCE);
  }
  console.log(
    keyslice
      .log()
      .match(/video: .*/g)
      ?.join('\n'),
  );
  expect(keyslice.log()).toContain('decoded by Chromium (H.264)');
});

test('a GIF opens without any decoder of the machine', async ({ launch, folder }) => {
  const file = join(folder, 'loop.gif');
  const palette = [
    [0, 0, 0],
    [200, 10, 20],
    [30, 180, 40],
    [250, 250, 250],
  ] as const;
  const picture = (color: number) => ({
    width: 32,
    height: 24,
    delay: 5,
    indices: Array.from({ length: 768 }, (_, at) => (at + color) % 4),
  });
  writeFileSync(file, gifFile({ width: 32, height: 24 }, palette, [picture(0), picture(1), picture(3)]));
  const { page } = await launch({ paths: [file] });
  await shown(page);
  await triaged(page);
  await expect(page.getByTestId('series-0')).toContainText('3 frames · 20 fps');
});
