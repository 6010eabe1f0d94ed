import { BrowserWindow, type App } from 'electron';
import { z } from 'zod';
import type { OpenRequests } from './openRequests.ts';

const handedOver = z.object({ paths: z.array(z.string()) });

/**
 * One copy of the program per user. A second one hands its paths to the first and ends; the first comes to the front.
 * The paths travel as data because Chromium adds flags to a second copy's command line and changes their order.
 * @returns whether this is the first copy
 */
export function claimSingleInstance(app: App, paths: readonly string[], requests: OpenRequests): boolean {
  if (!app.requestSingleInstanceLock({ paths })) return false;
  requests.add(paths);
  app.on('second-instance', (_, __, ___, data) => {
    const parsed = handedOver.safeParse(data);
    if (parsed.success) requests.add(parsed.data.paths);
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.on('open-file', (event, file) => {
    event.preventDefault();
    requests.add([file]);
  });
  return true;
}
