const TIME_BASE = /^#tb 0: (\d+)\/(\d+)$/m;
const NO_TIME = -9223372036854775808;

/**
 * Milliseconds of each picture from a frame list as ffmpeg's `framecrc` writes it: `stream, dts, pts, duration, size,
 * hash`, in units of the time base in its head. Null when a time is missing or times do not ascend.
 */
export function parseFrameTimes(text: string): number[] | null {
  const [, numerator, denominator] = TIME_BASE.exec(text) ?? [];
  if (numerator === undefined || denominator === undefined) return null;
  const unitMs = (1000 * Number(numerator)) / Number(denominator);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const stamps = lines.map((line) => Number(line.split(',')[2]));
  const ascending = stamps.every((stamp, index) => index === 0 || stamp > (stamps[index - 1] ?? NaN));
  if (!ascending || stamps.some((stamp) => !Number.isFinite(stamp) || stamp === NO_TIME)) return null;
  return stamps.map((stamp) => stamp * unitMs);
}
