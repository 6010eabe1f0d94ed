/** What a video stream is wrapped in. `h264` and `hevc` are bare streams; only DICOM says that it holds one. */
export type VideoContainer =
  'mp4' | 'matroska' | 'avi' | 'gif' | 'mpegps' | 'mpegts' | 'mpegvideo' | 'h264' | 'hevc';

const SIGNATURES: readonly { at: number; text: string; container: VideoContainer }[] = [
  { at: 4, text: 'ftyp', container: 'mp4' },
  { at: 4, text: 'moov', container: 'mp4' },
  { at: 4, text: 'mdat', container: 'mp4' },
  { at: 4, text: 'wide', container: 'mp4' },
  { at: 0, text: '\u001aEß£', container: 'matroska' },
  { at: 8, text: 'AVI ', container: 'avi' },
  { at: 0, text: 'GIF87a', container: 'gif' },
  { at: 0, text: 'GIF89a', container: 'gif' },
  { at: 0, text: '\u0000\u0000\u0001º', container: 'mpegps' },
  { at: 0, text: '\u0000\u0000\u0001³', container: 'mpegvideo' },
];

/** Length of the packets of a transport stream, each of which starts with `G` (ISO/IEC 13818-1). */
const PACKET_BYTES = 188;

/** The container that a file starts as; null when it is none. Names are not looked at. */
export function videoContainer(head: Uint8Array): VideoContainer | null {
  const known = SIGNATURES.find(({ at, text }) => startsAt(head, at, text));
  if (known !== undefined) return known.container;
  const isTransport = [0, 1, 2].every((packet) => startsAt(head, packet * PACKET_BYTES, 'G'));
  return isTransport ? 'mpegts' : null;
}

const startsAt = (bytes: Uint8Array, offset: number, text: string): boolean =>
  String.fromCharCode(...bytes.subarray(offset, offset + text.length)) === text;
