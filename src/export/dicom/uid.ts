import { randomUUID } from 'node:crypto';

/** A new UID in the form of PS3.5 B.2: `2.25.` and a random UUID as one decimal number. */
export function newUid(): string {
  return `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;
}

/** Gives every UID of the source one new UID, the same wherever it occurs. */
export class UidMap {
  readonly #map = new Map<string, string>();

  replacement(uid: string): string {
    const known = this.#map.get(uid);
    if (known !== undefined) return known;
    const fresh = newUid();
    this.#map.set(uid, fresh);
    return fresh;
  }
}
