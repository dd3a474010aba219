// A running audit without a network: a link that leads beyond it says so, in place of the browser's own page of failure.
"use strict";

(() => {
  const place = document.querySelector("[data-running]");
  if (!place) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || navigator.onLine || link.hash || link.pathname.startsWith(place.dataset.scope)) return;
    event.preventDefault();
    place.querySelector("[data-state]").replaceChildren(place.dataset.beyond);
  });
})();
