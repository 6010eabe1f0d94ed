import { dumpHeaders } from '../../app/dumpHeaders.ts';
import { infoDocument } from '../../app/infoDocument.ts';
import { openStudy } from '../../app/open.ts';
import type { InfoDocument, SeriesDocument } from '../../contract/documents.ts';
import type { Command } from '../command.ts';

const millimetres = (value: number): string => `${Number(value.toFixed(3))} mm`;

function seriesLines(series: SeriesDocument): string[] {
  const size = `${series.columns} × ${series.rows}`;
  const phases = series.phases > 1 ? ` × ${series.phases} phases` : '';
  const spacing =
    series.pixelSpacing === null
      ? 'pixel spacing unknown'
      : `pixels ${series.pixelSpacing.map(millimetres).join(' × ')}`;
  const slices = series.sliceSpacing === null ? '' : `, slices ${millimetres(series.sliceSpacing)} apart`;
  return [
    `series ${series.index}: ${series.modality} ${series.description}`,
    `  ${series.frames} images${phases} of ${size}, ${series.kind}, ${series.photometric}, ${series.bitsStored} bits`,
    `  ${spacing}${slices}; sorted by ${series.sortedBy}`,
    `  ${series.id}`,
    ...series.warnings.map(({ code, message }) => `  warning ${code}: ${message}`),
  ];
}

function infoLines(document: InfoDocument): string[] {
  return document.series.flatMap(seriesLines);
}

export const info: Command = {
  options: { headers: { type: 'boolean' } },
  async run({ options, terminal, installation, signal, scratch }) {
    const path = options.path();
    if (options.flag('headers')) {
      const elements = await dumpHeaders(path);
      terminal.result({ path, elements }, () =>
        elements.map(({ tag, vr, value }) => `${tag} ${vr} ${value}`),
      );
      return [];
    }
    const study = await openStudy(path, {
      signal,
      scratch,
      onProgress: (done, total) => {
        terminal.progress('reading headers', done, total);
      },
    });
    const document = infoDocument(study, installation.version);
    terminal.asides([], document.failures);
    terminal.result(document, () => infoLines(document));
    return study.failures;
  },
};
