/** Draws from distributions, from uniform numbers in [0, 1). */

/** Standard normal (Box and Muller). */
export function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Gumbel(0, 1), kept finite. */
export function gumbel(random: () => number): number {
  return -Math.log(-Math.log(Math.min(1 - 1e-7, Math.max(1e-7, random()))));
}

/** Where systematic sampling starts: a little inside (0, 1), so that rounding never loses the last slot. */
export function drawStart(random: () => number): number {
  return 0.05 + 0.9 * random();
}

/** A random order of 0…n−1 (Fisher and Yates). */
export function shuffled(n: number, random: () => number): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Both ends included. */
export function integerBetween([low, high]: readonly [number, number], random: () => number): number {
  return low + Math.floor(random() * (high - low + 1));
}
