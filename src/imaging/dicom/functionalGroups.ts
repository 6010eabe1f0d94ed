import type { Attributes } from './attributes.ts';
import type { Keyword } from './dictionary.ts';

/** The functional groups of one frame (PS3.3 C.7.6.16): its own items, then the shared ones. */
export interface FrameGroups {
  /** The first item of a macro's sequence, or null. */
  macro(keyword: Keyword): Attributes | null;
}

/** Groups of each frame; for a data set without functional groups every macro is null. */
export function functionalGroups(attributes: Attributes): (frame: number) => FrameGroups {
  const shared = attributes.items('SharedFunctionalGroupsSequence')[0];
  const perFrame = attributes.items('PerFrameFunctionalGroupsSequence');
  // One object for all frames: what is read from a shared item is read once.
  const sharedItems = new Map<Keyword, Attributes | null>();
  const sharedItem = (keyword: Keyword): Attributes | null => {
    const known = sharedItems.get(keyword) ?? shared?.items(keyword)[0] ?? null;
    sharedItems.set(keyword, known);
    return known;
  };
  return (frame) => ({
    macro: (keyword) => perFrame[frame]?.items(keyword)[0] ?? sharedItem(keyword),
  });
}
