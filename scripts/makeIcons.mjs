// Draws the program's icon, the mark of the header on its dark ground, as SVG and as PNG in the sizes of Linux desktops.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';

const folder = fileURLToPath(new URL('../resources/icons', import.meta.url));
const SIZES = [512, 256, 128, 64, 32, 16];
/** The drawing's own units: a square of this side. */
const SIDE = 64;
const CORNER = 14;
const GROUND = '#12161b';
const GREY = '#5d6875';
const KEY = '#f2b84b';
const BASE = 50;
const BAR_WIDTH = 7;
const BAR_CORNER = 1.5;
const BARS = [
  { left: 8, height: 14, color: GREY },
  { left: 18.25, height: 32, color: KEY },
  { left: 28.5, height: 20, color: GREY },
  { left: 38.75, height: 12, color: GREY },
  { left: 49, height: 36, color: KEY },
];
/** Samples per pixel and direction: smooth edges at every size. */
const SAMPLES = 4;

const shapes = [
  { left: 0, top: 0, width: SIDE, height: SIDE, corner: CORNER, color: GROUND },
  ...BARS.map(({ left, height, color }) => ({
    left,
    top: BASE - height,
    width: BAR_WIDTH,
    height,
    corner: BAR_CORNER,
    color,
  })),
];

/** @param {(typeof shapes)[number]} shape @param {number} x @param {number} y */
function covers({ left, top, width, height, corner }, x, y) {
  const fromCornerX = Math.max(left + corner - x, x - (left + width - corner), 0);
  const fromCornerY = Math.max(top + corner - y, y - (top + height - corner), 0);
  return Math.hypot(fromCornerX, fromCornerY) <= corner;
}

/** @param {string} color @returns red, green and blue */
const channels = (color) => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));

/** Mean colour and cover of one pixel. @param {number} size @param {number} column @param {number} row */
function pixel(size, column, row) {
  const sum = [0, 0, 0];
  let covered = 0;
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
    const x = ((column + ((sample % SAMPLES) + 0.5) / SAMPLES) / size) * SIDE;
    const y = ((row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) / size) * SIDE;
    const shape = shapes.findLast((candidate) => covers(candidate, x, y));
    if (shape === undefined) continue;
    covered += 1;
    channels(shape.color).forEach((value, channel) => (sum[channel] = (sum[channel] ?? 0) + value));
  }
  const mean = sum.map((value) => (covered === 0 ? 0 : Math.round(value / covered)));
  return [...mean, Math.round((covered / (SAMPLES * SAMPLES)) * 255)];
}

/** @param {number} size */
function png(size) {
  const data = new Uint8Array(size * size * 4);
  for (let at = 0; at < size * size; at++) data.set(pixel(size, at % size, Math.floor(at / size)), at * 4);
  return encode({ width: size, height: size, data, channels: 4 });
}

const rectangles = shapes.map(
  ({ left, top, width, height, corner, color }) =>
    `  <rect x="${left}" y="${top}" width="${width}" height="${height}" rx="${corner}" fill="${color}" />`,
);
mkdirSync(folder, { recursive: true });
writeFileSync(
  join(folder, 'keyslice.svg'),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${SIDE}">\n${rectangles.join('\n')}\n</svg>\n`,
);
for (const size of SIZES) writeFileSync(join(folder, `${size}x${size}.png`), png(size));
