import path from 'node:path';
import { app } from 'electron';
import { registerAppScheme } from './appScheme.ts';
import { devServerAddress } from './devServer.ts';
import { launchPaths } from './launchPaths.ts';
import { OpenRequests } from './openRequests.ts';
import { claimSingleInstance } from './singleInstance.ts';
import { start } from './start.ts';

registerAppScheme();
const dataFolder = app.commandLine.getSwitchValue('user-data-dir');
if (dataFolder !== '') app.setPath('userData', path.resolve(dataFolder));

const requests = new OpenRequests();
const named = launchPaths(process.argv, app.isPackaged ? null : app.getAppPath(), process.cwd());
if (claimSingleInstance(app, named, requests)) {
  const options = {
    built: new URL('.', import.meta.url),
    devServer: devServerAddress(app.isPackaged),
    requests,
  };
  // A top-level await would never return: `ready` waits for this module to have loaded.
  void app.whenReady().then(() => start(options));
} else {
  app.quit();
}
