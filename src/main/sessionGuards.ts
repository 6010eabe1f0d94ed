import type { Session } from 'electron';
import type { Log } from './log.ts';

/** What the page is made of, and nothing else. */
const ALLOWED_SCHEMES = new Set(['keyslice:', 'blob:', 'data:', 'devtools:']);

/** Whether a request may go out: the app's own files, or in development the local development server. */
export function requestAllowed(address: string, devServer: string | null): boolean {
  const { protocol, host } = new URL(address);
  if (ALLOWED_SCHEMES.has(protocol)) return true;
  return devServer !== null && host === new URL(devServer).host;
}

/** No network and no permissions: what is asked for is refused, and the log says what it was (without its path). */
export function guardSession(session: Session, devServer: string | null, log: Log): void {
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const allowed = requestAllowed(url, devServer);
    if (!allowed) log.write(`blocked request: ${new URL(url).protocol}//${new URL(url).host}`);
    answer({ cancel: !allowed });
  });
  // It would download dictionaries.
  session.setSpellCheckerEnabled(false);
  session.setPermissionRequestHandler((_, permission, answer) => {
    log.write(`refused: permission ${permission}`);
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}
