import { KeysliceError, warning, type Warning } from '../../contract/errors.ts';
import type { Palette, PixelFormat } from '../../contract/series.ts';
import type { Attributes } from './attributes.ts';
import { readPalette } from './palette.ts';

/**
 * The supplemental palette of a grey image (PS3.3 C.7.6.19), where Pixel Presentation lets it be shown: in a MIXED
 * object the frames say so themselves. A palette that cannot be used leaves the image grey, with a warning.
 * @returns for the frame's type item (null: it has none) the palette, or undefined
 */
export function readSupplementalPalette(
  attributes: Attributes,
  { photometric, signed }: PixelFormat,
  warnings: Warning[],
): (frameType: Attributes | null) => Palette | undefined {
  if (photometric !== 'MONOCHROME2' || !attributes.has('RedPaletteColorLookupTableDescriptor'))
    return () => undefined;
  const overall = attributes.code('PixelPresentation');
  const palette = usablePalette(attributes, signed, warnings);
  return (frameType) => {
    const presentation = frameType?.code('PixelPresentation') ?? overall;
    return presentation === 'COLOR' || presentation === 'MIXED' ? palette : undefined;
  };
}

function usablePalette(attributes: Attributes, signed: boolean, warnings: Warning[]): Palette | undefined {
  try {
    return readPalette(attributes, signed);
  } catch (thrown) {
    if (!(thrown instanceof KeysliceError)) throw thrown;
    warnings.push(warning('HEADER_QUESTIONABLE', { reason: String(thrown.facts['reason']) }));
    return undefined;
  }
}
