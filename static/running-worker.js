// Pages of one running audit without a network: the newest copy is kept whenever there is one. Nothing is sent from here.
"use strict";

const KEPT = `prowadz:${new URL(self.registration.scope).pathname}`;
const WAITS_AT_MOST_MS = 4_000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(pageOf(request));
  else if (pathname.startsWith("/static/")) event.respondWith(partOf(request));
});

async function pageOf(request) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(WAITS_AT_MOST_MS) });
    if (answer.ok && !answer.redirected) await kept.put(request.url, answer.clone());
    return answer;
  } catch (failure) {
    const copy = await kept.match(request.url);
    if (copy) return copy;
    throw failure;
  }
}

// The address of a static file changes with its content, so a copy is never out of date.
async function partOf(request) {
  const kept = await caches.open(KEPT);
  const copy = await kept.match(request.url);
  if (copy) return copy;
  const answer = await fetch(request);
  if (answer.ok) await kept.put(request.url, answer.clone());
  return answer;
}
