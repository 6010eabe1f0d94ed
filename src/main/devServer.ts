/** Origin of electron-vite's development server; none in a packaged program, and none that is not this machine. */
export function devServerAddress(packaged: boolean): string | null {
  const address = process.env['ELECTRON_RENDERER_URL'];
  if (packaged || address === undefined) return null;
  const { hostname, origin } = new URL(address);
  return hostname === 'localhost' ? origin : null;
}
