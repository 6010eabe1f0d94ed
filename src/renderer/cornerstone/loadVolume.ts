import { cache, volumeLoader, type Types } from '@cornerstonejs/core';
import type { DeliveredType } from './modalityValues.ts';
import type { Graphics } from './graphics.ts';

/** Images read at the same time. */
const CONCURRENCY = 4;

export type VolumeOutcome = { kind: 'ready' } | { kind: 'failed'; frames: number } | { kind: 'stopped' };

/**
 * Reads every image, then makes the volume: never a half-filled one, whose empty part would look like tissue of
 * 0 HU. Images of different types are delivered once more as float32, because a volume has one type.
 */
export async function loadVolume(
  graphics: Graphics,
  key: number,
  imageIds: readonly string[],
  volumeId: string,
  onProgress: (done: number) => void,
  isStopped: () => boolean,
): Promise<VolumeOutcome> {
  let outcome = await readAll(graphics, imageIds, onProgress, isStopped);
  if (outcome.kind === 'ready' && typesOf(graphics, imageIds).size > 1) {
    graphics.registry.force(key, 'float32');
    graphics.evict(imageIds);
    outcome = await readAll(graphics, imageIds, onProgress, isStopped);
  }
  if (outcome.kind === 'ready') volumeLoader.createAndCacheVolumeFromImagesSync(volumeId, [...imageIds]);
  return outcome;
}

/** Forgets the volume with its textures, which do not survive a lost context. */
export function dropVolume(volumeId: string): void {
  if (cache.getVolume(volumeId) !== undefined) cache.removeVolumeLoadObject(volumeId);
}

/** Bytes of the volume as it will be held. */
export function volumeBytes(graphics: Graphics, imageIds: readonly string[], voxels: number): number {
  const [type] = typesOf(graphics, imageIds);
  return voxels * (type === undefined ? 2 : BYTES[type]);
}

const BYTES: Record<DeliveredType, number> = { uint8: 1, uint16: 2, int16: 2, float32: 4 };

function typesOf(graphics: Graphics, imageIds: readonly string[]): Set<DeliveredType> {
  const types = imageIds.map((imageId) => graphics.registry.get(imageId)?.delivered ?? null);
  return new Set(types.filter((type) => type !== null));
}

async function readAll(
  graphics: Graphics,
  imageIds: readonly string[],
  onProgress: (done: number) => void,
  isStopped: () => boolean,
): Promise<VolumeOutcome> {
  let next = 0;
  let done = 0;
  let failed = 0;
  const read = async (): Promise<void> => {
    for (let imageId = imageIds[next++]; imageId !== undefined; imageId = imageIds[next++]) {
      if (isStopped()) return;
      const [result] = await Promise.allSettled([graphics.image(imageId, false)]);
      if (result.status === 'rejected') failed += 1;
      onProgress(++done);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, read));
  if (isStopped()) return { kind: 'stopped' };
  return failed > 0 ? { kind: 'failed', frames: failed } : { kind: 'ready' };
}

/** The volume's middle, patient mm. */
export function volumeCenter(volumeId: string): Types.Point3 | null {
  const volume = cache.getVolume(volumeId);
  if (volume?.imageData === undefined) return null;
  const [x, y, z] = volume.imageData.getCenter();
  return [x, y, z];
}
