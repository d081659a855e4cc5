// Nothing on a page needs this file: it only makes what works without it quicker.
"use strict";

// A table that is wider than the screen has its own scroll: the keyboard must reach it, and a screen reader say what it is.
(() => {
  const tables = document.querySelectorAll(".table");
  const look = () => tables.forEach((box) => {
    const scrolls = box.scrollWidth > box.clientWidth;
    if (scrolls === box.hasAttribute("tabindex")) return;
    const name = box.querySelector("caption")?.innerText ?? document.querySelector("h1").innerText;
    for (const [key, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", `Bảng: ${name}`]]) {
      if (scrolls) box.setAttribute(key, value);
      else box.removeAttribute(key);
    }
  });
  addEventListener("resize", look);
  look();
})();
