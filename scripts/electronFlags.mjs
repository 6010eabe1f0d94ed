import { existsSync, readdirSync } from 'node:fs';

/** Chromium refuses to start its sandbox as root; the page keeps its own sandbox either way. */
const AS_ROOT = ['--no-sandbox'];
/** WebGL2 on the CPU without a warning; `--disable-gpu` alone would work, deprecated. */
const WITHOUT_GPU = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

const RENDER_NODES = '/dev/dri';

/** Whether Linux offers a render node; other systems bring a driver with them. */
export function hasGpu() {
  if (process.platform !== 'linux') return true;
  return existsSync(RENDER_NODES) && readdirSync(RENDER_NODES).some((name) => name.startsWith('renderD'));
}

export const isRoot = () => process.getuid?.() === 0;

/** Whether a window can be shown here. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/** What Electron must be started with on this machine, before the app's folder. */
export function electronFlags() {
  return [...(isRoot() ? AS_ROOT : []), ...(hasGpu() ? [] : WITHOUT_GPU)];
}
