/** The key frames to show around the current frame: at most `capacity`, the nearest in the middle. */
export function filmWindow(selected: readonly number[], frame: number, capacity: number): readonly number[] {
  if (capacity <= 0) return [];
  if (selected.length <= capacity) return selected;
  const after = selected.findIndex((key) => key >= frame);
  const nearest = after < 0 ? selected.length - 1 : after;
  const first = Math.min(selected.length - capacity, Math.max(0, nearest - (capacity >> 1)));
  return selected.slice(first, first + capacity);
}
