/** Above this share of the budget the footer says so in words. */
const HIGH = 0.9;

export function isMemoryHigh({ usedBytes, limitBytes }: { usedBytes: number; limitBytes: number }): boolean {
  return limitBytes > 0 && usedBytes / limitBytes >= HIGH;
}
