import { expect, type Locator, type Page } from '@playwright/test';
import { decode } from 'fast-png';

/** Loading, decoding and drawing in software on a busy machine. */
export const PATIENCE_MS = 60_000;

/** The image is on the screen. */
export async function shown(page: Page): Promise<Locator> {
  const viewport = page.locator('[data-testid="viewport"][data-state="shown"]');
  await viewport.waitFor({ timeout: PATIENCE_MS });
  return viewport;
}

/** The zero-based frame is on the screen. */
export async function shownFrame(page: Page, frame: number): Promise<void> {
  await page
    .locator(`[data-testid="viewport"][data-state="shown"][data-frame="${String(frame)}"]`)
    .waitFor({ timeout: PATIENCE_MS });
}

/** Scores and selection are final. */
export async function triaged(page: Page): Promise<void> {
  await page.locator('[data-testid="ribbon"][data-state="final"]').waitFor({ timeout: PATIENCE_MS });
}

const DRAWN_COLORS = 20;
const SETTLING_TRIES = 10;

async function screenshotAfterFrames(element: Locator): Promise<Buffer> {
  await element.evaluate(
    () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => {
          requestAnimationFrame(() => {
            resolve();
          });
        });
      }),
  );
  return element.screenshot({ scale: 'css' });
}

/** A picture of an element whose pixels can be looked at, in CSS pixels. */
export class Picture {
  readonly width: number;
  readonly height: number;
  readonly #data: ArrayLike<number>;
  readonly #channels: number;

  private constructor(png: ReturnType<typeof decode>) {
    this.width = png.width;
    this.height = png.height;
    this.#data = png.data;
    this.#channels = png.channels;
  }

  /** Once it stands still: on a busy machine the screen shows a drawing some time after it was made. */
  static async of(element: Locator): Promise<Picture> {
    let latest = await screenshotAfterFrames(element);
    for (let tries = 0; tries < SETTLING_TRIES; tries++) {
      const next = await screenshotAfterFrames(element);
      if (next.equals(latest)) break;
      latest = next;
    }
    return new Picture(decode(latest));
  }

  /** Red, green and blue at a place. */
  at(x: number, y: number): [number, number, number] {
    const first = (Math.round(y) * this.width + Math.round(x)) * this.#channels;
    const [red, green, blue] = [0, 1, 2].map((channel) => this.#data[first + channel] ?? -1);
    return [red ?? -1, green ?? -1, blue ?? -1];
  }

  /** Number of different colours: an empty or evenly grey view has few. */
  colors(): number {
    const seen = new Set<number>();
    for (let y = 0; y < this.height; y += 3) {
      for (let x = 0; x < this.width; x += 3) {
        const [red, green, blue] = this.at(x, y);
        seen.add(red * 65_536 + green * 256 + blue);
      }
    }
    return seen.size;
  }
}

/** A picture of an element that shows more than one even grey. */
export async function drawnPicture(element: Locator): Promise<Picture> {
  await expect.poll(async () => (await Picture.of(element)).colors()).toBeGreaterThan(DRAWN_COLORS);
  return Picture.of(element);
}

/**
 * Place in a viewport of a point of an image that is fitted into it, in CSS pixels.
 * @param point column and row, pixel centres at .5; @param size columns and rows; @param spacing row, column in mm
 */
export function fittedPlace(
  picture: Pick<Picture, 'width' | 'height'>,
  size: readonly [number, number],
  spacing: readonly [number, number],
  point: readonly [number, number],
): [number, number] {
  const [columns, rows] = size;
  const [rowSpacing, columnSpacing] = spacing;
  const scale = Math.min(picture.width / (columns * columnSpacing), picture.height / (rows * rowSpacing));
  return [
    picture.width / 2 + (point[0] - columns / 2) * columnSpacing * scale,
    picture.height / 2 + (point[1] - rows / 2) * rowSpacing * scale,
  ];
}
