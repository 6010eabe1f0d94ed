import type { RibbonModel } from './ribbonModel.ts';
import type { RibbonRange } from './ribbonRange.ts';
import { leftOf } from './ribbonGeometry.ts';

export interface RibbonColors {
  bar: string;
  hover: string;
  key: string;
  mark: string;
  focus: string;
  ok: string;
  bad: string;
  line: string;
}

/** Heights in CSS pixels, from the top: headroom for the current line, bars, marks, decoding line. */
export const RIBBON_HEIGHT = 88;
const HEADROOM = 6;
const BARS_BOTTOM = 72;
const MARKS_MIDDLE = 78;
const DECODING_TOP = 85;
const DECODING_HEIGHT = 2;
const LOWEST_BAR = 3;
const WAITING_BAR = 1.5;
/** Narrower bars have no gap and no round corners. */
const ROUND_FROM = 5;
/** One image alone is no wall of colour. */
const WIDEST_BAR = 48;
/** Narrowest that a key frame is drawn, however many frames there are. */
const KEY_WIDTH = 1.5;

interface Bar {
  left: number;
  width: number;
  top: number;
  height: number;
}

/** Draws the ribbon; `width` in CSS pixels, the context already scaled to the screen's pixels. */
export function drawRibbon(
  context: CanvasRenderingContext2D,
  model: RibbonModel,
  range: RibbonRange,
  width: number,
  hover: number | null,
  colors: RibbonColors,
): void {
  context.clearRect(0, 0, width, RIBBON_HEIGHT);
  const first = Math.max(0, Math.floor(range.first));
  const end = Math.min(model.frames, Math.ceil(range.end));
  const bar = (frame: number): Bar => barOf(model, frame, range, width);
  for (let frame = first; frame < end; frame++) {
    fillBar(context, bar(frame), frame === hover ? colors.hover : colors.bar);
  }
  drawDecoding(context, model, range, width, colors);
  drawKeys(context, model, bar, first, end, colors);
  drawMarks(context, model, bar, first, end, colors);
  drawCurrent(context, bar(model.current), colors);
}

function barOf(model: RibbonModel, frame: number, range: RibbonRange, width: number): Bar {
  const left = leftOf(frame, range, width);
  const space = leftOf(frame + 1, range, width) - left;
  const gap = Math.max(space >= ROUND_FROM ? Math.min(2, space * 0.2) : 0, space - WIDEST_BAR);
  const score = model.scores[frame] ?? null;
  const tallest = BARS_BOTTOM - HEADROOM;
  const height =
    score === null ? WAITING_BAR : LOWEST_BAR + Math.min(1, Math.max(0, score)) * (tallest - LOWEST_BAR);
  return { left: left + gap / 2, width: space - gap, top: BARS_BOTTOM - height, height };
}

function fillBar(context: CanvasRenderingContext2D, bar: Bar, color: string): void {
  context.fillStyle = color;
  if (bar.width < ROUND_FROM - 2 || bar.height < 4) {
    context.fillRect(bar.left, bar.top, Math.max(bar.width, 0.5), bar.height);
    return;
  }
  context.beginPath();
  context.roundRect(bar.left, bar.top, bar.width, bar.height, [2, 2, 0, 0]);
  context.fill();
}

function drawKeys(
  context: CanvasRenderingContext2D,
  model: RibbonModel,
  bar: (frame: number) => Bar,
  first: number,
  end: number,
  colors: RibbonColors,
): void {
  for (const frame of model.selected) {
    if (frame < first || frame >= end) continue;
    const own = bar(frame);
    const width = Math.max(own.width, KEY_WIDTH);
    fillBar(context, { ...own, width }, colors.key);
    // The tick under the bar: amber alone is not the sign.
    if (!model.added.has(frame)) drawTick(context, own.left + own.width / 2, Math.min(4, width), colors.key);
  }
}

function drawTick(context: CanvasRenderingContext2D, x: number, half: number, color: string): void {
  context.fillStyle = color;
  context.beginPath();
  context.moveTo(x, MARKS_MIDDLE - 3);
  context.lineTo(x + half, MARKS_MIDDLE + 2);
  context.lineTo(x - half, MARKS_MIDDLE + 2);
  context.fill();
}

/** Hand-made changes as plus and minus, failed frames as a cross. */
function drawMarks(
  context: CanvasRenderingContext2D,
  model: RibbonModel,
  bar: (frame: number) => Bar,
  first: number,
  end: number,
  colors: RibbonColors,
): void {
  const visible = (frame: number): boolean => frame >= first && frame < end;
  context.lineWidth = 1.5;
  for (const frame of [...model.added, ...model.removed].filter(visible)) {
    const { left, width, top, height } = bar(frame);
    const x = left + width / 2;
    context.strokeStyle = colors.mark;
    strokeLine(context, x - 3, MARKS_MIDDLE, x + 3, MARKS_MIDDLE);
    if (model.added.has(frame)) strokeLine(context, x, MARKS_MIDDLE - 3, x, MARKS_MIDDLE + 3);
    else {
      context.strokeStyle = colors.key;
      context.strokeRect(left + 0.75, top + 0.75, Math.max(1, width - 1.5), height - 1.5);
    }
  }
  context.strokeStyle = colors.bad;
  for (let frame = first; frame < end; frame++) {
    if (model.status(frame) !== 'failed') continue;
    const { left, width } = bar(frame);
    const x = left + width / 2;
    strokeLine(context, x - 3, MARKS_MIDDLE - 9, x + 3, MARKS_MIDDLE - 3);
    strokeLine(context, x - 3, MARKS_MIDDLE - 3, x + 3, MARKS_MIDDLE - 9);
  }
}

function strokeLine(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/** Runs of decoded frames as one line under the marks; gone once every frame is there. */
function drawDecoding(
  context: CanvasRenderingContext2D,
  model: RibbonModel,
  range: RibbonRange,
  width: number,
  colors: RibbonColors,
): void {
  if (!model.provisional) return;
  context.fillStyle = colors.line;
  context.fillRect(0, DECODING_TOP, width, DECODING_HEIGHT);
  context.fillStyle = colors.ok;
  for (let frame = 0; frame < model.frames; frame++) {
    if (model.status(frame) !== 'decoded') continue;
    const run = frame;
    while (frame + 1 < model.frames && model.status(frame + 1) === 'decoded') frame++;
    const left = leftOf(run, range, width);
    context.fillRect(left, DECODING_TOP, leftOf(frame + 1, range, width) - left, DECODING_HEIGHT);
  }
}

function drawCurrent(context: CanvasRenderingContext2D, bar: Bar, colors: RibbonColors): void {
  context.fillStyle = colors.focus;
  context.fillRect(bar.left + bar.width / 2 - 1, 0, 2, MARKS_MIDDLE + 4);
}
