/** Numbers as people read them: grouped thousands, a true minus, a unit where there is one. */
const LOCALE = 'en-US';
const MINUS = '\u2212';

/** At most `digits` decimals, thousands grouped. */
export function formatNumber(value: number, digits = 0): string {
  if (!Number.isFinite(value)) return 'not a number';
  const shown = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: digits }).format(value);
  return shown.replace(/^-0$/, '0').replace('-', MINUS);
}

/** Exactly `digits` decimals, so that a changing value keeps its width. */
export function formatFixed(value: number, digits: number): string {
  return new Intl.NumberFormat(LOCALE, { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .format(value)
    .replace(/^-(0(\.0+)?)$/, '$1')
    .replace('-', MINUS);
}

/** Whole or with at most `digits` decimals, not grouped: the numbers of an overlay. */
export function formatPlain(value: number, digits = 0): string {
  return new Intl.NumberFormat(LOCALE, { maximumFractionDigits: digits, useGrouping: false })
    .format(value)
    .replace(/^-0$/, '0')
    .replace('-', MINUS);
}

/** A share of one in percent. */
export function formatPercent(share: number, digits = 0): string {
  return `${formatNumber(share * 100, digits)} %`;
}

const MEGABYTE = 1024 * 1024;

export function formatMegabytes(bytes: number): string {
  return formatNumber(bytes / MEGABYTE);
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${formatNumber(bytes)} bytes`;
  if (bytes < MEGABYTE) return `${formatNumber(bytes / 1024)} KB`;
  return `${formatNumber(bytes / MEGABYTE, 1)} MB`;
}

/** `1 image`, `5 images`. */
export function formatCount(count: number, one: string, many: string): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}
