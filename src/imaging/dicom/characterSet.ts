/** Text in the specific character sets of DICOM (PS3.3 C.12.1.1.2, PS3.5 6.1.2). */

/** Encodings of single-byte and multi-byte sets without code extensions, as TextDecoder names them. */
const WITHOUT_EXTENSIONS: Readonly<Record<string, string>> = {
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 100': 'iso-8859-1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 192': 'utf-8',
  'ISO_IR 203': 'iso-8859-15',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

interface Designation {
  encoding: string;
  /** The set is invoked with the high bit clear; TextDecoder wants it set, after this prefix. */
  shift?: readonly number[];
}

/** What follows ESC, as characters (PS3.3 tables C.12-3 and C.12-4). */
const DESIGNATIONS: Readonly<Record<string, Designation>> = {
  '(B': { encoding: 'latin1' },
  '(J': { encoding: 'shift_jis' },
  ')I': { encoding: 'shift_jis' },
  '-A': { encoding: 'iso-8859-1' },
  '-B': { encoding: 'iso-8859-2' },
  '-C': { encoding: 'iso-8859-3' },
  '-D': { encoding: 'iso-8859-4' },
  '-F': { encoding: 'iso-8859-7' },
  '-G': { encoding: 'iso-8859-6' },
  '-H': { encoding: 'iso-8859-8' },
  '-L': { encoding: 'iso-8859-5' },
  '-M': { encoding: 'windows-1254' },
  '-T': { encoding: 'windows-874' },
  '-b': { encoding: 'iso-8859-15' },
  $B: { encoding: 'euc-jp', shift: [] },
  '$(D': { encoding: 'euc-jp', shift: [0x8f] },
  '$)C': { encoding: 'euc-kr' },
  '$)A': { encoding: 'gbk' },
};

const ESCAPE = 0x1b;
/** After these the initial set holds again (PS3.5 6.1.2.5.3): line ends, form feed, tab, `\`, `^`, `=`. */
const RESETS = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x3d, 0x5c, 0x5e]);

/** Text of a value. Unknown sets are read as Latin-1, so that nothing is lost. */
export function decodeText(bytes: Uint8Array, characterSets: readonly string[]): string {
  const initial = initialEncoding(characterSets[0] ?? '');
  return bytes.includes(ESCAPE) ? decodeWithEscapes(bytes, initial) : decode(bytes, initial);
}

function initialEncoding(name: string): string {
  return WITHOUT_EXTENSIONS[name.replace(/^ISO 2022 IR/, 'ISO_IR')] ?? 'latin1';
}

function decodeWithEscapes(bytes: Uint8Array, initial: string): string {
  let text = '';
  let current: Designation = { encoding: initial };
  let start = 0;
  const flush = (end: number): void => {
    text += decodeSegment(bytes.subarray(start, end), current);
    start = end;
  };
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === ESCAPE) {
      flush(at);
      const name = designationAt(bytes, at + 1);
      current = DESIGNATIONS[name] ?? { encoding: initial };
      start = at + 1 + name.length;
      at = start - 1;
    } else if (RESETS.has(byte) && current.shift === undefined) {
      flush(at);
      current = { encoding: initial };
    }
  }
  flush(bytes.length);
  return text;
}

function designationAt(bytes: Uint8Array, at: number): string {
  const three = Buffer.from(bytes.subarray(at, at + 3)).toString('latin1');
  return three.length === 3 && three in DESIGNATIONS ? three : three.slice(0, 2);
}

function decodeSegment(bytes: Uint8Array, { encoding, shift }: Designation): string {
  if (shift === undefined) return decode(bytes, encoding);
  const shifted: number[] = [];
  for (let at = 0; at + 1 < bytes.length; at += 2)
    shifted.push(...shift, bytes[at]! | 0x80, bytes[at + 1]! | 0x80);
  return decode(Uint8Array.from(shifted), encoding);
}

function decode(bytes: Uint8Array, encoding: string): string {
  return encoding === 'latin1'
    ? Buffer.from(bytes).toString('latin1')
    : new TextDecoder(encoding).decode(bytes);
}
