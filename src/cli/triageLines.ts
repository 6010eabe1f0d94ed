import type { ClassificationDocument, TriageDocument } from '../contract/documents.ts';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function classificationLines(classification: ClassificationDocument | null): string[] {
  if (classification === null) return ['no classification: no task package applies to this series'];
  const name = `${classification.package} ${classification.version}`;
  if (classification.probabilities === null)
    return [`${name}: out of scope. ${classification.reason ?? ''}`.trim()];
  const shares = classification.labels.map(
    (label, i) => `${label} ${percent(classification.probabilities?.[i] ?? 0)}`,
  );
  return [`${name}: ${shares.join(', ')}`];
}

/** A triage for people; image numbers start at 1 here. */
export function triageLines(document: TriageDocument): string[] {
  const { quality, sampler, ms } = document;
  const share =
    quality === undefined || quality.gain === null ? '' : `, ${percent(quality.gain)} of the possible gain`;
  return [
    `${document.k} of ${document.series.frames} images (numbers start at 1):`,
    `  ${document.selected.map((frame) => frame + 1).join(' ')}`,
    `sampler ${sampler.name}${sampler.package === null ? '' : `, ${sampler.package} ${sampler.version ?? ''}`}`,
    ...(quality === undefined
      ? []
      : [`rebuild error ${percent(quality.error)} (uniform ${percent(quality.uniform)})${share}`]),
    ...classificationLines(document.classification),
    `open ${ms.open} ms, decode ${ms.decode} ms, features ${ms.features} ms, sample ${ms.sample} ms, classify ${ms.classify} ms`,
    'research use, not for diagnosis',
  ];
}
