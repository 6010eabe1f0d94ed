import type { App, WebContents } from 'electron';
import type { Log } from './log.ts';

/** Pages stay where they are: no navigation, no new windows, no webviews, in any web contents there will ever be. */
export function guardPages(app: App, log: Log): void {
  app.on('web-contents-created', (_, contents) => {
    guard(contents, log);
  });
}

function guard(contents: WebContents, log: Log): void {
  const refuse = (what: string) => (event: { preventDefault: () => void }) => {
    event.preventDefault();
    log.write(`refused: ${what}`);
  };
  contents.on('will-navigate', refuse('navigation'));
  contents.on('will-frame-navigate', refuse('navigation of a frame'));
  contents.on('will-redirect', refuse('redirect'));
  contents.on('will-attach-webview', refuse('webview'));
  // WebRTC would otherwise ask the network over UDP, past every check of requests.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  contents.setWindowOpenHandler(() => {
    log.write('refused: new window');
    return { action: 'deny' };
  });
}
