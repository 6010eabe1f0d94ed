import { KeysliceError } from '../../contract/errors.ts';
import { codeItem } from './codes.ts';
import { DataSetEditor } from './dataSetEditor.ts';
import type { Derivation, SourceReference } from './derivation.ts';
import { setSpacingBetweenSlices, sourceImageItem } from './deriveAttributes.ts';
import { addEvidence, dropPulseSequence } from './derivedEnhanced.ts';
import { itemEncoding } from './element.ts';
import type { NewElement } from './encodeElement.ts';
import { denseIndex, type FrameCut } from './frameCut.ts';
import { type Item, parseElements } from './parseElements.ts';
import { TAG } from './tags.ts';

/** Functional groups that hold Frame Type (0008,9007), one per kind of enhanced image. */
const FRAME_TYPE_SEQUENCES = [
  0x00189226, 0x00189227, 0x00189329, 0x00189472, 0x00189504, 0x00189751, 0x00189806, 0x00409092, 0x00400710,
];

interface FrameContent {
  dimensions: number[];
  stackId: string;
  inStack: number | null;
  temporal: number | null;
}

/**
 * Keeps the functional groups of the kept frames, in order (PS3.3 C.7.6.16). The dimension indices become dense
 * under a new Dimension Organization UID, so that the object is valid alone; each frame names its source frame.
 *
 * @throws KeysliceError HEADER_INCONSISTENT when there is not one item per frame
 */
export function cutFunctionalGroups(
  dataSet: DataSetEditor,
  cut: FrameCut,
  derivation: Derivation,
  source: SourceReference,
): void {
  const sequence = dataSet.element(TAG.perFrameFunctionalGroupsSequence);
  if (sequence === null) return;
  const items = dataSet.items(TAG.perFrameFunctionalGroupsSequence);
  if (items.length !== cut.count) {
    const reason = `there are ${items.length} functional groups for ${cut.count} frames`;
    throw new KeysliceError('HEADER_INCONSISTENT', { reason });
  }
  const encoding = itemEncoding(sequence, dataSet.encoding);
  const groups = cut.kept.flatMap((frame) => {
    const item = items[frame];
    return item === undefined
      ? []
      : [new DataSetEditor(parseElements(item.content, encoding).elements, encoding)];
  });
  const sharedDerivations = takeSharedDerivations(dataSet);
  reindexFrames(groups);
  groups.forEach((group, index) => {
    editGroup(group, derivation);
    addDerivation(group, sharedDerivations, derivation, { ...source, frames: [(cut.kept[index] ?? 0) + 1] });
  });
  dataSet.replaceItems(
    TAG.perFrameFunctionalGroupsSequence,
    groups.map((group) => group.encodeAsItem()),
  );
  dataSet.editItems(TAG.sharedFunctionalGroupsSequence, (shared) => {
    editGroup(shared, derivation);
  });
  renewDimensions(dataSet, derivation);
  dropPulseSequence(dataSet, source.sopClassUid);
  addEvidence(dataSet, source);
}

function editGroup(group: DataSetEditor, { sliceSpacing }: Derivation): void {
  for (const tag of FRAME_TYPE_SEQUENCES) {
    group.editItems(tag, (item) => {
      const [, ...rest] = item.texts(TAG.frameType);
      if (rest.length > 0) item.set({ tag: TAG.frameType, vr: 'CS', text: ['DERIVED', ...rest].join('\\') });
    });
  }
  group.editItems(TAG.pixelMeasuresSequence, (item) => {
    setSpacingBetweenSlices(item, sliceSpacing);
  });
}

/** The Derivation Image group may stand in one place only: it moves from the shared to the per-frame groups. */
function takeSharedDerivations(dataSet: DataSetEditor): Item[] {
  const found: Item[] = [];
  dataSet.editItems(TAG.sharedFunctionalGroupsSequence, (shared) => {
    found.push(...shared.items(TAG.derivationImageSequence));
    shared.remove(TAG.derivationImageSequence);
  });
  return found;
}

/** PS3.3 C.7.6.16.2.6: each frame is derived from one frame of the source. */
function addDerivation(
  group: DataSetEditor,
  shared: readonly Item[],
  derivation: Derivation,
  source: SourceReference,
): void {
  if (shared.length > 0) {
    group.replaceItems(
      TAG.derivationImageSequence,
      shared.map(({ bytes }) => bytes),
    );
  }
  const codes: readonly NewElement[] =
    derivation.imageDerivation === null
      ? []
      : [{ tag: TAG.derivationCodeSequence, vr: 'SQ', items: [codeItem(derivation.imageDerivation)] }];
  group.appendItem(TAG.derivationImageSequence, [
    { tag: TAG.derivationDescription, vr: 'ST', text: `Frame selected by ${derivation.algorithm}` },
    ...codes,
    { tag: TAG.sourceImageSequence, vr: 'SQ', items: [sourceImageItem(source)] },
  ]);
}

/** Dense ordinals for dimension indices, places in a stack and temporal positions (PS3.3 C.7.6.16.2.2). */
function reindexFrames(groups: readonly DataSetEditor[]): void {
  const contents = groups.map(readFrameContent);
  const depth = Math.max(0, ...contents.map(({ dimensions }) => dimensions.length));
  const dimensions = Array.from({ length: depth }, (_, axis) =>
    denseIndex(contents.map((content) => content.dimensions[axis] ?? 0)),
  );
  const temporal = denseIndex(contents.map((content) => content.temporal ?? 0));
  const inStack = denseInStack(contents);
  groups.forEach((group, frame) => {
    group.editItems(TAG.frameContentSequence, (item) => {
      const content = contents[frame];
      if (content === undefined) return;
      if (content.dimensions.length > 0) {
        const numbers = content.dimensions.map((_, axis) => dimensions[axis]?.[frame] ?? 0);
        item.set({ tag: TAG.dimensionIndexValues, vr: 'UL', numbers });
      }
      if (content.inStack !== null) {
        item.set({ tag: TAG.inStackPositionNumber, vr: 'UL', numbers: [inStack[frame] ?? 0] });
      }
      if (content.temporal !== null) {
        item.set({ tag: TAG.temporalPositionIndex, vr: 'UL', numbers: [temporal[frame] ?? 0] });
      }
    });
  });
}

function readFrameContent(group: DataSetEditor): FrameContent {
  const content: FrameContent = { dimensions: [], stackId: '', inStack: null, temporal: null };
  group.editItems(TAG.frameContentSequence, (item) => {
    content.dimensions = item.longs(TAG.dimensionIndexValues);
    content.stackId = item.text(TAG.stackId) ?? '';
    content.inStack = item.longs(TAG.inStackPositionNumber)[0] ?? null;
    content.temporal = item.longs(TAG.temporalPositionIndex)[0] ?? null;
  });
  return content;
}

/** In-Stack Position Number counts within its stack. */
function denseInStack(contents: readonly FrameContent[]): number[] {
  const dense = contents.map(() => 0);
  for (const stack of new Set(contents.map(({ stackId }) => stackId))) {
    const frames = contents.flatMap(({ stackId }, frame) => (stackId === stack ? [frame] : []));
    const ranks = denseIndex(frames.map((frame) => contents[frame]?.inStack ?? 0));
    frames.forEach((frame, index) => {
      dense[frame] = ranks[index] ?? 0;
    });
  }
  return dense;
}

function renewDimensions(dataSet: DataSetEditor, { uids, sliceSpacing }: Derivation): void {
  for (const tag of [TAG.dimensionOrganizationSequence, TAG.dimensionIndexSequence]) {
    dataSet.editItems(tag, (item) => {
      const uid = item.text(TAG.dimensionOrganizationUid);
      if (uid === null) return;
      item.set({ tag: TAG.dimensionOrganizationUid, vr: 'UI', text: uids.replacement(uid) });
    });
  }
  // 3D and 3D_TEMPORAL promise a regular volume (PS3.3 C.7.6.17.3).
  const organization = dataSet.text(TAG.dimensionOrganizationType);
  if (organization === '3D_TEMPORAL' || (organization === '3D' && sliceSpacing === null)) {
    dataSet.remove(TAG.dimensionOrganizationType);
  }
}
