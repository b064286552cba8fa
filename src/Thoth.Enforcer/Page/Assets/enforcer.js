"use strict";
// Keeps an open page current. The server says that something changed; the page then fetches itself and replaces the parts
// marked data-live. Cards that still wait stay as they are and where they are. Without this script everything works except the
// refresh.
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

  // The list of waiting calls changes by itself only while no call is in it. A pointer may rest on a button: a call that no longer
  // waits leaves a note of the same height in its place, and new calls wait behind the button of a bar.
  const list = document.querySelector("[data-live=keyed]");
  const arrivals = document.getElementById("arrivals");
  const told = new Set([...document.querySelectorAll(".card")].map(card => card.id));
  let latest = null;

  const cardsOf = root => [...root.querySelectorAll(":scope > .card")];
  const byId = (root, id) => root.querySelector(`:scope > [id="${CSS.escape(id)}"]`);

  const end = (card, past) => {
    const note = document.createElement("article");
    note.className = "over";
    note.dataset.was = card.id;
    note.style.minHeight = `${card.offsetHeight}px`;
    note.tabIndex = -1;
    const line = document.createElement("p");
    line.append(...[".mark", ".tool", ".by"].map(part => past?.querySelector(part)?.cloneNode(true)).filter(Boolean)
      .flatMap(part => [part, " "]), past ? "" : `${card.dataset.name} no longer waits.`);
    note.append(line);
    const hadFocus = card.contains(document.activeElement);
    card.replaceWith(note);
    if (hadFocus) note.focus({ preventScroll: true });
    say(`${card.dataset.name} no longer waits.`);
  };

  const showArrivals = () => {
    const fresh = cardsOf(latest).filter(card => !byId(list, card.id)).length;
    const over = list.querySelectorAll(":scope > .over").length;
    if (arrivals) {
      arrivals.hidden = fresh + over === 0;
      const words = [fresh && `${fresh} new ${fresh === 1 ? "call" : "calls"}.`, over && `${over} no longer ${over === 1 ? "waits" : "wait"}.`];
      arrivals.querySelector(".words").textContent = words.filter(Boolean).join(" ");
      arrivals.querySelector("button").textContent = fresh ? "Show" : "Clear";
    }
  };

  const rebuild = () => {
    const focused = document.activeElement?.closest("[data-live=keyed] > .card") ? document.activeElement : null;
    const notice = [...list.querySelectorAll(":scope > .over > .notice")].pop();
    if (notice) document.querySelector("[data-notice]")?.replaceChildren(notice);
    list.replaceChildren(...[...latest.children].map(child => {
      const present = child.matches(".card") ? byId(list, child.id) : null;
      if (present) return present;
      const added = document.importNode(child, true);
      localTimes(added);
      added.classList.add("new");
      added.dataset.arrived = performance.now();
      return added;
    }));
    focused?.focus({ preventScroll: true });
    showArrivals();
    tick();
    look();
  };

  const mergeKeyed = (fresh, page) => {
    latest = fresh;
    for (const card of cardsOf(list)) {
      const past = page.getElementById(`past-${card.id}`);
      // A call that is in neither list still waits: there are more calls than the page shows.
      const isOver = past || Number(card.querySelector("[data-expires]")?.dataset.expires) <= Date.now() + clockOffset;
      if (!byId(fresh, card.id) && isOver) end(card, past);
    }
    for (const card of cardsOf(fresh)) {
      if (told.has(card.id)) continue;
      told.add(card.id);
      say(`New call to decide: ${card.dataset.name}, by ${card.dataset.agent}.`);
    }
    if (cardsOf(list).length === 0) rebuild(); else showArrivals();
  };

  // A button that has just appeared or moved is dead until it has been in its place for a second, so that a click that was meant
  // for something else does not answer a call. Without script the style sheet does so after each load of the page.
  const rest = 1000;
  const places = new WeakMap();
  let pressed = null;

  const look = () => {
    const now = performance.now();
    for (const button of document.querySelectorAll(".answer button")) {
      const box = button.getBoundingClientRect();
      const [left, top] = [box.left + scrollX, box.top + scrollY];
      let place = places.get(button);
      if (!place || Math.abs(place.left - left) > 1 || Math.abs(place.top - top) > 1) places.set(button, place = { left, top, since: now });
      const isSettling = now - place.since < rest;
      if (isSettling) button.setAttribute("aria-disabled", "true"); else button.removeAttribute("aria-disabled");
      button.classList.toggle("settling", isSettling);
    }
  };

  const isSettled = button => { look(); return !button.classList.contains("settling"); };
  const hasJustArrived = button => performance.now() - Number(button.closest(".card")?.dataset.arrived ?? -rest) < rest;

  document.addEventListener("pointerdown", e => {
    const button = e.target.closest(".answer button");
    pressed = button && isSettled(button) ? button : null;
  }, true);

  document.addEventListener("click", e => {
    const button = e.target.closest(".answer button");
    if (!button) return;
    // A key press has no detail. It goes to the button that has the focus, wherever that button is.
    if (e.detail === 0 ? hasJustArrived(button) : pressed !== button || !isSettled(button)) {
      e.preventDefault();
      e.stopImmediatePropagation();
      say("The button has just moved. Press it again.");
    }
  }, true);

  arrivals?.querySelector("button").addEventListener("click", () => {
    rebuild();
    (list.querySelector(":scope > .card.new") ?? document.getElementById("main")).focus({ preventScroll: true });
  });

  // A page that the browser kept is old.
  addEventListener("pageshow", e => {
    if (!e.persisted) return;
    for (const button of document.querySelectorAll(".answer button")) places.delete(button);
    look();
    if (listen) soon();
  });

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
      if (other && part.dataset.live === "keyed") mergeKeyed(other, fresh);
      else if (other) replace(part, other);
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
      connection.dataset.state = "on";
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

  // The notice stands where the person looks: in the note that took the call's place, or in the form that failed.
  const show = (form, notice) => {
    const note = list.querySelector(`:scope > .over[data-was="${CSS.escape(form.closest(".card").id)}"]`);
    if (note) note.replaceChildren(notice);
    else if (form.isConnected) form.append(notice);
    else document.querySelector("[data-notice]")?.replaceChildren(notice);
    say(notice.textContent);
  };

  document.addEventListener("submit", async e => {
    const form = e.target.closest("form.answer");
    if (!form || !e.submitter) return;
    e.preventDefault();
    const body = new URLSearchParams(new FormData(form, e.submitter));
    const live = form.querySelectorAll("button:not(:disabled)");
    for (const button of live) button.disabled = true;
    form.querySelector(".notice")?.remove();
    try {
      const response = await fetch(form.action, { method: "POST", body });
      const html = await response.text();
      const notice = new DOMParser().parseFromString(html, "text/html").querySelector("[data-notice] > *");
      if (!response.ok || !notice) { location.reload(); return; }
      if (location.pathname !== "/") { location.assign(response.url); return; }
      take(html, response.url);
      show(form, document.importNode(notice, true));
    } catch {
      show(form, Object.assign(document.createElement("p"),
        { className: "notice wrong", textContent: "The server could not be reached. Nothing was decided." }));
    }
    for (const button of live) button.disabled = false;
  });

  document.addEventListener("change", e => { if (e.target.matches(".filter select")) e.target.form.requestSubmit(); });

  document.addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.matches("input, select, textarea")) return;
    const cards = [...document.querySelectorAll(".card")];
    const at = cards.findIndex(card => card.contains(document.activeElement));
    const go = { j: () => cards[Math.min(at + 1, cards.length - 1)], k: () => cards[Math.max(at - 1, 0)],
      a: () => cards[Math.max(at, 0)]?.querySelector(".approve:not(:disabled), .open"), d: () => cards[Math.max(at, 0)]?.querySelector(".deny") }[e.key];
    const target = go?.();
    if (target) { e.preventDefault(); target.focus(); target.closest(".card").scrollIntoView({ block: "nearest" }); }
  });

  // After a laptop slept, the stream may be dead.
  document.addEventListener("visibilitychange", () => { if (!document.hidden && listen) soon(); });
  if (listen) { connect(); setInterval(soon, 30000); }
  localTimes(document);
  tick();
  look();
  setInterval(tick, 1000);
  setInterval(look, 100);
})();
