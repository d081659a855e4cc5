// Nothing on a page needs this file: it only makes what works without it quicker.
"use strict";

// The page of a rerun: asks how far it is, says so to a screen reader, and leaves the focus where it is.
(() => {
  const region = document.querySelector("[data-poll]");
  if (!region) return;
  const spoken = document.getElementById("tien-do-noi");
  const EVERY = 2000;

  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    const done = fresh.querySelector("[data-done]") !== null;
    const said = fresh.querySelector("[data-say]");
    if (said && spoken.textContent !== said.textContent) spoken.textContent = said.textContent;
    const focused = region.contains(document.activeElement);
    if (focused && !done) {
      document.getElementById("tien-do-tom-tat").replaceWith(fresh.querySelector("#tien-do-tom-tat"));
    } else {
      region.replaceChildren(...fresh.childNodes);
      if (focused) document.getElementById("nguon-truoc-sau").focus();
    }
    return done;
  };

  const ask = async () => {
    let done = false;
    try {
      const answer = await fetch(region.dataset.poll, { credentials: "same-origin", redirect: "error" });
      if (answer.ok) done = show(await answer.text());
      else if (answer.status < 500) return location.reload();
    } catch { /* the network is away for a moment: asked again */ }
    if (!done) setTimeout(ask, EVERY);
  };
  setTimeout(ask, EVERY);
})();

// A table that is wider than the screen has its own scroll: the keyboard must reach it, and a screen reader say what it is.
(() => {
  const look = (box) => {
    const scrolls = box.scrollWidth > box.clientWidth;
    if (scrolls === box.hasAttribute("tabindex")) return;
    const name = box.querySelector("caption")?.innerText ?? document.querySelector("h1").innerText;
    for (const [key, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", `Bảng: ${name}`]]) {
      if (scrolls) box.setAttribute(key, value);
      else box.removeAttribute(key);
    }
  };
  const sizes = new ResizeObserver((changed) => changed.forEach((one) => look(one.target.closest(".table"))));
  document.querySelectorAll(".table, .table > table").forEach((one) => sizes.observe(one));
})();
