import type { App } from 'electron';

/**
 * Holds the first attempt to quit until `close` has ended: a native inference session that is torn down while it runs
 * takes the process with it.
 * @param close must not reject
 */
export function quitAfter(app: App, close: () => Promise<void>): void {
  let state: 'running' | 'closing' | 'closed' = 'running';
  app.on('window-all-closed', () => {
    app.quit();
  });
  app.on('before-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    void close().finally(() => {
      state = 'closed';
      app.quit();
    });
  });
}
