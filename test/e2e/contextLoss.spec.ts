import type { Page } from '@playwright/test';
import { join } from 'node:path';
import { writeCtSeries } from '../fixtures/ctSlice.ts';
import { expect, test } from './support/launch.ts';
import { PATIENCE_MS, Picture, drawnPicture, shown, shownFrame } from './support/viewport.ts';

/** Keeps every WebGL context that the page makes from now on, then starts the page again. */
async function watchContexts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const contexts: WebGL2RenderingContext[] = [];
    const descriptor = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, 'getContext');
    const original: unknown = descriptor?.value;
    if (typeof original !== 'function') return;
    const watched = new Proxy(original, {
      apply: (target, canvas, args): unknown => {
        const context: unknown = Reflect.apply(target, canvas, args);
        if (context instanceof WebGL2RenderingContext && !contexts.includes(context)) contexts.push(context);
        return context;
      },
    });
    Object.defineProperty(HTMLCanvasElement.prototype, 'getContext', { ...descriptor, value: watched });
    Object.assign(window, { contextsOfThisTest: contexts });
  });
  await page.reload();
}

/** Loses every living context and waits until the view has been covered and uncovered. @returns contexts lost */
const loseContexts = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const contexts = Reflect.get(window, 'contextsOfThisTest') as WebGL2RenderingContext[];
    const covered = (): boolean => document.querySelector('[data-testid="recovering"]') !== null;
    const living = contexts.filter((context) => !context.isContextLost());
    const recovered = new Promise<void>((resolve) => {
      let wasCovered = false;
      const observer = new MutationObserver(() => {
        wasCovered ||= covered();
        if (!wasCovered || covered()) return;
        observer.disconnect();
        resolve();
      });
      observer.observe(document.body, { childList: true, subtree: true });
    });
    for (const context of living) context.getExtension('WEBGL_lose_context')?.loseContext();
    await recovered;
    return living.length;
  });

async function differences(page: Page, testid: string, before: Picture): Promise<number> {
  const after = await Picture.of(page.getByTestId(testid));
  let different = 0;
  for (let y = 0; y < before.height; y += 7) {
    for (let x = 0; x < before.width; x += 7) {
      const [a, b] = [before.at(x, y), after.at(x, y)];
      if (a.some((channel, index) => Math.abs(channel - (b[index] ?? 0)) > 3)) different += 1;
    }
  }
  return different;
}

test('after a lost context the image comes back as it was', async ({ launch, folder }) => {
  writeCtSeries(join(folder, 'ct'), 8, { rows: 48, columns: 48 });
  const { page } = await launch({ paths: [join(folder, 'ct')] });
  await shown(page);
  await watchContexts(page);
  await page.locator('[data-testid="empty"] li button').first().click();
  await shown(page);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await shownFrame(page, 1);
  const before = await drawnPicture(page.getByTestId('picture'));
  expect(await loseContexts(page)).toBeGreaterThan(0);
  // The canvas keeps its last picture; only another image and back shows that drawing works.
  await page.keyboard.press('Home');
  await shownFrame(page, 0);
  await page.keyboard.press('ArrowDown');
  await shownFrame(page, 1);
  await expect.poll(() => differences(page, 'picture', before), { timeout: PATIENCE_MS }).toBe(0);
});

test('after a lost context the volume comes back as it was, not as one even grey', async ({
  launch,
  folder,
}) => {
  writeCtSeries(join(folder, 'ct'), 20, { rows: 48, columns: 48 });
  const { page } = await launch({ paths: [join(folder, 'ct')] });
  await shown(page);
  await watchContexts(page);
  await page.locator('[data-testid="empty"] li button').first().click();
  await shown(page);
  await page.keyboard.press('v');
  await page.locator('[data-testid="mpr"][data-state="shown"]').waitFor({ timeout: PATIENCE_MS });
  const before = await drawnPicture(page.getByTestId('pane-sagittal'));
  expect(await loseContexts(page)).toBeGreaterThan(0);
  await page.getByTestId('pane-sagittal').hover();
  await page.mouse.wheel(0, 120);
  await expect
    .poll(() => differences(page, 'pane-sagittal', before), { timeout: PATIENCE_MS })
    .toBeGreaterThan(0);
  await page.mouse.wheel(0, -120);
  await expect.poll(() => differences(page, 'pane-sagittal', before), { timeout: PATIENCE_MS }).toBe(0);
});
