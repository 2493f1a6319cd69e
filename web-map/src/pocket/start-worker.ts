/** Keeps the page on the phone, so that it starts without a network. Where that cannot be had, all else works. */
export function startWorker(page: 'escort' | 'family'): void {
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker
    .register(`/${page}-sw.js`, { scope: `/${page}` })
    .catch((error: unknown) => console.warn('the page is not kept on this phone', error));
}
