import type { Card } from '../../contract/card.ts';

/** What a package says that no run knows: texts, and where it may be used. */
export type PackageDescription = Pick<
  Card,
  'id' | 'version' | 'title' | 'licence' | 'task' | 'intendedUse' | 'limits'
> & { readonly scope: Omit<Card['scope'], 'featureLimit'> };

/** Side of the crop around the gland in mm (Yang et al. 2023), over 28 voxels. */
const ADRENAL_EXTENT_MM = 64;

/** Of every MedMNIST3D set of shapes at 28. */
const MASK_CUBE = {
  modalities: [],
  kinds: ['volume'],
  pixels: { kind: 'mask', values: [0, 1] },
  framesMin: 28,
  framesMax: 28,
  rows: { min: 28, max: 28 },
  columns: { min: 28, max: 28 },
  spacingMm: null,
} satisfies Partial<PackageDescription['scope']>;

const ADRENAL_SHAPE: PackageDescription = {
  id: 'adrenal-shape',
  version: '2.0.0',
  title: 'Adrenal shape',
  licence: 'CC-BY-4.0',
  task: 'Tells a normal adrenal gland from hyperplasia by the shape of its segmentation.',
  intendedUse:
    'Research and teaching: shows how DAS chooses the slices of a small volume and how a classifier works on those ' +
    'alone. Input is a binary mask of one adrenal gland in a cube of 64 mm, sampled to 28 voxels a side.',
  limits:
    'Not for diagnosis. One hospital, one way of segmenting, 1,188 training volumes; it knows shape and size alone, ' +
    'not grey values. Masks that were drawn, cropped or oriented otherwise are outside what it has seen.',
  scope: {
    ...MASK_CUBE,
    extentMm: [ADRENAL_EXTENT_MM, ADRENAL_EXTENT_MM, ADRENAL_EXTENT_MM],
    note: 'A binary mask of one adrenal gland, 28³ voxels over 64 mm, axes as in AdrenalMNIST3D. Never grey values.',
  },
};

const VESSEL_SHAPE: PackageDescription = {
  id: 'vessel-shape',
  version: '1.0.0',
  title: 'Vessel shape',
  licence: 'CC-BY-4.0',
  task: 'Tells a healthy piece of a brain artery from one with an aneurysm by its shape.',
  intendedUse:
    'Research and teaching: shows how DAS chooses the slices of a small volume and how a classifier works on those ' +
    'alone. Input is a binary mask of one piece of an artery, filled from a mesh into 28 voxels a side.',
  limits:
    'Not for diagnosis. Pieces cut out of reconstructed vessel trees (IntrA, Yang et al. 2020), 1,335 for training; it ' +
    'knows shape alone, neither size, which the data do not state, nor grey values.',
  scope: {
    ...MASK_CUBE,
    extentMm: null,
    note: 'A binary mask of one piece of a brain artery, 28³ voxels, axes as in VesselMNIST3D. Never grey values.',
  },
};

/** By the data set that the runs were trained on. */
const DESCRIPTIONS: Readonly<Record<string, PackageDescription>> = {
  'medmnist:adrenal:28': ADRENAL_SHAPE,
  'medmnist:vessel:28': VESSEL_SHAPE,
};

export function descriptionFor(dataName: string): PackageDescription | null {
  return DESCRIPTIONS[dataName] ?? null;
}
