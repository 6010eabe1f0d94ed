/**
 * Headers of every answer under the app's scheme. Styles may be inline (Svelte and Cornerstone3D set them), scripts
 * never; WebAssembly needs its own permission (CSP level 3). The last three isolate the page from other origins.
 */
export function securityHeaders(devServer: string | null): Readonly<Record<string, string>> {
  // The development server tells the page of changed modules over a socket of its own.
  const sockets = devServer === null ? '' : ' ws://localhost:*';
  const policy = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${sockets}`,
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'X-DNS-Prefetch-Control': 'off',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}
