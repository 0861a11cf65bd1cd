/* Keeps the files that the page is made of, so that it opens without reception. It keeps nothing about anybody: visits
   and entries stand in the page's own store. Each version has its own set of files, and drops that of the one before. */
"use strict";
const VERSION = "{{version}}";
const KEEP = `field-${VERSION}`;
const PAGE = new URL("./", self.location.href).href;
const FILES = {{parts}}.map((name) => new URL(`../assets/field/${name}`, self.location.href).href);
FILES.push(new URL("../assets/mark.svg", self.location.href).href, new URL("../assets/components/barcode.js", self.location.href).href);

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const kept = await caches.open(KEEP);
    await Promise.all([PAGE, ...FILES].map(async (url) => {
      const answer = await fetch(url, { cache: "reload", redirect: "error" });
      if (!answer.ok) { throw new Error(`${url}: ${answer.status}`); }
      await kept.put(url, answer);
    }));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("field-") && name !== KEEP).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") { return; }
  const bare = request.url.split("#")[0];
  if (request.mode === "navigate" && bare.split("?")[0] === PAGE) { event.respondWith(page(request)); return; }
  if (FILES.includes(bare)) { event.respondWith(file(bare, request)); }
});

/* Reception that is there and bad must not keep anybody waiting: after three seconds the kept page opens. */
async function page(request) {
  const kept = await (await caches.open(KEEP)).match(PAGE);
  const asked = fetch(request);
  if (!kept) { return asked; }
  const late = new Promise((resolve) => { setTimeout(resolve, 3000, kept.clone()); });
  const answer = asked.catch(() => kept.clone());
  return Promise.race([answer.then((found) => (found.status >= 500 ? kept.clone() : found)), late]);
}

async function file(url, request) {
  const kept = await (await caches.open(KEEP)).match(url);
  return kept ?? fetch(request);
}
