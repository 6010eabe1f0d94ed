/** First minor version of each long-term line that the tools run on; later majors are taken as they are. */
const FIRST_MINOR = new Map([
  [20, 19],
  [22, 12],
]);

/**
 * Why this Node cannot be used, or null when it can.
 * @param {string} version for example `20.19.0`
 */
export function nodeFault(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const first = FIRST_MINOR.get(major);
  const fits = first === undefined ? major > Math.max(...FIRST_MINOR.keys()) : minor >= first;
  return fits
    ? null
    : `Node ${version} is too old: Keyslice needs 20.19 or later of line 20, or 22.12 and up.`;
}
