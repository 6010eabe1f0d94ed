import type { StudyView } from '../contract/ipc.ts';
import type { NameMask } from './nameMask.ts';

/** Teaches the log's mask whom and what an opened study names; returns the study. */
export function learnStudy(mask: NameMask, study: StudyView): StudyView {
  mask.learnPath(study.path);
  mask.learnLabel(study.label);
  for (const { patient } of study.series) mask.learnLabel(patient);
  return study;
}
