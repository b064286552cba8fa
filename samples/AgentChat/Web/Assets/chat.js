"use strict";
// Keeps the page current: the server says that the conversation changed, and the page fetches itself and replaces what differs. Without
// this script the forms work, and the page refreshes itself while the agent works.
(() => {
  const transcript = document.getElementById("transcript");
  const announce = document.getElementById("announce");
  const origin = new WeakMap();
  let busy = false, again = false;

  // The conversation ends with the message field. On a phone more follows below it.
  const conversation = document.querySelector("main");
  const toEnd = () => conversation.scrollIntoView({ block: "end" });
  const isAtEnd = () => Math.abs(conversation.getBoundingClientRect().bottom - innerHeight) < 120;

  const remember = root => { for (const child of root.children) origin.set(child, child.outerHTML); };

  // A part that the server sends unchanged stays in place, with its open folds and its focus.
  const merge = (old, fresh) => {
    const present = new Map([...old.children].filter(child => child.dataset.key).map(child => [child.dataset.key, child]));
    const children = [...fresh.children].map(child => {
      const before = present.get(child.dataset.key);
      if (before && origin.get(before) === child.outerHTML) return before;
      const added = document.importNode(child, true);
      origin.set(added, child.outerHTML);
      if (before?.open) added.open = true;
      else if (!before) added.classList.add("new");
      return added;
    });
    if (children.some((child, index) => child !== old.children[index]) || children.length !== old.children.length) old.replaceChildren(...children);
  };

  const apply = text => {
    const page = new DOMParser().parseFromString(text, "text/html");
    const follows = isAtEnd();
    const waited = document.querySelector(".card");
    document.title = page.title;
    for (const fresh of page.querySelectorAll("[data-live]")) {
      const old = document.getElementById(fresh.id);
      if (fresh.id === "transcript") { merge(old, fresh); continue; }
      if (old.innerHTML === fresh.innerHTML || (fresh.id === "field" && sameField(old, fresh))) continue;
      const hadFocus = old.contains(document.activeElement);
      old.replaceChildren(...[...fresh.childNodes].map(child => document.importNode(child, true)));
      if (hadFocus) old.querySelector("input:not([type=hidden]), button")?.focus({ preventScroll: true });
    }
    const card = document.querySelector(".card");
    if (card && !waited) announce.textContent = card.getAttribute("aria-label");
    if (follows) toEnd();
  };

  const sameField = (old, fresh) => old.querySelector("input").disabled === fresh.querySelector("input").disabled
    && old.querySelector("input").placeholder === fresh.querySelector("input").placeholder;

  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      do {
        again = false;
        const response = await fetch("/");
        if (response.ok) apply(await response.text());
      } while (again);
    } catch { /* The stream connects again and refreshes. */ } finally { busy = false; }
  };

  document.addEventListener("submit", async event => {
    const form = event.target;
    if (!form.matches(".suggestions, .line, .card form")) return;
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    form.querySelector("#say")?.form.reset();
    try {
      const response = await fetch(form.action, { method: "POST", body: data });
      if (response.ok) apply(await response.text()); else location.reload();
      if (form.matches(".suggestions, .line")) toEnd();
    } catch { location.reload(); }
  });

  remember(transcript);
  toEnd();
  const live = new EventSource("/live");
  live.addEventListener("changed", refresh);
  addEventListener("pagehide", () => live.close());
})();
