import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { App } from './app-types.ts';
import { ProblemError, sendProblem } from './problems.ts';
import { PMTILES_PATH } from './routes/map-config.ts';

const YEAR_S = 31_536_000;

/** Vite names what it builds by its content, in `assets/`: such a file never changes. */
const isHashed = (path: string): boolean => /[\\/]assets[\\/][^\\/]+-[\w-]{8,}\.\w+$/.test(path);

const NOT_BUILT = `<!doctype html><html lang="zh"><meta charset="utf-8"><title>Busguard</title>
<h1>页面尚未构建</h1><p>请运行 <code>npm start</code>，或 <code>npx vite build web-map</code>。</p>
<h1 lang="en">The pages are not built yet</h1>
<p lang="en">Run <code>npm start</code>, or <code>npx vite build web-map</code>.</p></html>`;

/** Pages of their own, for phones; each answers to every path below its name. */
const PHONE_PAGES = ['escort', 'family'];

const pageOf = (url: string): string => {
  const [, name = ''] = /^\/([a-z]+)(?:[/?]|$)/.exec(url) ?? [];
  return PHONE_PAGES.includes(name) ? `${name}.html` : 'index.html';
};

/** The built pages; any path that is neither a file nor the API's is the page, which finds its own way. */
export async function servePages(
  app: App,
  options: { pagesDir: string; basemap: string | undefined },
): Promise<void> {
  const { pagesDir, basemap } = options;
  const index = join(pagesDir, 'index.html');
  const built = existsSync(index);
  if (built) {
    await app.register(fastifyStatic, {
      root: pagesDir,
      wildcard: true,
      cacheControl: false,
      setHeaders: (reply, path) => {
        reply.header('cache-control', isHashed(path) ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
      },
    });
  }
  if (basemap !== undefined && !/^https?:/.test(basemap)) {
    await app.register(fastifyStatic, {
      root: dirname(basemap),
      serve: false,
      decorateReply: !built,
    });
    app.get(PMTILES_PATH, { schema: { hide: true } }, (_request, reply) =>
      reply.sendFile(basename(basemap), dirname(basemap), { maxAge: 3_600_000, cacheControl: true }),
    );
  }
  app.setNotFoundHandler((request, reply) => {
    const { method, url } = request;
    const path = url.split('?', 1)[0]!;
    // Ids in an address of the console may have dots of their own, which it writes as %2E.
    const isPage = method === 'GET' && !path.startsWith('/api/') && !/\.\w+$/.test(path);
    if (!isPage) return sendProblem(reply, new ProblemError('not-found'));
    if (!built) return reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT);
    return reply.header('cache-control', 'no-cache').sendFile(pageOf(url));
  });
}
