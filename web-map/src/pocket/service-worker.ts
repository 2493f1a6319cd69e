/// <reference lib="webworker" />
/**
 * The worker of the phone pages. It is built once and served twice, under the name of its page; the build puts the
 * list of that page's files before it. The page and its code come from the phone, data from the network alone.
 */
const worker = globalThis as unknown as ServiceWorkerGlobalScope & {
  readonly PAGE_FILES: { readonly version: string; readonly page: string; readonly files: readonly string[] };
};

const { version, page, files } = worker.PAGE_FILES;
const CACHE = `${page} ${version}`;

worker.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll([...files]))
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(dropOldCaches().then(() => worker.clients.claim()));
});

async function dropOldCaches(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(`${page} `) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin || url.pathname.startsWith('/api/'))
    return;
  if (request.mode === 'navigate') event.respondWith(kept(`/${page}.html`, request));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(keptOrFetched(request));
  else if (files.includes(url.pathname)) event.respondWith(kept(url.pathname, request));
});

async function kept(path: string, request: Request): Promise<Response> {
  return (await (await caches.open(CACHE)).match(path)) ?? fetch(request);
}

/** Files of the build never change under one name; those fetched later, the map's say, are kept too. */
async function keptOrFetched(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const known = await cache.match(request);
  if (known) return known;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

interface Push {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly url: string;
  readonly tag: string;
}

worker.addEventListener('push', (event) => {
  let push: Push | null = null;
  try {
    push = (event.data?.json() as Push | undefined) ?? null;
  } catch {
    // Not of ours. A push that shows nothing is held against the page, so something is shown below.
  }
  const { title = '护航 Busguard', body = '', url = `/${page}`, tag = page, id = '' } = push ?? {};
  event.waitUntil(
    worker.registration.showNotification(title, {
      body,
      tag,
      icon: `/${page}-icon-192.png`,
      badge: `/${page}-icon-192.png`,
      data: { url, id },
    }),
  );
});

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(opened(event.notification.data as { url: string; id: string }));
});

async function opened({ url, id }: { url: string; id: string }): Promise<void> {
  const open = await worker.clients.matchAll({ type: 'window' });
  const own = open.find((client) => new URL(client.url).pathname.startsWith(`/${page}`));
  await (own ? own.focus() : worker.clients.openWindow(new URL(url, worker.location.origin).href));
  if (id === '') return;
  await fetch(`/api/v1/family/notices/${encodeURIComponent(id)}/opened`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
}

export {};
