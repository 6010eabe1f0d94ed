const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');

function clockDigits(shifted: Date): { date: string; time: string } {
  const date = `${pad(shifted.getUTCFullYear(), 4)}${pad(shifted.getUTCMonth() + 1)}${pad(shifted.getUTCDate())}`;
  const time = `${pad(shifted.getUTCHours())}${pad(shifted.getUTCMinutes())}${pad(shifted.getUTCSeconds())}`;
  return { date, time };
}

/**
 * Values of DA and TM (PS3.5 section 6.2) in the time zone that the data set states for its dates and times
 * (Timezone Offset From UTC, PS3.3 C.12.1.1.8), or in that of this machine.
 *
 * @param offsetFromUtc `&ZZXX`, for example `-0500`
 */
export function dicomDateTime(now: Date, offsetFromUtc: string | null): { date: string; time: string } {
  const match = /^([+-])(\d{2})(\d{2})$/.exec(offsetFromUtc ?? '');
  const minutes =
    match === null
      ? -now.getTimezoneOffset()
      : (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
  return clockDigits(new Date(now.getTime() + minutes * 60_000));
}

/** Value of DT with its offset stated: UTC. */
export function dicomTimestamp(now: Date): string {
  const { date, time } = clockDigits(now);
  return `${date}${time}+0000`;
}
