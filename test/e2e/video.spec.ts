import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { gifFile } from '../fixtures/gifFile.ts';
import { ffmpeg, hasFfmpeg, rgbPictures } from '../support/ffmpeg.ts';
import { expect, test } from './support/launch.ts';
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
  await expect(page.getByTestId('open-sample')).toBeVisible();
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, clips);
  await page.getByTestId('open-folder').click();
  await shown(page);
  await triaged(page);
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
