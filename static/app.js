// Comfort only: every page works without this file.
"use strict";

document.documentElement.classList.add("has-js");

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const show = (element) => element.removeAttribute("hidden");

function focusErrorSummary() {
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
}

function fillFromChips(chips) {
  const input = document.getElementById(chips.dataset.fill);
  show(chips);
  chips.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-value]");
    if (!chip) return;
    input.value = chip.dataset.value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  });
}

const SENDING_TAKES_AT_MOST_MS = 10_000;

function submitButtons(form) {
  return all("button[type=submit], button:not([type])", form);
}

// Leaving asks first when something was typed; a second press while sending does nothing.
function guardForm(form) {
  let isDirty = Boolean(form.querySelector("[aria-invalid]"));
  let isSent = false;
  const reopen = () => {
    isSent = false;
    submitButtons(form).forEach((button) => button.removeAttribute("aria-disabled"));
  };
  form.addEventListener("input", () => { isDirty = true; });
  form.addEventListener("submit", (event) => {
    if (isSent || !all("[data-files]", form).every(areSmallEnough)) { event.preventDefault(); return; }
    isSent = true;
    submitButtons(form).forEach((button) => button.setAttribute("aria-disabled", "true"));
    // The reader may have stopped the loading; the once-token still refuses a true double.
    setTimeout(reopen, SENDING_TAKES_AT_MOST_MS);
  });
  window.addEventListener("beforeunload", (event) => { if (isDirty && !isSent) event.preventDefault(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) reopen(); });
}

function nameChosenFile(input) {
  const label = input.closest("[data-file]")?.querySelector("[data-file-name]");
  if (label) label.textContent = [...input.files].map((file) => file.name).join(", ") || label.dataset.none;
}

// The server refuses a form that is too large as a whole, and what was typed would be lost with it.
function areSmallEnough(group) {
  const inputs = all("input[type=file]", group);
  const files = inputs.flatMap((input) => [...input.files]);
  const note = group.querySelector("[data-too-large]");
  const large = files.filter((file) => file.size > Number(group.dataset.most)).map((file) => file.name);
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const isTooMuch = total > Number(group.dataset.mostTogether);
  note.hidden = !large.length && !isTooMuch;
  note.textContent = large.length ? `${large.join(", ")}: ${note.dataset.tooLarge}` : note.dataset.tooMuch;
  inputs.forEach((input) => describe(input, note));
  if (!note.hidden) inputs[0].focus();
  return note.hidden;
}

function describe(input, note) {
  const others = (input.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== note.id);
  input.setAttribute("aria-describedby", [...others, ...(note.hidden ? [] : [note.id])].join(" "));
  if (note.hidden) input.removeAttribute("aria-invalid");
  else input.setAttribute("aria-invalid", "true");
}

function watchFiles(group) {
  group.addEventListener("change", (event) => {
    if (event.target.type !== "file") return;
    nameChosenFile(event.target);
    areSmallEnough(group);
  });
  const button = group.querySelector("[data-add-file]");
  if (!button) return;
  show(button);
  button.addEventListener("click", () => addFileInput(group, button));
}

function addFileInput(group, button) {
  const copy = group.querySelector("[data-file]").cloneNode(true);
  const input = copy.querySelector("input");
  const count = all("[data-file]", group).length + 1;
  input.value = "";
  input.id = `${input.id}-${count}`;
  input.setAttribute("aria-label", `${button.textContent} (${count})`);
  nameChosenFile(input);
  button.before(copy, removeButton(group, copy, button));
  input.focus();
}

function removeButton(group, file, next) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--link";
  button.textContent = group.dataset.remove;
  button.addEventListener("click", () => {
    file.remove();
    button.remove();
    areSmallEnough(group);
    next.focus();
  });
  return button;
}

function checkAll(button) {
  const boxes = all("input[type=checkbox]", document.getElementById(button.dataset.checkAll));
  show(button);
  button.addEventListener("click", () => {
    const wanted = boxes.some((box) => !box.checked);
    boxes.forEach((box) => { box.checked = wanted; });
    boxes[0]?.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// How many rows of a list are ticked; without it the buttons work as well.
function countTicked(place) {
  const boxes = all("input.tick", place.closest("form"));
  const tell = () => { place.querySelector("output").value = boxes.filter((box) => box.checked).length; };
  show(place);
  tell();
  place.closest("form").addEventListener("input", tell);
}

// How many questions of audits have answers that wait on this device (running.js keeps them).
async function answersWaiting() {
  const known = await indexedDB.databases();
  if (!known.some(({ name }) => name === "answers")) return 0;
  return new Promise((resolve) => {
    const opening = indexedDB.open("answers");
    opening.onerror = () => resolve(0);
    opening.onsuccess = () => {
      const reading = opening.result.transaction("waiting").objectStore("waiting").getAll();
      reading.onsuccess = () => { opening.result.close(); resolve(new Set(reading.result.map(({ question }) => question)).size); };
    };
  });
}

// Pages kept for work without a network are nobody's after signing out; answers stay until they are sent.
async function forgetPages() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("prowadz:")).map((name) => caches.delete(name)));
}

function guardSignOut(form) {
  let isWarned = false;
  form.addEventListener("submit", async (event) => {
    if (!window.indexedDB?.databases || !window.caches) return;
    event.preventDefault();
    const count = isWarned ? 0 : await answersWaiting();
    if (!count) { await forgetPages(); form.submit(); return; }
    isWarned = true;
    const words = { one: form.dataset.one, few: form.dataset.few }[new Intl.PluralRules(document.documentElement.lang).select(count)];
    const warning = form.querySelector("[role=alert]");
    warning.textContent = (words || form.dataset.many).replace("{n}", count);
    show(warning);
  });
}

function closeMenus(event) {
  all("[data-menu][open]").forEach((menu) => {
    if (event.type === "click" && menu.contains(event.target)) return;
    if (event.type === "keydown" && event.key !== "Escape") return;
    const hadFocus = menu.contains(document.activeElement);
    menu.removeAttribute("open");
    if (event.type === "keydown" && hadFocus) menu.querySelector("summary").focus();
  });
}

focusErrorSummary();
all("[data-fill]").forEach(fillFromChips);
all("form[data-guard]").forEach(guardForm);
all("[data-files]").forEach(watchFiles);
all("[data-check-all]").forEach(checkAll);
all("[data-ticked]").forEach(countTicked);
all("[data-sign-out]").forEach(guardSignOut);
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", closeMenus);
