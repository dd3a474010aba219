// Keeps a draft every few seconds while something is typed. The button does the same without this file.
"use strict";

const EVERY_MS = 10_000;

function keepDrafts(form) {
  const state = form.querySelector("[data-draft-state]");
  let last = written(form);
  let isSent = false;
  let keeping = null;
  // A draft under way changes the version that the form has to carry: the form leaves after it, and only once.
  form.addEventListener("submit", (event) => {
    if (keeping) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!isSent) keeping.then(() => form.requestSubmit(event.submitter));
    }
    isSent = true;
  }, { capture: true });
  setInterval(async () => {
    const now = written(form);
    if (isSent || keeping || now === last) return;
    keeping = keep(form).finally(() => { keeping = null; });
    const isKept = await keeping;
    if (isSent) return;
    if (isKept) last = now;
    state.textContent = isKept ? state.dataset.kept.replace("{time}", clockTime()) : state.dataset.notKept;
    state.hidden = false;
  }, EVERY_MS);
}

// What a person wrote, without the tokens that change by themselves.
function written(form) {
  const data = new FormData(form);
  for (const name of ["version", "once", "seal"]) data.delete(name);
  return new URLSearchParams(data).toString();
}

async function keep(form) {
  const data = new FormData(form);
  data.set("draft", "auto");
  data.set("once", `${Date.now()}-${Math.random()}`);
  try {
    const signal = AbortSignal.timeout(EVERY_MS);
    const answer = await fetch(location.href, { method: "POST", body: new URLSearchParams(data), signal });
    if (!(answer.headers.get("Content-Type") || "").startsWith("application/json")) return false;
    const { version } = await answer.json();
    form.querySelector("[name=version]").value = version;
    return true;
  } catch {
    return false; // no network now, or a slow one; the next turn tries again
  }
}

function clockTime() {
  return new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" });
}

document.querySelectorAll("form[data-draft]").forEach(keepDrafts);
