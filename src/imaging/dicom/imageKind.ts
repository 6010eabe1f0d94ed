/** SOP classes without pixels to show (PS3.4 B.5), by their UID or the start of it. First match wins. */
const NOT_IMAGES: readonly (readonly [prefix: string, reason: string])[] = [
  ['1.2.840.10008.1.3.10', 'it is a DICOMDIR, the index of a medium; open the folder that holds it'],
  ['1.2.840.10008.5.1.4.1.1.88.59', 'it is a key object selection'],
  ['1.2.840.10008.5.1.4.1.1.88.', 'it is a structured report'],
  ['1.2.840.10008.5.1.4.1.1.11.', 'it is a presentation state'],
  ['1.2.840.10008.5.1.4.1.1.104.1', 'it is a PDF document'],
  ['1.2.840.10008.5.1.4.1.1.104.', 'it is an encapsulated document'],
  ['1.2.840.10008.5.1.4.1.1.481.3', 'it is a radiotherapy structure set'],
  ['1.2.840.10008.5.1.4.1.1.481.5', 'it is a radiotherapy plan'],
  ['1.2.840.10008.5.1.4.1.1.481.4', 'it is a radiotherapy treatment record'],
  ['1.2.840.10008.5.1.4.1.1.481.8', 'it is a radiotherapy plan'],
  ['1.2.840.10008.5.1.4.1.1.66.1', 'it is a spatial registration'],
  ['1.2.840.10008.5.1.4.1.1.66.2', 'it is a list of fiducials'],
  ['1.2.840.10008.5.1.4.1.1.66.3', 'it is a deformable registration'],
  ['1.2.840.10008.5.1.4.1.1.66.5', 'it is a surface segmentation'],
  ['1.2.840.10008.5.1.4.1.1.66', 'it is raw data'],
  ['1.2.840.10008.5.1.4.1.1.67', 'it is a real world value mapping'],
  ['1.2.840.10008.5.1.4.1.1.9.', 'it is a waveform'],
  ['1.2.840.10008.5.1.4.1.1.4.2', 'it is spectroscopy data'],
  ['1.2.840.10008.5.1.4.38.', 'it is a hanging protocol'],
  ['1.2.840.10008.5.1.4.39.', 'it is a colour palette'],
];
const SEGMENTATION = '1.2.840.10008.5.1.4.1.1.66.4';

/** Why an object of this SOP class is not an image; null when it may be one. */
export function reasonNotAnImage(sopClassUid: string | null): string | null {
  if (sopClassUid === null || sopClassUid === SEGMENTATION) return null;
  const exact = NOT_IMAGES.find(([prefix]) => prefix === sopClassUid);
  if (exact !== undefined) return exact[1];
  return NOT_IMAGES.find(([prefix]) => prefix.endsWith('.') && sopClassUid.startsWith(prefix))?.[1] ?? null;
}
