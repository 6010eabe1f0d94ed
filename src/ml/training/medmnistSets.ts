/** The MedMNIST3D sets: sums from `medmnist/info.py` 3.0.2 (Yang et al., Scientific Data 10:41, 2023). */
export interface MedmnistSet {
  readonly classes: readonly string[];
  readonly pixels: 'mask' | 'grey';
  /** MD5 of the .npz file by side length. */
  readonly md5: Readonly<Record<number, string>>;
}

/** Sums of earlier releases at 28, and what was wrong with them (release notes of `medmnist`). */
export const OLDER_MEDMNIST: Readonly<Record<string, string>> = {
  '21f0a239e7f502e6eca33c3fc453c0b6': 'organ before 2.2.4, which still holds blank samples',
  '2ba5b80617d705141f3f85627108fce8': 'vessel before 2.2.4, which still holds blank samples',
  '902d495e3d91ad1a7bcac1a6b58a8fa2': 'nodule before 2.1.0, which has an error in its data',
};

export const MEDMNIST_LICENCE = 'CC BY 4.0';
export const MEDMNIST_CITATION =
  'Yang J., Shi R., Wei D., Liu Z., Zhao L., Ke B., Pfister H., Ni B.: MedMNIST v2 - A large-scale lightweight ' +
  'benchmark for 2D and 3D biomedical image classification. Scientific Data 10:41 (2023), doi ' +
  '10.1038/s41597-022-01721-8';

export const MEDMNIST_SETS: Readonly<Record<string, MedmnistSet>> = {
  organ: {
    classes: [
      'liver',
      'kidney-right',
      'kidney-left',
      'femur-right',
      'femur-left',
      'bladder',
      'heart',
      'lung-right',
      'lung-left',
      'spleen',
      'pancreas',
    ],
    pixels: 'grey',
    md5: { 28: 'a0c5a1ff56af4f155c46d46fbb45a2fe', 64: '58a2205adf14a9d0a189cb06dc78bf10' },
  },
  nodule: {
    classes: ['benign', 'malignant'],
    pixels: 'grey',
    md5: { 28: '8755a7e9e05a4d9ce80a24c3e7a256f3', 64: 'c47c5b7d457bf6332200d2ea6d64ecd8' },
  },
  adrenal: {
    classes: ['normal', 'hyperplasia'],
    pixels: 'mask',
    md5: { 28: 'bbd3c5a5576322bc4cdfea780653b1ce', 64: '17721accfe9fb005146a47d33bc54b2f' },
  },
  fracture: {
    classes: ['buckle rib fracture', 'nondisplaced rib fracture', 'displaced rib fracture'],
    pixels: 'grey',
    md5: { 28: '6aa7b0143a6b42da40027a9dda61302f', 64: 'f01d7e6316aedf4210da0da5b7437b42' },
  },
  vessel: {
    classes: ['vessel', 'aneurysm'],
    pixels: 'mask',
    md5: { 28: 'b41fd4f7e7e2feedddb201585ecafa1b', 64: '6bb274a8846e1097066dcd64e2c4520f' },
  },
  synapse: {
    classes: ['inhibitory synapse', 'excitatory synapse'],
    pixels: 'grey',
    md5: { 28: '1235b78a3cd6280881dd7850a78eadb6', 64: '43bd14ebf3af9d3dd072446fedc14d5e' },
  },
};
