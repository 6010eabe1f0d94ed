/**
 * The one table of errors and warnings. Its codes are a public contract (docs/errors.md is generated from here).
 *
 * An error carries a code and facts; the sentence and the hint are made from them. `actor` says who must act:
 * the person, nobody (cancelled), the maker of the file, or us (a fault in Keyslice).
 */
export type Actor = 'person' | 'nobody' | 'file' | 'us';

/** What an error knows, by name: a tag, a length, a limit, a UID. Values are shown as they are. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

interface Entry {
  readonly actor: Actor;
  /** `{name}` is replaced by the fact of that name. */
  readonly sentence: string;
  readonly hint: string;
}

export const ERRORS = {
  PATH_NOT_FOUND: {
    actor: 'person',
    sentence: 'There is nothing at this path.',
    hint: 'Check the spelling, or whether the drive is connected.',
  },
  NO_IMAGES: {
    actor: 'person',
    sentence: 'No images were found here.',
    hint: 'Choose a folder or file that holds DICOM or NIfTI images, or a video.',
  },
  FILE_TRUNCATED: {
    actor: 'file',
    sentence: 'The file ends too early: {expected} bytes are needed, {actual} are there.',
    hint: 'Copy or download the file again.',
  },
  FILE_UNREADABLE: {
    actor: 'file',
    sentence: 'The file cannot be read: {reason}.',
    hint: 'Check the permissions, or copy the file again.',
  },
  FILE_ENCRYPTED: {
    actor: 'person',
    sentence: 'The file is encrypted.',
    hint: 'Unpack it with its password, then open the folder.',
  },
  REFERENCE_REFUSED: {
    actor: 'file',
    sentence: 'The index names a file outside its own folder; it was not opened.',
    hint: 'Open that file by itself if you trust the maker of the index.',
  },
  NOT_AN_IMAGE: {
    actor: 'file',
    sentence: 'This is not an image that Keyslice can show: {reason}.',
    hint: 'Nothing needs to be done; other files are not affected.',
  },
  TRANSFER_SYNTAX_UNSUPPORTED: {
    actor: 'file',
    sentence: 'The compression {uid} ({name}) cannot be decoded.',
    hint: 'Ask the sender for another transfer syntax, for example Explicit VR Little Endian. For MPEG, H.264 or HEVC, install ffmpeg.',
  },
  DECODER_MISSING: {
    actor: 'person',
    sentence: 'This video can only be decoded with {program}, which was not found on this machine.',
    hint: 'Install ffmpeg (with ffprobe) so that it is found on the PATH, then open the file again.',
  },
  HEADER_INCONSISTENT: {
    actor: 'file',
    sentence: 'The header contradicts itself: {reason}.',
    hint: 'Ask the maker of the file for a corrected copy.',
  },
  LIMIT_EXCEEDED: {
    actor: 'file',
    sentence: '{what} is {actual}; the limit is {limit}.',
    hint: 'Open a smaller part, or raise the limit in the settings where there is one.',
  },
  FRAME_OUT_OF_RANGE: {
    actor: 'person',
    sentence: 'Frame {frame} does not exist: the series has frames 0 to {last}.',
    hint: 'Frame numbers on the command line and in JSON start at 0.',
  },
  FRAME_FAILED: {
    actor: 'file',
    sentence: 'Frame {frame} could not be decoded: {reason}.',
    hint: 'The other frames are not affected.',
  },
  SERIES_NOT_FOUND: {
    actor: 'person',
    sentence: 'There is no series {series} here.',
    hint: 'List the series with: keyslice info PATH',
  },
  PHASE_OUT_OF_RANGE: {
    actor: 'person',
    sentence: 'Phase {phase} does not exist: the series has phases 0 to {last}.',
    hint: 'Leave --phase out for the first phase.',
  },
  TRIAGE_NOT_READY: {
    actor: 'person',
    sentence: 'The key images are not known yet.',
    hint: 'Wait until all frames have been read, or open the series again.',
  },
  SOURCE_CHANGED: {
    actor: 'person',
    sentence: 'The source files changed while they were open.',
    hint: 'Open the study again, then export.',
  },
  TARGET_NOT_EMPTY: {
    actor: 'person',
    sentence: 'The target folder is not empty.',
    hint: 'Choose a new folder, or allow overwriting with --overwrite.',
  },
  TARGET_INSIDE_SOURCE: {
    actor: 'person',
    sentence: 'The target lies inside the source.',
    hint: 'Choose a folder outside the study.',
  },
  TARGET_NOT_WRITABLE: {
    actor: 'person',
    sentence: 'The target cannot be written: {reason}.',
    hint: 'Choose a folder that you may write to, with enough space.',
  },
  EXPORT_NOT_VERIFIED: {
    actor: 'us',
    sentence: 'What was written did not read back as it should: {reason}. Nothing was kept.',
    hint: "Please report this with the study's kind and the log.",
  },
  FORMAT_NOT_APPLICABLE: {
    actor: 'person',
    sentence: 'The format {format} cannot hold this series: {reason}.',
    hint: 'Choose another export format.',
  },
  PACKAGE_NOT_FOUND: {
    actor: 'person',
    sentence: 'There is no model package {id}.',
    hint: 'List the packages with: keyslice models',
  },
  PACKAGE_HASH_MISMATCH: {
    actor: 'person',
    sentence: 'The model package {id} is not what its card says: the SHA-256 of {file} differs.',
    hint: 'Install the package again from its source.',
  },
  PACKAGE_INVALID: {
    actor: 'person',
    sentence: 'The model package {id} cannot be used: {reason}.',
    hint: 'Ask the maker of the package.',
  },
  SAMPLER_NOT_APPLICABLE: {
    actor: 'person',
    sentence: 'The sampler {sampler} cannot be used here: {reason}.',
    hint: 'Choose another sampler.',
  },
  ENGINE_UNAVAILABLE: {
    actor: 'person',
    sentence: 'The engine {engine} is not available: {reason}.',
    hint: 'Leave the engine on auto.',
  },
  DATA_NOT_FOUND: {
    actor: 'person',
    sentence: 'The data set {name} was not found.',
    hint: 'Name its folder with --data-dir or KEYSLICE_MEDMNIST.',
  },
  DATA_INVALID: {
    actor: 'person',
    sentence: 'The data set {name} cannot be used: {reason}.',
    hint: 'Download it again from its source.',
  },
  LABELS_INVALID: {
    actor: 'person',
    sentence: 'The list of labelled studies cannot be used: {reason}.',
    hint: 'Correct the list or the study that it names; docs/training.md says what the list holds.',
  },
  GROUP_IN_TWO_SPLITS: {
    actor: 'person',
    sentence:
      'The group {group} stands in two splits: {first} (line {firstLine}) and {second} (line {secondLine}).',
    hint: 'Keep all studies of one patient in one split, or the figures would be too good.',
  },
  RUN_INVALID: {
    actor: 'person',
    sentence: 'The run folder cannot be used: {reason}.',
    hint: 'Train again, or name another folder.',
  },
  METRICS_INVALID: {
    actor: 'person',
    sentence: 'The metrics of a run cannot be used: {reason}.',
    hint: 'Evaluate the run again; the file is never edited by hand.',
  },
  PATH_NOT_OPENED: {
    actor: 'us',
    sentence: 'The window asked for a path that nobody opened.',
    hint: 'Open the file with the dialog, by dropping it, or from the command line.',
  },
  MESSAGE_REFUSED: {
    actor: 'us',
    sentence: 'A message between the window and the program was refused: {reason}.',
    hint: 'Please report this with the log.',
  },
  CANCELLED: { actor: 'nobody', sentence: 'Cancelled.', hint: '' },
  INTERNAL: {
    actor: 'us',
    sentence: 'Keyslice made a mistake: {reason}.',
    hint: 'Please report this with the log.',
  },
} as const satisfies Record<string, Entry>;

export const WARNINGS = {
  K_CLAMPED: { sentence: '{asked} frames were asked for; the series has {available} that can be read.' },
  SPACING_UNEVEN: { sentence: 'The slices are unevenly spaced: {min} to {max} mm, median {median} mm.' },
  SLICES_MISSING: { sentence: '{count} slices are missing, the first after image {after}.' },
  GANTRY_TILT: { sentence: 'The stack is sheared by {degrees} degrees (gantry tilt).' },
  DUPLICATES: { sentence: '{count} frames stand at a position that is already taken.' },
  GEOMETRY_UNKNOWN: { sentence: 'Where the frames lie in the patient is not known: {reason}.' },
  TIE: {
    sentence: 'The scores at the cut differ by less than 0.00001; another engine may choose otherwise.',
  },
  OUT_OF_SCOPE: { sentence: 'The model {package} was not made for this series: {reason}' },
  FRAMES_FAILED: { sentence: '{count} frames could not be decoded and were left out.' },
  COLOR_MARKING: {
    sentence: 'The JPEG stream says {stream}, the header says {header}; the stream was followed.',
  },
  HEADER_QUESTIONABLE: { sentence: 'The header is doubtful: {reason}.' },
  VALUES_ROUNDED: { sentence: '64-bit integers beyond 2^53 were rounded.' },
  SUV_UNAVAILABLE: {
    sentence: 'Standardised uptake values (SUVbw) cannot be computed: {reason}.',
  },
  MEMORY_BUDGET: {
    sentence:
      'The series needs {needed} MB; the budget is {budget} MB. Frames are decoded again when they are needed.',
  },
  VIDEO_DAMAGED: {
    sentence: 'The video could be read up to image {frames}; what follows is damaged: {reason}.',
  },
} as const satisfies Record<string, Pick<Entry, 'sentence'>>;

export type ErrorCode = keyof typeof ERRORS;
export type WarningCode = keyof typeof WARNINGS;

/** An error as plain data: the same object in the window, in `--json`, in the log and between threads. */
export interface ErrorReport {
  code: ErrorCode;
  message: string;
  hint?: string;
  path?: string;
  facts: Facts;
}

export interface Warning {
  code: WarningCode;
  message: string;
  facts: Facts;
}

/** A file that was passed over, with its reason. */
export interface Failure {
  path: string;
  code: ErrorCode;
  message: string;
  hint?: string;
}

const fill = (sentence: string, facts: Facts): string =>
  sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? `{${name}}`));

/** The one error type. Libraries' errors are wrapped where they enter, as `cause`. */
export class KeysliceError extends Error {
  override readonly name = 'KeysliceError';
  readonly code: ErrorCode;
  readonly facts: Facts;
  readonly path: string | undefined;

  constructor(
    code: ErrorCode,
    facts: Facts = {},
    options: { path?: string | undefined; cause?: unknown } = {},
  ) {
    super(
      fill(ERRORS[code].sentence, facts),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.facts = facts;
    this.path = options.path;
  }

  /** Plain data for messages, JSON and logs. */
  report(): ErrorReport {
    const hint = ERRORS[this.code].hint;
    return {
      code: this.code,
      message: this.message,
      ...(hint === '' ? {} : { hint }),
      ...(this.path === undefined ? {} : { path: this.path }),
      facts: this.facts,
    };
  }

  /** The error that a report from another thread or process stands for. */
  static from(report: ErrorReport): KeysliceError {
    return new KeysliceError(report.code, report.facts, { path: report.path });
  }
}

/** Any thrown value as a coded error; what is not ours becomes INTERNAL with the thrown value as its cause. */
export function toKeysliceError(thrown: unknown, path?: string): KeysliceError {
  if (thrown instanceof KeysliceError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new KeysliceError('INTERNAL', { reason }, { path, cause: thrown });
}

export function warning(code: WarningCode, facts: Facts = {}): Warning {
  return { code, message: fill(WARNINGS[code].sentence, facts), facts };
}

export function failure(path: string, error: KeysliceError): Failure {
  const { code, message, hint } = error.report();
  return { path, code, message, ...(hint === undefined ? {} : { hint }) };
}

/** Throws CANCELLED when the signal has been raised; called between units of work. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new KeysliceError('CANCELLED');
}
