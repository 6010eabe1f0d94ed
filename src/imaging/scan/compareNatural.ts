const collator = new Intl.Collator('en', { numeric: true });

/** Orders names as people do: `im2` before `im10`. Names that differ only in spelling keep a fixed order. */
export function compareNatural(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : Number(a > b));
}
