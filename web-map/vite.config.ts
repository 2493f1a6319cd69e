import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

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

/** Libraries that change seldom, in files of their own, so that a new version of the page leaves them cached. */
function libraryOf(id: string): string | null {
  if (!id.includes('node_modules')) return null;
  if (id.includes('maplibre-gl')) return 'maplibre';
  if (id.includes('pmtiles') || id.includes('fflate')) return null;
  if (/[\\/]node_modules[\\/](react|react-dom|scheduler)[\\/]/.test(id)) return 'react';
  if (/[\\/](antd|@ant-design|@rc-component|rc-[a-z-]+)[\\/]/.test(id)) return 'antd';
  return null;
}

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [woff2Only(), react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_500,
    reportCompressedSize: false,
    rollupOptions: {
      // Each is a page of its own with its own first download: the console, and whatever is meant to be light.
      input: { console: join(import.meta.dirname, 'index.html') },
      output: { manualChunks: (id) => libraryOf(id) },
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
