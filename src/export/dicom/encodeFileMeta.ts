import type { Producer } from '../producer.ts';
import { EXPLICIT_LITTLE } from './element.ts';
import { encodeElement, type NewElement } from './encodeElement.ts';
import { TAG } from './tags.ts';

/** Identifies this implementation in the files it writes (PS3.7 D.3.3.2); generated once for Keyslice. */
const IMPLEMENTATION_CLASS_UID = '2.25.145922553572436828573657960519977476279';
const MAX_SH_LENGTH = 16;
const GROUP_LENGTH = 0x00020000;

/** Preamble, prefix and meta information of a DICOM file (PS3.10 section 7.1). */
export function encodeFileMeta(
  sopClassUid: string,
  sopInstanceUid: string,
  transferSyntax: string,
  producer: Producer,
): Uint8Array {
  const versionName = `${producer.name} ${producer.version}`.toUpperCase().slice(0, MAX_SH_LENGTH);
  const meta: readonly NewElement[] = [
    { tag: TAG.fileMetaInformationVersion, vr: 'OB', raw: Uint8Array.of(0, 1) },
    { tag: TAG.mediaStorageSopClassUid, vr: 'UI', text: sopClassUid },
    { tag: TAG.mediaStorageSopInstanceUid, vr: 'UI', text: sopInstanceUid },
    { tag: TAG.transferSyntaxUid, vr: 'UI', text: transferSyntax },
    { tag: TAG.implementationClassUid, vr: 'UI', text: IMPLEMENTATION_CLASS_UID },
    { tag: TAG.implementationVersionName, vr: 'SH', text: versionName },
  ];
  const group = Buffer.concat(meta.map((element) => encodeElement(element, EXPLICIT_LITTLE).bytes));
  const length = encodeElement({ tag: GROUP_LENGTH, vr: 'UL', numbers: [group.length] }, EXPLICIT_LITTLE);
  return Buffer.concat([new Uint8Array(128), Buffer.from('DICM'), length.bytes, group]);
}
