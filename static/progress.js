// A running audit whose answers still wait on the device: counts, ticks of sections and the list at the end follow them.
// The register's page is right once they are sent; running.js says what waits.
"use strict";

(() => {
  const place = document.querySelector("[data-running]");
  if (!place) return;
  const told = place.dataset;
  const keysOf = (text) => (text || "").split(" ").filter(Boolean);
  const plural = new Intl.PluralRules(told.language);
  const answered = new Map(); // by question, what this device took since the page was made
  let open = new Set(keysOf(told.unanswered)); // without an answer when the register made the page

  function hear(events) {
    for (const each of events.filter(({ blob }) => !blob)) {
      if (each.refused) answered.delete(each.question);
      else answered.set(each.question, each);
    }
    draw();
  }

  const isLeft = (key) => open.has(key) && !answered.has(key);

  function isBrief(key, wasBrief) {
    const said = answered.get(key);
    if (!said) return wasBrief;
    return !keysOf(told.plain).includes(said.result) && [...said.note].length < Number(told.least);
  }

  function draw() {
    const done = Number(told.count) - [...open].filter(isLeft).length;
    place.querySelectorAll("[data-progress]").forEach((each) => { each.textContent = told.progressWords.replace("{done}", done); });
    place.querySelectorAll("[data-asked]").forEach(tick);
    const lists = [...place.querySelectorAll("[data-list]")];
    const left = lists.map(narrow).reduce((sum, count) => sum + count, 0);
    const nothing = place.querySelector("[data-nothing-left]");
    if (nothing) nothing.hidden = left > 0;
  }

  function tick(chip) {
    chip.querySelector("[data-done]").hidden = keysOf(chip.dataset.asked).some(isLeft);
  }

  // One list of the last page: how many of its questions stand in it still.
  function narrow(list) {
    const items = [...list.querySelectorAll("[data-item]")];
    items.forEach((each) => {
      each.dataset.was ??= each.hidden ? "" : "here";
      const key = each.dataset.item;
      each.hidden = !(list.dataset.list === "left" ? isLeft(key) : isBrief(key, each.dataset.was === "here"));
    });
    const count = items.filter((each) => !each.hidden).length;
    const title = { one: list.dataset.one, few: list.dataset.few }[plural.select(count)] || list.dataset.many;
    list.querySelector(".notice__title").textContent = title.replace("{n}", count);
    list.hidden = count === 0;
    return count;
  }

  // A copy of a section may be older than that of the last page, which is renewed with everything that is sent. No
  // question loses its answer, so what either of them knows as answered is.
  async function compare() {
    if (!window.caches) return;
    const copy = await caches.match(new URL(told.pages.split(" ").at(-1), location.href).href);
    if (!copy) return;
    const last = new DOMParser().parseFromString(await copy.text(), "text/html").querySelector("[data-running]");
    if (!last) return;
    const known = new Set([...last.querySelectorAll("[data-item]")].map((each) => each.dataset.item));
    const left = new Set(keysOf(last.dataset.unanswered));
    open = new Set([...open].filter((key) => left.has(key) || !known.has(key)));
    draw();
  }

  place.addEventListener("waiting", ({ detail }) => hear(detail));
  compare();
})();
