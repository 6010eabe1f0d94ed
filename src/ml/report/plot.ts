/** Plots as SVG text: the same bytes for the same numbers, readable on light and dark pages. */
export interface PlotSeries {
  readonly label: string;
  /** With `low` and `high` a whisker is drawn. */
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly low?: number;
    readonly high?: number;
  }[];
}

export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xScale: 'linear' | 'log';
  readonly series: readonly PlotSeries[];
  /** Ends of the y axis; by default those of the data. */
  readonly yRange?: readonly [number, number];
  readonly xRange?: readonly [number, number];
  /** A dashed line from corner to corner. */
  readonly diagonal?: boolean;
}

const WIDTH = 720;
const HEIGHT = 380;
const LEFT = 64;
const RIGHT = 210;
const TOP = 34;
const BOTTOM = 48;
/** Okabe and Ito: told apart by people with any colour vision. */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#999999', '#7a5c00'];
const TICKS = 5;

const fixed = (value: number): string => value.toFixed(1);
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export function plotSvg(plot: Plot): string {
  const points = plot.series.flatMap(({ points: all }) => all);
  const xRange =
    plot.xRange ??
    paddedRange(
      points.map(({ x }) => x),
      plot.xScale,
    );
  const yRange =
    plot.yRange ??
    paddedRange(
      points.flatMap(({ y, low = y, high = y }) => [low, high]),
      'linear',
    );
  const along = axis(xRange, plot.xScale, [LEFT, WIDTH - RIGHT]);
  const up = axis(yRange, 'linear', [HEIGHT - BOTTOM, TOP]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${escape(plot.title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="20" font-size="14" font-weight="bold">${escape(plot.title)}</text>`,
    ...frame(plot, ticks(xRange, plot.xScale), ticks(yRange, 'linear'), along, up),
    ...(plot.diagonal === true
      ? [line([along(xRange[0]), up(yRange[0])], [along(xRange[1]), up(yRange[1])], '#999999', '4 4')]
      : []),
    ...plot.series.flatMap((series, index) => drawSeries(series, index, along, up)),
    '</svg>',
    '',
  ].join('\n');
}

type Axis = (value: number) => number;

function axis(
  [low, high]: readonly [number, number],
  scale: Plot['xScale'],
  [from, to]: readonly [number, number],
): Axis {
  const at = scale === 'log' ? Math.log : (value: number): number => value;
  const span = at(high) - at(low) || 1;
  return (value) => from + ((at(value) - at(low)) / span) * (to - from);
}

function paddedRange(values: readonly number[], scale: Plot['xScale']): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (scale === 'log') return [low / 1.3, high * 1.3];
  const padding = 0.06 * (high - low) || 0.05;
  return [low - padding, high + padding];
}

function ticks([low, high]: readonly [number, number], scale: Plot['xScale']): number[] {
  const share = Array.from({ length: TICKS }, (_, i) => i / (TICKS - 1));
  return share.map((part) => (scale === 'log' ? low * (high / low) ** part : low + part * (high - low)));
}

function tickText(value: number): string {
  if (value !== 0 && Math.abs(value) < 10) return value.toFixed(Math.abs(value) < 1 ? 2 : 1);
  return value.toFixed(0);
}

function line(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  color: string,
  dash = '',
): string {
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  return `<line x1="${fixed(x1)}" y1="${fixed(y1)}" x2="${fixed(x2)}" y2="${fixed(y2)}" stroke="${color}"${dashes}/>`;
}

function frame(
  plot: Plot,
  xTicks: readonly number[],
  yTicks: readonly number[],
  along: Axis,
  up: Axis,
): string[] {
  const [bottom, right] = [HEIGHT - BOTTOM, WIDTH - RIGHT];
  return [
    ...yTicks.flatMap((value) => [
      line([LEFT, up(value)], [right, up(value)], '#e4e4e4'),
      `<text x="${LEFT - 6}" y="${fixed(up(value) + 4)}" text-anchor="end">${tickText(value)}</text>`,
    ]),
    ...xTicks.map(
      (value) =>
        `<text x="${fixed(along(value))}" y="${bottom + 16}" text-anchor="middle">${tickText(value)}</text>`,
    ),
    line([LEFT, bottom], [right, bottom], '#444444'),
    line([LEFT, TOP], [LEFT, bottom], '#444444'),
    `<text x="${(LEFT + right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${escape(plot.xLabel)}</text>`,
    `<text transform="translate(16 ${(TOP + bottom) / 2}) rotate(-90)" text-anchor="middle">${escape(plot.yLabel)}</text>`,
  ];
}

function drawSeries({ label, points }: PlotSeries, index: number, along: Axis, up: Axis): string[] {
  const color = COLORS[index % COLORS.length] ?? '#000000';
  const places = points.map(({ x, y }) => `${fixed(along(x))},${fixed(up(y))}`);
  const keyY = TOP + 10 + 18 * index;
  return [
    ...(points.length > 1
      ? [`<polyline points="${places.join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>`]
      : []),
    ...points.flatMap(({ x, low, high }) =>
      low === undefined || high === undefined ? [] : [line([along(x), up(low)], [along(x), up(high)], color)],
    ),
    ...points.map(
      ({ x, y }) => `<circle cx="${fixed(along(x))}" cy="${fixed(up(y))}" r="3.5" fill="${color}"/>`,
    ),
    `<circle cx="${WIDTH - RIGHT + 20}" cy="${keyY - 4}" r="3.5" fill="${color}"/>`,
    `<text x="${WIDTH - RIGHT + 30}" y="${keyY}">${escape(label)}</text>`,
  ];
}
