/**
 * Keeps the app's own files so that it starts with no network after one visit.
 * Work itself never passes through here: the outbox and the sync exchange own it.
 */
declare const self: ServiceWorkerGlobalScope;
declare const __PRECACHE__: { version: string; first: string[]; later: string[] };

const KEPT = __PRECACHE__;
const PREFIX = "dockhand-app-";
const CACHE = PREFIX + KEPT.version;
const INDEX = "/";

/** The server's own paths: whatever they answer must never come out of, or go into, a cache. */
const LIVE = /^\/(sync|auth|blobs|api|documents|pod)(\/|$)/;

self.addEventListener("install", event => {
  event.waitUntil(keep(KEPT.first));
});

self.addEventListener("activate", event => {
  event.waitUntil(dropOldCaches().then(() => self.clients.claim()));
});

self.addEventListener("message", event => {
  // Sent only when the outbox says that an update is safe; an update is never forced.
  if (event.data === "skipWaiting") void self.skipWaiting();
  // Sent once the first screen stands, so that the camera decoder never delays it.
  if (event.data === "keepLater") event.waitUntil(keep(KEPT.later));
});

self.addEventListener("fetch", event => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || LIVE.test(url.pathname)) return;
  if (request.mode === "navigate") event.respondWith(navigate(request, url));
  else event.respondWith(fromCacheFirst(request));
});

/** Hashed files that a former version already holds are copied, not fetched again. */
async function keep(paths: string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const path of paths) {
    if (await cache.match(path)) continue;
    const former = path.startsWith("/assets/") ? await caches.match(path) : undefined;
    if (former) await cache.put(path, former);
    else await cache.add(new Request(path, { cache: "reload" }));
  }
}

async function dropOldCaches(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter(name => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map(name => caches.delete(name)));
}

/** The app lives at "/". Any other page is asked of the server first: it may be one of its own. */
async function navigate(request: Request, url: URL): Promise<Response> {
  const cache = await caches.open(CACHE);
  const index = await cache.match(INDEX);
  if (url.pathname === INDEX || url.pathname === "/index.html") return index ?? fetch(request);
  try {
    return await fetch(request);
  } catch (offline) {
    if (index) return index;
    throw offline;
  }
}

async function fromCacheFirst(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}

export {};
