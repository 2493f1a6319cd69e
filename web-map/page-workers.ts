import { createHash } from 'node:crypto';
import type { Plugin, Rollup } from 'vite';

/** Pages that start without a network. */
const PAGES = ['escort', 'family'] as const;
/** The entry of the worker in the build. */
export const WORKER_ENTRY = 'service-worker';

/**
 * Makes `/escort-sw.js` and `/family-sw.js` of the one worker: before it stands the list of the page's own files,
 * those that it needs to start. What it loads later, as the map, the worker keeps when it comes.
 */
export function pageWorkers(): Plugin {
  return {
    name: 'page-workers',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
      const worker = chunks.find((one) => one.isEntry && one.name === WORKER_ENTRY);
      if (!worker) return;
      delete bundle[worker.fileName];
      for (const page of PAGES) {
        const entry = chunks.find((one) => one.isEntry && one.name === page);
        if (!entry) continue;
        const files = [
          `/${page}.html`,
          `/${page}.webmanifest`,
          `/${page}-icon.svg`,
          `/${page}-icon-192.png`,
          ...filesOf(entry, chunks).map((file) => `/${file}`),
        ];
        const version = createHash('sha256')
          .update(files.join())
          .update(worker.code)
          .digest('hex')
          .slice(0, 12);
        this.emitFile({
          type: 'asset',
          fileName: `${page}-sw.js`,
          source: `self.PAGE_FILES = ${JSON.stringify({ version, page, files })};\n${worker.code}`,
        });
      }
    },
  };
}

/** The chunk, what it imports at once, and their styles. */
function filesOf(entry: Rollup.OutputChunk, chunks: readonly Rollup.OutputChunk[]): string[] {
  const files = new Set<string>();
  const add = (chunk: Rollup.OutputChunk): void => {
    if (files.has(chunk.fileName)) return;
    files.add(chunk.fileName);
    for (const style of chunk.viteMetadata?.importedCss ?? []) files.add(style);
    for (const name of chunk.imports) {
      const imported = chunks.find(({ fileName }) => fileName === name);
      if (imported) add(imported);
    }
  };
  add(entry);
  return [...files];
}
