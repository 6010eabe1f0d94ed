import { protocol, type Session } from 'electron';
import { appFileResponse } from './appFiles.ts';

const SCHEME = 'keyslice';
export const APP_ORIGIN = `${SCHEME}://app`;

/** Must run before `ready`: afterwards Chromium has fixed what each scheme may do. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/**
 * Serves the page and its files at `keyslice://app/`.
 * @param root folder of the built page
 * @param devServer origin of the development server, which then answers in place of the folder
 */
export function serveApp(session: Session, root: string, devServer: string | null): void {
  session.protocol.handle(SCHEME, (request) => appFileResponse(request, { root, devServer }));
}
