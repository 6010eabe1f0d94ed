/** Nouns of imaging: what a scan finds, before any pixel is decoded. Plain data: crosses threads as it is. */
import type { Failure, Warning } from './errors.ts';

/** Patient coordinates in mm, DICOM axes: +x left, +y posterior, +z superior (PS3.3 C.7.6.2.1.1). */
export type Vec3 = readonly [number, number, number];
/** Direction cosines of increasing column, then of increasing row (Image Orientation (Patient)). */
export type Orientation = readonly [number, number, number, number, number, number];
/** Row-major 4 × 4. */
export type Matrix4 = readonly [Vec4, Vec4, Vec4, Vec4];
export type Vec4 = readonly [number, number, number, number];

/** How stored bytes become stored values (PS3.3 C.7.6.3); NIfTI data types are described in the same words. */
export interface PixelFormat {
  rows: number;
  columns: number;
  samplesPerPixel: 1 | 3 | 4;
  photometric: string;
  bitsAllocated: 1 | 8 | 16 | 32 | 64 | 128;
  bitsStored: number;
  highBit: number;
  signed: boolean;
  /** `complex` is shown as its magnitude. */
  number: 'integer' | 'float' | 'complex';
  /** 0: colour by pixel, 1: colour by plane. */
  planarConfiguration: 0 | 1;
  littleEndian: boolean;
  /** Samples of at most 8 bits stored as OW in big-endian words: their bytes are swapped in pairs (PS3.5 A.3). */
  swappedBytes?: boolean;
  palette: Palette | null;
  /** Stored values that are not part of the image (PS3.3 C.7.5.1.1.2), both ends included. */
  padding: { from: number; to: number } | null;
}

/** PS3.3 C.7.9; entries as stored, `bits` 8 or 16. */
export interface Palette {
  first: number;
  bits: 8 | 16;
  red: Uint16Array;
  green: Uint16Array;
  blue: Uint16Array;
}

/** From stored to modality values (PS3.3 C.11.1). */
export type ModalityTransform =
  | { kind: 'linear'; slope: number; intercept: number; unit: string | null }
  | { kind: 'lut'; first: number; values: Uint16Array; unit: string | null };

/** PS3.3 C.11.2, in modality values. */
export interface VoiWindow {
  center: number;
  width: number;
  function: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
  name: string | null;
}

/**
 * A VOI LUT (PS3.3 C.11.2.1.1): entry i is the level of modality value `first` + i, 0 black and `white` white. What
 * lies outside takes the first or the last entry.
 */
export interface VoiTable {
  function: 'TABLE';
  first: number;
  values: Uint16Array;
  white: number;
  name: string | null;
}

export type VoiTransform = VoiWindow | VoiTable;

/** One overlay plane over a frame (PS3.3 C.9.2). */
export interface OverlayPlane {
  rows: number;
  columns: number;
  /** Zero-based row and column of the image under the plane's first pixel; the plane may reach beyond the image. */
  top: number;
  left: number;
  /** 1 bit per pixel, the first in the least significant; or, retired, an unused bit of the image's own words. */
  source: { kind: 'data'; bits: Uint8Array } | { kind: 'pixelBit'; bit: number };
}

export interface ByteRange {
  offset: number;
  length: number;
}

/** Where the stored bytes of one frame lie. `encoding` says what the whole file (or its data set) is wrapped in. */
export interface FrameSource {
  path: string;
  /** `deflate`: the data set after the meta header (PS3.5 A.5), `gzip`: the whole file; ranges count unwrapped bytes. */
  encoding: 'plain' | 'gzip' | 'deflate';
  /** DICOM transfer syntax UID, `nifti`, or `video` for pictures that were unpacked from a video stream. */
  transferSyntax: string;
  /** True when the ranges are fragments of a compressed stream, to be joined in order. */
  encapsulated: boolean;
  ranges: readonly ByteRange[];
  /** Only for frames of 1 bit per pixel, which are packed without padding between frames: bits to skip first. */
  bitOffset: number;
  /** Zero-based index of the frame in its file. */
  indexInFile: number;
}

/** One frame of a series; frames share equal sub-objects by reference. */
export interface FrameRecord {
  source: FrameSource;
  sopInstanceUid: string | null;
  /** LPS position of the centre of the first pixel; null when the file does not say. */
  position: Vec3 | null;
  orientation: Orientation | null;
  pixel: PixelFormat;
  modality: ModalityTransform;
  /** The file's own windows, then its VOI LUTs; first is the default; empty when there are none. */
  windows: readonly VoiTransform[];
  /** Milliseconds from the first frame of the loop; null outside cines. */
  timeMs: number | null;
  lossy: boolean;
  /** Absent: none. */
  overlays?: readonly OverlayPlane[];
  /** Colours of the stored values from `first` on, in a grey image that is to be shown so (PS3.3 C.7.6.19). */
  supplemental?: Palette;
}

export interface CineTiming {
  /** Nominal ms per frame on the time axis. */
  frameTimeMs: number | null;
  /** Frames per second at which it is to be shown; null: the file does not say. */
  displayFps: number | null;
  playback: 'loop' | 'sweep';
}

/** How the frames lie in space, checked by numbers. Volume viewports need `evenlySpaced` and no shear. */
export interface Geometry {
  evenlySpaced: boolean;
  /** Angle between stacking direction and slice normal, degrees. */
  shearDegrees: number;
  /** Signed distance between neighbours along the normal, mm (median when uneven); null for one frame. */
  sliceSpacing: number | null;
  /** Voxel (column, row, frame) to LPS mm; null when positions or orientation are unknown. */
  affine: Matrix4 | null;
}

export interface Series {
  /** Stable for the same files: SeriesInstanceUID plus a suffix where it was split; for NIfTI and videos the path. */
  id: string;
  index: number;
  studyUid: string | null;
  seriesUid: string | null;
  frameOfReferenceUid: string | null;
  format: 'dicom' | 'nifti' | 'video';
  kind: 'volume' | 'cine' | 'images';
  modality: string;
  description: string;
  patientLabel: string;
  studyLabel: string;
  /** Row spacing, then column spacing in mm (Pixel Spacing (0028,0030)); null: unknown, sizes are in pixels. */
  pixelSpacing: readonly [number, number] | null;
  /** Which attribute the spacing comes from, or why it is unknown; shown to people. */
  spacingNote: string | null;
  sliceThickness: number | null;
  /** PET: SUVbw of one unit of the modality value, where the tags give it. */
  suvFactor?: number;
  sortedBy: string;
  /** Frames per phase; `frames.length` = phases × framesPerPhase, phase by phase. */
  phases: number;
  framesPerPhase: number;
  frames: readonly FrameRecord[];
  geometry: Geometry;
  cine: CineTiming | null;
  transferSyntaxes: readonly string[];
  /** Files of the series with size and modification time at the scan: how a changed source is noticed. */
  files: readonly SourceFile[];
  warnings: readonly Warning[];
}

export interface SourceFile {
  /** Where its bytes are read. */
  path: string;
  /** What people are shown, where the bytes were unpacked from elsewhere: `ARCHIVE.zip/inner/file.dcm`. */
  shownPath?: string;
  bytes: number;
  modifiedMs: number;
}

/** What opening a path yields. */
export interface Study {
  path: string;
  series: readonly Series[];
  failures: readonly Failure[];
}
