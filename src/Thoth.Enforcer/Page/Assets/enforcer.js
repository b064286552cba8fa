"use strict";
// Keeps an open page current. The server says that something changed; the page then fetches itself and replaces the parts
// marked data-live. Cards that still wait stay as they are, so that text typed into them is not lost. Without this script
// everything works except the refresh.
(() => {
  const listen = document.body.dataset.listen;
  const announce = document.getElementById("announce");
  const connection = document.getElementById("connection");
  let clockOffset = Number(document.body.dataset.now) - Date.now();
  let last = 0, timer = 0, busy = false, again = false;

  const say = text => { announce.textContent = text; };

  const localTimes = root => {
    for (const time of root.querySelectorAll("time[datetime]")) {
      const at = new Date(time.dateTime);
      const today = at.toDateString() === new Date().toDateString();
      time.title = at.toString();
      time.textContent = today ? at.toLocaleTimeString() : at.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    }
  };

  const tick = () => {
    const now = Date.now() + clockOffset;
    for (const box of document.querySelectorAll("[data-expires]")) {
      const left = Math.max(0, Math.ceil((Number(box.dataset.expires) - now) / 1000));
      const hours = Math.floor(left / 3600), minutes = Math.floor(left / 60) % 60, seconds = String(left % 60).padStart(2, "0");
      box.querySelector(".clock").textContent = hours > 0
        ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
      box.querySelector("progress").value = left;
      box.classList.toggle("soon", left <= 60);
    }
  };

  // Children with the same id are the same call: only new ones are added, and only missing ones are removed.
  const mergeKeyed = (list, fresh) => {
    for (const child of [...list.children]) {
      if (fresh.querySelector(`:scope > [id="${CSS.escape(child.id)}"]`)) continue;
      const hadFocus = child.contains(document.activeElement);
      const next = child.nextElementSibling || child.previousElementSibling;
      child.remove();
      if (hadFocus) (next && next.matches(".card") ? next : document.getElementById("main")).focus();
      if (child.dataset.name) say(`${child.dataset.name} no longer waits.`);
    }
    [...fresh.children].forEach((child, i) => {
      if (document.getElementById(child.id)) return;
      const added = document.importNode(child, true);
      localTimes(added);
      added.classList.add("new");
      list.insertBefore(added, list.children[i] || null);
      if (child.dataset.name) say(`New call to decide: ${child.dataset.name}, by ${child.dataset.agent}.`);
    });
  };

  const replace = (part, fresh) => {
    const open = [...part.querySelectorAll("details[open][id]")].map(details => details.id);
    const focused = part.contains(document.activeElement) ? document.activeElement.closest("[id]")?.id : null;
    part.replaceChildren(...[...fresh.childNodes].map(node => document.importNode(node, true)));
    localTimes(part);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (focused) (document.getElementById(focused)?.querySelector("summary") ?? document.getElementById(focused))?.focus();
  };

  const take = (html, url) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    if (!fresh.querySelector("main[data-page]")) {
      if (new URL(url, location).pathname === "/sign-in") location.assign("/sign-in");
      return;
    }
    clockOffset = Number(fresh.body.dataset.now) - Date.now();
    document.title = fresh.title;
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = fresh.getElementById(part.id);
      if (other) (part.dataset.live === "keyed" ? mergeKeyed : replace)(part, other);
    }
    tick();
  };

  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    last = Date.now();
    try {
      const response = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } });
      if (response.ok) take(await response.text(), response.url);
    } catch { /* The stream reconnects when the server is back. */ }
    busy = false;
    if (again) { again = false; soon(); }
  };

  // At most one refresh a second.
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, Math.max(0, 1000 - (Date.now() - last)));
  };

  const connect = () => {
    const stream = new EventSource("/live");
    const show = live => {
      connection.hidden = false;
      connection.classList.toggle("off", !live);
      connection.querySelector(".words").textContent = live ? "Live" : "Reconnecting";
    };
    stream.addEventListener("open", () => show(true));
    stream.addEventListener("holds", soon);
    if (listen === "activity") stream.addEventListener("activity", soon);
    stream.addEventListener("error", () => {
      show(false);
      // A closed stream does not reconnect: the server was restarted, or the sign-in has ended.
      if (stream.readyState === EventSource.CLOSED) setTimeout(() => { refresh(); connect(); }, 3000);
    });
  };

  document.addEventListener("submit", async e => {
    const form = e.target.closest("form.answer");
    if (!form || !e.submitter) return;
    e.preventDefault();
    const body = new URLSearchParams(new FormData(form, e.submitter));
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    try {
      const response = await fetch(form.action, { method: "POST", body });
      const html = await response.text();
      const notice = new DOMParser().parseFromString(html, "text/html").querySelector("[data-notice] > *");
      if (!response.ok || !notice) { location.reload(); return; }
      if (location.pathname !== "/") { location.assign(response.url); return; }
      take(html, response.url);
      document.querySelector("[data-notice]").replaceChildren(document.importNode(notice, true));
      say(notice.textContent);
    } catch {
      for (const button of form.querySelectorAll("button")) button.disabled = false;
      say("The server could not be reached. Nothing was decided.");
      document.querySelector("[data-notice]")?.replaceChildren(Object.assign(document.createElement("p"),
        { className: "notice wrong", textContent: "The server could not be reached. Nothing was decided." }));
    }
  });

  document.addEventListener("change", e => { if (e.target.matches(".filter select")) e.target.form.requestSubmit(); });

  document.addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.matches("input, select, textarea")) return;
    const cards = [...document.querySelectorAll(".card")];
    const at = cards.findIndex(card => card.contains(document.activeElement));
    const go = { j: () => cards[Math.min(at + 1, cards.length - 1)], k: () => cards[Math.max(at - 1, 0)],
      a: () => cards[Math.max(at, 0)]?.querySelector(".approve"), d: () => cards[Math.max(at, 0)]?.querySelector(".deny") }[e.key];
    const target = go?.();
    if (target) { e.preventDefault(); target.focus(); target.closest(".card").scrollIntoView({ block: "nearest" }); }
  });

  // After a laptop slept, the stream may be dead.
  document.addEventListener("visibilitychange", () => { if (!document.hidden && listen) soon(); });
  if (listen) { connect(); setInterval(soon, 30000); }
  localTimes(document);
  tick();
  setInterval(tick, 1000);
})();
