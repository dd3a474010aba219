// Holding an audit on a tablet: each answer is kept on the device at once and sent when there is a network. The pages
// work without this file as ordinary forms.
"use strict";

(() => {
  const place = document.querySelector("[data-running]");
  if (!place || !window.indexedDB || !crypto.randomUUID) return;
  const told = place.dataset;
  const form = place.querySelector("form.running");
  const KEPT = `prowadz:${told.scope}`;
  const LONGEST_SIDE = 1600; // pixels, of a photo
  const TYPING_PAUSE_MS = 700;
  const TRIES_EVERY_MS = 10_000;
  const SENDING_WAITS_AT_MOST_MS = 3_000; // before the next section opens
  const MOST_EVENTS = 50; // in one batch
  const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

  // What waits on this device. Nothing leaves it before the register has said that it is kept.

  const opened = new Promise((resolve, reject) => {
    const asking = indexedDB.open("answers", 1);
    asking.onupgradeneeded = () => asking.result.createObjectStore("waiting", { keyPath: "order", autoIncrement: true });
    asking.onsuccess = () => resolve(asking.result);
    asking.onerror = () => reject(asking.error);
  });

  async function store(mode, act) {
    const transaction = (await opened).transaction("waiting", mode, { durability: "strict" });
    const request = act(transaction.objectStore("waiting"));
    transaction.commit(); // at once: what is not committed is lost when the page is left in this moment
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  // Of this person in this audit: what somebody else left on the device is theirs to send.
  async function waiting() {
    const everything = await store("readonly", (rows) => rows.getAll());
    return everything.filter((each) => each.audit === told.audit && each.person === told.person);
  }

  const forget = (orders) => store("readwrite", (rows) => orders.map((order) => rows.delete(order)).at(-1) ?? rows.count());

  async function keep(event) {
    const whole = { id: crypto.randomUUID(), audit: told.audit, person: told.person, at: now(), ...event };
    await store("readwrite", (rows) => rows.add(whole));
    await show();
    soon();
  }

  function now() {
    return new Date().toISOString();
  }

  // Sending: answers first, then photos, each known by its id, so that sending twice does no harm.

  let isSending = false;
  let timer = 0;
  let state = "";
  let token = told.token;

  function soon(milliseconds = 300) {
    clearTimeout(timer);
    timer = setTimeout(send, milliseconds);
  }

  async function send() {
    if (isSending) return soon();
    isSending = true;
    try {
      state = await sendAll();
    } catch (failure) {
      state = failure instanceof TypeError || failure.name === "TimeoutError" ? "away" : "failed";
    }
    isSending = false;
    await show();
    if ((await waiting()).some((each) => !each.refused)) soon(TRIES_EVERY_MS);
  }

  async function sendAll() {
    const sendable = async () => (await waiting()).filter((each) => !each.refused);
    for (let texts; (texts = (await sendable()).filter((each) => !each.blob).slice(0, MOST_EVENTS)).length;) {
      const fate = await sendOff(texts, told.events, () => batch(texts), true);
      if (fate) return fate;
      hasSpoken = true;
    }
    for (let photo; (photo = (await sendable()).find((each) => each.blob));) {
      const fate = await sendOff([photo], told.photos, () => asForm(photo), false);
      if (fate) return fate;
      hasSpoken = false; // it said that this photo waits
    }
    return hasSpoken ? "saved" : await speak() || "saved";
  }

  // What the register cannot know by itself: that this device is there, and how much still waits on it.
  const device = deviceKey();
  let hasSpoken = false;

  function deviceKey() {
    const known = localStorage.getItem("device") || crypto.randomUUID();
    try { localStorage.setItem("device", known); } catch (failure) { /* without room it is a new one next time */ }
    return known;
  }

  async function batch(texts) {
    const waits = (await waiting()).length - texts.length;
    return JSON.stringify({ events: texts.map(plain), device, waiting: waits });
  }

  async function speak() {
    const fate = await sendOff([], told.events, () => batch([]), true);
    hasSpoken ||= !fate;
    return fate;
  }

  const plain = ({ id, question, result, note, at }) => ({ id, question, result, note, at });

  async function asForm({ id, question, at, blob, name }) {
    const [data, small] = [new FormData(), await shrunk(blob)];
    Object.entries({ id, question, at }).forEach(([key, value]) => data.set(key, value));
    data.set("file", small, small === blob ? name : `${name.replace(/\.[^.]*$/, "")}.jpg`);
    return data;
  }

  // Nothing when it went well, or why it has to stop.
  async function sendOff(events, address, body, isJson) {
    let answer = await post(address, await body(), isJson);
    if (answer.status === 400 && await renewToken()) answer = await post(address, await body(), isJson);
    if (answer.type === "opaqueredirect" || answer.status === 401) return "door";
    if (!answer.ok) return "failed";
    await settle(events, (await answer.json()).answers);
    return "";
  }

  function post(address, body, isJson) {
    const headers = { "X-CSRFToken": token, ...(isJson ? { "Content-Type": "application/json" } : {}) };
    return fetch(address, { method: "POST", headers, body, redirect: "manual", signal: AbortSignal.timeout(60_000) });
  }

  // A page from the cache may hold the token of a session that ended.
  async function renewToken() {
    const answer = await fetch(location.pathname, { redirect: "manual", cache: "no-store" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-running]")?.dataset.token;
    const isNew = Boolean(fresh) && fresh !== token;
    token = fresh || token;
    return isNew;
  }

  // First the copies of the pages, which have to know what is forgotten on the device.
  async function settle(events, answers) {
    const fates = new Map(answers.map((each) => [each.id, each]));
    const done = events.filter(({ id }) => ["kept", "late"].includes(fates.get(id)?.state));
    if (done.length) await copyPages(pagesOf(done));
    await forget(done.map((each) => each.order));
    for (const event of events) {
      const fate = fates.get(event.id);
      if (fate?.state === "refused") await store("readwrite", (rows) => rows.put({ ...event, refused: fate.message }));
      else if (fate?.message) say(event.question, fate.message);
      else if (fate && event.blob) say(event.question, `${event.name}: ${told.saved}`);
    }
  }

  // Working without a network: copies of all sections, kept by the worker of this audit.

  let isReady = false;

  const everyPage = told.pages.split(" ");

  function pagesOf(events) {
    const areHere = events.every(({ question }) => place.querySelector(`[data-question="${question}"]`));
    return areHere ? [location.pathname, everyPage.at(-1)] : everyPage;
  }

  async function copyPages(addresses) {
    if (!window.caches) return;
    const kept = await caches.open(KEPT);
    for (const address of addresses) {
      const answer = await fetch(address, { redirect: "manual" });
      if (answer.ok) await put(kept, address, answer);
    }
  }

  // A device without room for copies still sends.
  async function put(kept, address, answer) {
    try {
      await kept.put(new URL(address, location.href).href, answer);
    } catch (failure) {
      if (failure instanceof TypeError) throw failure; // the network went away meanwhile
    }
  }

  const ownParts = () => [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")]
    .map((each) => each.href || each.src);

  async function prepare() {
    if (!navigator.serviceWorker || !window.caches) return;
    try {
      await navigator.serviceWorker.register(told.worker, { scope: told.scope });
      await navigator.serviceWorker.ready;
      await copyPages([...everyPage, ...ownParts()]);
      isReady = true;
      navigator.storage?.persist?.();
    } catch (failure) {
      isReady = Boolean(navigator.serviceWorker.controller);
    }
    await show();
  }

  // What the person sees.

  const bar = place.querySelector("[data-state]");
  const plural = new Intl.PluralRules(told.language);

  function waitingWords(count) {
    const form_ = { one: told.waitingOne, few: told.waitingFew }[plural.select(count)] || told.waitingMany;
    return form_.replace("{n}", count);
  }

  const wordsOf = (count) => ({
    away: `${told.away} ${waitingWords(count)}`,
    door: told.door,
    failed: `${told.failed} ${waitingWords(count)}`,
  }[state] || told.saving);

  async function show() {
    const events = await waiting();
    const refused = events.filter((each) => each.refused);
    const left = new Set(events.filter((each) => !each.refused).map(({ question }) => question)).size;
    refused.forEach((each) => say(each.question, `${told.refused} ${each.refused}`));
    let words = isReady ? told.ready : told.saved;
    if (left) words = wordsOf(left);
    if (bar.firstChild?.textContent !== words) bar.replaceChildren(words);
    place.dispatchEvent(new CustomEvent("waiting", { detail: events })); // for progress.js
    offerCopy(left + refused.length > 0 && ["failed", "door", "away"].includes(state));
  }

  function say(key, words) {
    const list = place.querySelector(`[data-question="${key}"] [data-kept]`);
    if (!list || [...list.children].some((each) => each.textContent === words)) return;
    const item = document.createElement("li");
    item.textContent = words;
    list.append(item);
  }

  // The last resort, where the network stays away for long.
  function offerCopy(isWanted) {
    const there = place.querySelector("[data-copy-button]");
    if (!isWanted || there) { if (!isWanted) there?.remove(); return; }
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button button--link", textContent: told.copy });
    button.dataset.copyButton = "";
    button.addEventListener("click", saveCopy);
    bar.after(button);
  }

  async function saveCopy() {
    const text = JSON.stringify((await waiting()).map(({ blob, ...rest }) => rest), null, 2);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = `odpowiedzi-${told.audit}.json`;
    link.click();
  }

  // The questions of a section.

  const resultOf = (question) => question.querySelector("input[type=radio]:checked")?.value || "";
  const noteOf = (question) => question.querySelector("textarea").value.trim();

  function watch(question) {
    const key = question.dataset.question;
    let typing = 0;
    let last = JSON.stringify([resultOf(question), noteOf(question)]);
    const save = () => {
      clearTimeout(typing);
      const [result, note] = [resultOf(question), noteOf(question)];
      const said = JSON.stringify([result, note]);
      if (!result || said === last) return Promise.resolve();
      last = said;
      return keep({ question: key, result, note });
    };
    question.addEventListener("change", (event) => {
      if (event.target.type === "file") photograph(key, event.target);
      else save();
    });
    question.addEventListener("input", (event) => {
      if (event.target.tagName !== "TEXTAREA") return;
      clearTimeout(typing);
      typing = setTimeout(save, TYPING_PAUSE_MS);
    });
    return { key, save, settle: (result, note) => { last = JSON.stringify([result, note]); } };
  }

  const photographing = new Set();

  // As it is, so that it is safe before anything is done to it; made small when it is sent.
  function photograph(key, input) {
    const work = Promise.all([...input.files].map(async (file) => {
      await keep({ question: key, blob: file, name: file.name });
      say(key, `${file.name}: ${told.there}`);
    })).finally(() => photographing.delete(work));
    photographing.add(work);
    const label = input.closest("[data-file]")?.querySelector("[data-file-name]");
    input.value = "";
    if (label) label.textContent = label.dataset.none;
  }

  // Drawn anew, a photo is small and no longer tells where it was taken.
  async function shrunk(file) {
    if (!file.type.startsWith("image/")) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob || file), "image/jpeg", 0.85));
    } catch (failure) {
      return file; // the register says what it thinks of a file the browser cannot draw
    }
  }

  // A page from the cache does not know what was answered since.
  async function fillIn(watched) {
    for (const event of await waiting()) {
      const question = place.querySelector(`[data-question="${event.question}"]`);
      if (!question) continue;
      if (event.blob) { say(event.question, `${event.name}: ${told.there}`); continue; }
      const choice = question.querySelector(`input[type=radio][value="${event.result}"]`);
      if (choice) choice.checked = true;
      question.querySelector("textarea").value = event.note;
      watched.find(({ key }) => key === event.question).settle(event.result, event.note);
    }
  }

  async function start() {
    const watched = [...place.querySelectorAll("[data-question]")].map(watch);
    await fillIn(watched);
    await show();
    const saveAll = () => Promise.all([...watched.map(({ save }) => save()), ...photographing]);
    form?.addEventListener("submit", async (event) => {
      event.preventDefault();
      await saveAll();
      if (navigator.onLine && state !== "away") await Promise.race([send(), pause(SENDING_WAITS_AT_MOST_MS)]);
      location.assign(form.dataset.next);
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden) saveAll(); });
    window.addEventListener("online", () => soon(0));
    await send();
    await prepare();
  }

  start();
})();
