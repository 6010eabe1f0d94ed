import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { app } from 'electron';
import { z } from 'zod';
import type { AppInfo } from '../contract/ipc.ts';

export type RuntimeInfo = Pick<
  AppInfo,
  'electron' | 'chromium' | 'runtimeNote' | 'sandboxed' | 'softwareRendering'
>;

const gpuInfo = z.object({ auxAttributes: z.object({ glRenderer: z.string().optional() }).optional() });

/** Which Electron runs, whether Chromium's sandbox is on, and who draws. */
export async function runtimeInfo(): Promise<RuntimeInfo> {
  const { electron, chrome } = process.versions;
  return {
    electron,
    chromium: chrome,
    runtimeNote: await runtimeNote(electron),
    sandboxed: !app.commandLine.hasSwitch('no-sandbox'),
    softwareRendering: await drawsInSoftware(),
  };
}

/** Set-up leaves a note beside the runtime when it is not the official one. */
async function runtimeNote(electron: string): Promise<string> {
  const note = path.join(path.dirname(process.execPath), 'keyslice-runtime.txt');
  try {
    return (await readFile(note, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return `Electron ${electron} (official)`;
    throw error;
  }
}

async function drawsInSoftware(): Promise<boolean> {
  const info = gpuInfo.safeParse(await app.getGPUInfo('complete'));
  const renderer = info.success ? (info.data.auxAttributes?.glRenderer ?? '') : '';
  return renderer === '' || /swiftshader|llvmpipe/i.test(renderer);
}
