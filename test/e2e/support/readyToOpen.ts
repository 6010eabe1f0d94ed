import type { Page } from '@playwright/test';

/** The first study in the list of those that were opened before. */
export const RECENT_STUDY = '[data-testid="empty"] li button';

/** Waits until the engine has been chosen and the first recent study can be clicked. */
export async function readyToOpen(page: Page): Promise<void> {
  await page.locator(RECENT_STUDY).first().waitFor();
  await page.evaluate(() => window.keyslice.appInfo({}));
}
