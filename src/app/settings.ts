import path from 'node:path';
import { z } from 'zod';
import { ENGINE_CHOICES } from '../contract/engineChoice.ts';
import type { Settings } from '../contract/ipc.ts';
import { JsonFile } from './jsonFile.ts';

const RECENT_LIMIT = 10;

const settingsSchema = z.strictObject({
  version: z.literal(1),
  memoryMb: z.int().min(128).max(65_536),
  engine: z.enum(ENGINE_CHOICES),
  theme: z.enum(['dark', 'light']),
  recent: z.array(z.string().max(32_768)).max(RECENT_LIMIT),
});

export type StoredSettings = z.infer<typeof settingsSchema>;

/** Frames of a large CT (500 slices of 512²) fit; machines with less can lower it. */
export const DEFAULT_SETTINGS: StoredSettings = {
  version: 1,
  memoryMb: 1024,
  engine: 'auto',
  theme: 'dark',
  recent: [],
};

/** Settings of the window, one small file in the program's data folder. */
export function settingsFile(dataFolder: string): JsonFile<StoredSettings> {
  return new JsonFile(path.join(dataFolder, 'settings.json'), settingsSchema, DEFAULT_SETTINGS);
}

export function visibleSettings({ memoryMb, engine, theme }: StoredSettings): Settings {
  return { memoryMb, engine, theme };
}

/** The path as the most recent one, each path once. */
export function withRecent(settings: StoredSettings, opened: string): StoredSettings {
  const recent = [opened, ...settings.recent.filter((other) => other !== opened)].slice(0, RECENT_LIMIT);
  return { ...settings, recent };
}
