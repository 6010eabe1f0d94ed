/** Where the parts of an installed Keyslice lie; the entry points know it and hand it down. */
export interface Installation {
  /** The checkout, or the folder of the installed program. */
  root: string;
  version: string;
  decodeWorker: URL;
  inferWorker: URL;
  /** SIMD feature kernel; null: the plain reference is used. */
  kernel: string | null;
  /** Folders of model packages, the shipped one first. */
  models: readonly string[];
  /** The study that comes with the program. */
  sample: string | null;
}
