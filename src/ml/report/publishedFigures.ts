/**
 * Figures that others published, with where they come from. None of them is comparable with ours in every respect;
 * each says why.
 */
export interface PublishedFigure {
  readonly method: string;
  readonly auc: number;
  readonly accuracy: number;
}

export interface PublishedTable {
  readonly source: string;
  /** Why a difference from our figures says little. */
  readonly reservation: string;
  /** By the name of the data set. */
  readonly figures: Readonly<Record<string, readonly PublishedFigure[]>>;
}

const figure = (method: string, auc: number, accuracy: number): PublishedFigure => ({
  method,
  auc,
  accuracy,
});

export const PUBLISHED: readonly PublishedTable[] = [
  {
    source: 'DAS, Shankaranarayana et al., arXiv 2510.12376 (2025), as third parties quote its tables',
    reservation:
      'not read in the paper itself; input size, sampler details and the kind of accuracy are not stated there; ' +
      'half of the frames',
    figures: {
      'medmnist:organ:28': [figure('DAS', 0.931, 0.581), figure('A-DPS', 0.928, 0.573)],
      'medmnist:nodule:28': [figure('DAS', 0.799, 0.758), figure('A-DPS', 0.782, 0.758)],
      'medmnist:vessel:28': [figure('DAS', 0.752, 0.829), figure('A-DPS', 0.739, 0.807)],
    },
  },
  {
    source: 'MedMNIST v2, Yang et al., Scientific Data 10:41 (2023), doi 10.1038/s41597-022-01721-8',
    reservation: 'other networks, all frames, 100 epochs; read in a later listing that cites the paper',
    figures: {
      'medmnist:organ:28': [figure('ResNet-18 + 3D', 0.996, 0.907), figure('ResNet-18 + ACS', 0.994, 0.9)],
    },
  },
];

/** Said under the table: what is missing from it. */
export const PUBLISHED_NOTE =
  'Only figures that could be read in a source are shown. The other entries of the MedMNIST v2 table, and those of ' +
  'the DAS paper for adrenal, fracture and synapse, could not be, and are left out.';
