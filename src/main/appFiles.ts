import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { securityHeaders } from './securityHeaders.ts';

export interface AppFilesOptions {
  /** Folder of the built page. */
  root: string;
  /** Origin of the development server, or null. */
  devServer: string | null;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/**
 * Answers one request for a file of the page. Never throws: a throw would reach the page as a network error without
 * a reason. Nothing outside `root` is served, neither by `..` in any encoding nor through a link.
 */
export async function appFileResponse(request: Request, options: AppFilesOptions): Promise<Response> {
  const url = new URL(request.url);
  if (url.host !== 'app') return refusal(404, 'No such host');
  if (request.method !== 'GET') return refusal(405, 'Only GET is answered');
  if (options.devServer !== null) return proxied(options.devServer, url, request);
  const bytes = await readInside(options.root, url.pathname);
  if (bytes === null) return refusal(404, 'Not found');
  const type = CONTENT_TYPES[path.extname(url.pathname) || '.html'] ?? 'application/octet-stream';
  return new Response(bytes, { headers: { ...securityHeaders(null), 'Content-Type': type } });
}

/** The bytes of a file of the page, or null when it is not there or not inside. */
async function readInside(root: string, pathname: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const name = decodeURIComponent(pathname === '/' ? '/index.html' : pathname);
    const realRoot = await realpath(root);
    const file = await realpath(path.join(root, name));
    return file.startsWith(realRoot + path.sep) ? await readFile(file) : null;
  } catch (error) {
    // Malformed escapes, NUL bytes, folders, files that are not there: to the page all are the same.
    if (error instanceof Error) return null;
    throw error;
  }
}

async function proxied(devServer: string, url: URL, request: Request): Promise<Response> {
  // Other headers of the request make the development server's answer fail.
  const headers = { accept: request.headers.get('accept') ?? '*/*' };
  const answer = await fetch(new URL(url.pathname + url.search, devServer), { headers });
  const passed = new Headers(securityHeaders(devServer));
  passed.set('Content-Type', answer.headers.get('content-type') ?? 'application/octet-stream');
  return new Response(answer.body, { status: answer.status, headers: passed });
}

function refusal(status: number, text: string): Response {
  return new Response(text, {
    status,
    headers: { ...securityHeaders(null), 'Content-Type': 'text/plain; charset=utf-8' },
  });
}
