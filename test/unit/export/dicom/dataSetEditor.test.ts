import { describe, expect, it } from 'vitest';
import { DataSetEditor } from '../../../../src/export/dicom/dataSetEditor.ts';
import type { Encoding } from '../../../../src/export/dicom/element.ts';
import { parseElements, parseItems } from '../../../../src/export/dicom/parseElements.ts';
import { TAG } from '../../../../src/export/dicom/tags.ts';
import { dicomFile, type DicomElements } from '../../../fixtures/dicomFile.ts';

const ELEMENTS: DicomElements = {
  '00080005': ['CS', 'ISO_IR 100'],
  '0008103E': ['LO', 'Thorax'],
  '00081140': [
    'SQ',
    [{ '00081150': ['UI', '1.2.3'], '00081155': ['UI', '1.2.4'] }, { '00081155': ['UI', '1.2.5'] }],
  ],
  '00091010': ['OB', new Uint8Array([1, 2, 3, 4])],
  '00280010': ['US', 8],
  '00280009': ['AT', 0x00181063],
  '52009229': ['SQ', [{ '00289110': ['SQ', [{ '00180088': ['DS', 2.5] }]] }]],
};

const SYNTAXES: readonly (readonly [string, string, Encoding])[] = [
  ['implicit little endian', '1.2.840.10008.1.2', { explicit: false, littleEndian: true }],
  ['explicit little endian', '1.2.840.10008.1.2.1', { explicit: true, littleEndian: true }],
  ['explicit big endian', '1.2.840.10008.1.2.2', { explicit: true, littleEndian: false }],
];

function body(transferSyntax: string, undefinedLengths: boolean): Uint8Array {
  return dicomFile(ELEMENTS, { transferSyntax, preamble: false, undefinedLengths });
}

describe.each(SYNTAXES)('a data set in %s', (_, syntax, encoding) => {
  describe.each([false, true])('with undefined lengths: %s', (undefinedLengths) => {
    const bytes = body(syntax, undefinedLengths);
    const editor = (): DataSetEditor => new DataSetEditor(parseElements(bytes, encoding).elements, encoding);
    const written = (edited: DataSetEditor): Buffer =>
      Buffer.concat(edited.elements().map((each) => each.bytes));

    it('comes out as it went in', () => {
      expect(written(editor())).toEqual(Buffer.from(bytes));
    });

    it('is read by value', () => {
      expect(editor().text(TAG.seriesDescription)).toBe('Thorax');
      expect(editor().shorts(0x00280010)).toEqual([8]);
      expect(editor().pointers(TAG.frameIncrementPointer)).toEqual([TAG.frameTime]);
      expect(editor().items(0x00081140)).toHaveLength(2);
    });

    it('keeps all other elements when one changes', () => {
      const edited = editor();
      edited.set({ tag: TAG.seriesDescription, vr: 'LO', text: 'Abdomen' });
      edited.remove(0x00280010);
      const again = new DataSetEditor(parseElements(written(edited), encoding).elements, encoding);
      expect(again.text(TAG.seriesDescription)).toBe('Abdomen');
      const untouched = editor().tags.filter((tag) => tag !== TAG.seriesDescription && tag !== 0x00280010);
      expect(again.tags).toEqual([...untouched, TAG.seriesDescription].sort((a, b) => a - b));
      for (const tag of untouched) expect(again.element(tag)).toEqual(editor().element(tag));
    });

    it('keeps the items of a sequence that one is added to', () => {
      const edited = editor();
      edited.appendItem(0x00081140, [{ tag: TAG.referencedSopInstanceUid, vr: 'UI', text: '1.2.6' }]);
      const before = editor().items(0x00081140);
      const after = parseElements(written(edited), encoding).elements;
      const items = new DataSetEditor(after, encoding).items(0x00081140);
      expect(items.slice(0, 2)).toEqual(before);
      expect(items).toHaveLength(3);
    });

    it('changes an element two sequences deep', () => {
      const edited = editor();
      edited.editItems(TAG.sharedFunctionalGroupsSequence, (group) => {
        group.editItems(TAG.pixelMeasuresSequence, (item) => {
          item.set({ tag: TAG.spacingBetweenSlices, vr: 'DS', text: '5' });
        });
      });
      const found: (string | null)[] = [];
      new DataSetEditor(parseElements(written(edited), encoding).elements, encoding).editItems(
        TAG.sharedFunctionalGroupsSequence,
        (group) => {
          group.editItems(TAG.pixelMeasuresSequence, (item) =>
            found.push(item.text(TAG.spacingBetweenSlices)),
          );
        },
      );
      expect(found).toEqual(['5']);
    });
  });
});

describe('damaged data sets', () => {
  const explicit: Encoding = { explicit: true, littleEndian: true };
  const bytes = body('1.2.840.10008.1.2.1', true);

  it.each([1, 7, 30, 90])('cut after %i bytes are FILE_TRUNCATED or end at an element', (length) => {
    const parse = (): number => parseElements(bytes.subarray(0, length), explicit).end;
    const ends = parseElements(bytes, explicit).elements.map(
      (element) => element.bytes.byteOffset - bytes.byteOffset,
    );
    if (ends.includes(length)) expect(parse()).toBe(length);
    else expect(parse).toThrow(expect.objectContaining({ code: 'FILE_TRUNCATED' }));
  });

  it('nested without end are refused, not followed', () => {
    const item = Buffer.from('feff00e0ffffffff', 'hex');
    const sequence = Buffer.from('080040115351' + '0000ffffffff', 'hex');
    const deep = Buffer.concat(Array.from({ length: 10_000 }, () => [sequence, item]).flat());
    expect(() => parseElements(deep, explicit)).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
  });

  it('with something else than an item in a sequence are refused', () => {
    expect(() => parseItems(new Uint8Array(16), explicit)).toThrow(
      expect.objectContaining({ code: 'HEADER_INCONSISTENT' }),
    );
  });
});
