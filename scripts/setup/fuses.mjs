/** Marks the fuse wire in Electron's binary (electronjs.org/docs/latest/tutorial/fuses). */
const SENTINEL = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX');
const WIRE_VERSION = 1;

/**
 * The binary with its fuses set; after the sentinel come a version, a length, and one ASCII digit per fuse.
 * @param {Buffer} binary changed in place
 * @param {string} states one digit per fuse, in Electron's order
 */
export function setFuses(binary, states) {
  const wire = binary.indexOf(SENTINEL) + SENTINEL.length;
  if (wire < SENTINEL.length || binary[wire] !== WIRE_VERSION || (binary[wire + 1] ?? 0) < states.length) {
    throw new Error('the runtime has no fuse wire that is understood');
  }
  binary.write(states, wire + 2, 'latin1');
  return binary;
}
