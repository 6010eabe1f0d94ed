/** Milliseconds of a DT value (PS3.5 6.2), its UTC offset left out: only differences within a file are used. */
export function dateTimeMs(text: string): number | null {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d(?:\.\d{1,6})?)/.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hours, minutes) + seconds * 1000;
}

/** Seconds of the day of a TM value; null when it has not at least hours and minutes. */
export function timeSeconds(text: string | null): number | null {
  const match = /^(\d\d):?(\d\d):?(\d\d(?:\.\d{1,6})?)?/.exec(text ?? '');
  if (match === null) return null;
  return Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3] ?? 0);
}

/** `20240131` as `2024-01-31`; empty when it is not a date. */
export function formatDate(text: string | null): string {
  const match = /^(\d{4})\.?(\d\d)\.?(\d\d)$/.exec(text ?? '');
  return match === null ? '' : match.slice(1).join('-');
}
