import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const project = (name: string, testTimeout: number) => ({
  // Svelte for the state classes in `.svelte.ts`: they need no DOM.
  plugins: [svelte()],
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    environment: 'node',
    testTimeout,
    hookTimeout: testTimeout,
  },
});

export default defineConfig({
  test: {
    pool: 'forks',
    projects: [project('unit', 60_000), project('integration', 120_000), project('realdata', 300_000)],
  },
});
