/** Wrong usage: exit code 2, a line about what is wrong and the command's usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `keyslice: finds the slices that carry the information. Research use, not for diagnosis.

  keyslice info PATH [--headers]
  keyslice frame PATH --frame N [--series I|UID] [--phase P] [--values stored|modality] [--out F.npy|F.raw|F.png]
  keyslice triage PATH [--series I|UID] [--phase P] [--ratio 0.5 | --k N] [--model ID|auto] [--sampler NAME]
                  [--engine E] [--seed N] [--matrix] [--compare-full]
  keyslice export PATH --out DIR [--format dicom,nifti,json] [--ratio R | --k N | --frames 0,4,9] [--model ID]
                  [--sampler NAME] [--engine E] [--seed N] [--series I|UID] [--phase P] [--overwrite]
                  [--same-study | --new-study]
  keyslice train --data medmnist:adrenal:28|LIST.csv --sampler das --ratio 0.5 --out RUN_DIR [--seed N] [--epochs N]
                  [--engine E] [--data-dir DIR] [--size N] [--frames N]
                  [--init RUN_DIR] [--resume]
  keyslice evaluate (--run RUN_DIR | --model ID) --data NAME|LIST.csv [--split val|test] [--ratio R] [--data-dir DIR]
                  [--out METRICS.json]
  keyslice models [list | show ID | verify | add PATH | remove ID]
  keyslice pack --run RUN_DIR --out DIR [--data LIST.csv] [--id ID] [--title TEXT] [--licence TEXT]

Every command takes --json (one document on standard output), --quiet (no progress) and --strict (exit 3 when files
could not be read). Frame numbers start at 0 in options and JSON. Exit codes: 0 done, 1 failed, 2 wrong usage,
3 with --strict and failures, 130 cancelled.
`;
