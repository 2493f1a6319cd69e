import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { pageWorkers, WORKER_ENTRY } from './page-workers.ts';

/** The font package names a woff beside each woff2 for browsers that cannot run this page anyway: half the bytes. */
function woff2Only(): Plugin {
  return {
    name: 'woff2-only',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('@fontsource') || !id.endsWith('.css')) return null;
      return code.replaceAll(/,\s*url\([^)]+\.woff\) format\('woff'\)/g, '');
    },
  };
}

/**
 * Libraries that change seldom, in files of their own, so that a new version of a page leaves them cached. React comes
 * first: the light pages have it and nothing of the console's kit.
 */
const LIBRARIES = [
  { name: 'react', test: /[\\/]node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 3 },
  { name: 'maplibre', test: /[\\/]node_modules[\\/]maplibre-gl[\\/]/, priority: 2 },
  {
    name: 'antd',
    test: /[\\/]node_modules[\\/](antd|@ant-design|@rc-component|rc-[a-z-]+)[\\/]/,
    priority: 1,
  },
];

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [woff2Only(), react(), pageWorkers()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_500,
    reportCompressedSize: false,
    rollupOptions: {
      // Each is a page of its own with its own first download: the console, and whatever is meant to be light.
      input: {
        console: join(import.meta.dirname, 'index.html'),
        escort: join(import.meta.dirname, 'escort.html'),
        family: join(import.meta.dirname, 'family.html'),
        [WORKER_ENTRY]: join(import.meta.dirname, 'src/pocket/service-worker.ts'),
      },
      output: { codeSplitting: { groups: LIBRARIES } },
    },
  },
  worker: { format: 'es' },
  server: {
    port: 5173,
    proxy: {
      '/api': { target: 'http://127.0.0.1:8080', ws: true },
      '/socket.io': { target: 'http://127.0.0.1:8080', ws: true },
    },
  },
});
