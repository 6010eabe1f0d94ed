/** Transfer syntaxes of PS3.6 Annex A that Keyslice does not decode, so that an error can say what they are. */
const NAMES: Readonly<Record<string, string>> = {
  '4.52': 'JPEG Extended (Process 3 and 5)',
  '4.54': 'JPEG Spectral Selection, Non-Hierarchical (Process 7 and 9)',
  '4.56': 'JPEG Full Progression, Non-Hierarchical (Process 11 and 13)',
  '4.58': 'JPEG Lossless, Non-Hierarchical (Process 15)',
  '4.59': 'JPEG Extended, Hierarchical (Process 16 and 18)',
  '4.60': 'JPEG Extended, Hierarchical (Process 17 and 19)',
  '4.61': 'JPEG Spectral Selection, Hierarchical (Process 20 and 22)',
  '4.62': 'JPEG Spectral Selection, Hierarchical (Process 21 and 23)',
  '4.63': 'JPEG Full Progression, Hierarchical (Process 24 and 26)',
  '4.64': 'JPEG Full Progression, Hierarchical (Process 25 and 27)',
  '4.65': 'JPEG Lossless, Hierarchical (Process 28)',
  '4.66': 'JPEG Lossless, Hierarchical (Process 29)',
  '4.92': 'JPEG 2000 Part 2 Multi-component Image Compression (Lossless Only)',
  '4.93': 'JPEG 2000 Part 2 Multi-component Image Compression',
  '4.94': 'JPIP Referenced',
  '4.95': 'JPIP Referenced Deflate',
  '4.110': 'JPEG XL Lossless',
  '4.111': 'JPEG XL JPEG Recompression',
  '4.112': 'JPEG XL',
  '4.204': 'JPIP HTJ2K Referenced',
  '4.205': 'JPIP HTJ2K Referenced Deflate',
  '6.1': 'RFC 2557 MIME encapsulation',
  '6.2': 'XML Encoding',
  '7.1': 'SMPTE ST 2110-20 Uncompressed Progressive Active Video',
  '7.2': 'SMPTE ST 2110-20 Uncompressed Interlaced Active Video',
  '7.3': 'SMPTE ST 2110-30 PCM Digital Audio',
};

const PREFIX = '1.2.840.10008.1.2.';
const PAPYRUS = '1.2.840.10008.1.20';

/** The standard's name of a transfer syntax without a decoder; null for a UID that it does not know. */
export function undecodedName(uid: string): string | null {
  if (uid === PAPYRUS) return 'Papyrus 3 Implicit VR Little Endian';
  return uid.startsWith(PREFIX) ? (NAMES[uid.slice(PREFIX.length)] ?? null) : null;
}
