/* What was typed and not sent survives a lost connection, a reload and signing in again: it stays in this tab's own
   storage, by who typed it, on which page, in which field, for a day at most, and is offered back. Only longer fields
   take part, those whose length is declared; never a password, and nothing that is typed at a device. */
(() => {
  "use strict";
  const html = document.documentElement;
  const bar = document.getElementById("unsent");
  const PREFIX = "isp-unsent:", LIVES = 24 * 3600 * 1000, LONGEST = 20000, SHORTEST_FIELD = 40, USUAL_FIELD = 5000;
  const SENT_WITHIN = 15000, LOOKS_EVERY = 1000;
  const who = html.dataset.who ?? "";
  const place = () => location.pathname + location.search;
  /* Fields in use, by their keys: what stands in one of them is not offered back. */
  const live = new Map();
  let pressedUntil = 0, wanted = false;

  function* entries() {
    for (const name of Object.keys(sessionStorage)) {
      if (!name.startsWith(PREFIX)) { continue; }
      try {
        const [by, where, label, nth] = JSON.parse(name.slice(PREFIX.length));
        yield { name, by, where, label, nth, ...JSON.parse(sessionStorage.getItem(name)) };
      } catch {
        sessionStorage.removeItem(name);
      }
    }
  }

  const forget = (those) => { for (const one of entries()) { if (those(one)) { sessionStorage.removeItem(one.name); } } };

  function* fields(root = document) {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) { yield* fields(one.shadowRoot); }
      if (keeps(one)) { yield one; }
    }
  }

  function keeps(one) {
    if (one instanceof HTMLTextAreaElement) {
      return !one.readOnly && one.getAttribute("aria-hidden") !== "true" && !one.className.includes("xterm");
    }
    const long = one.maxLength >= SHORTEST_FIELD && one.maxLength < USUAL_FIELD;
    return one instanceof HTMLInputElement && ["text", "email", "tel"].includes(one.type) && long;
  }

  const label = (one) => (one.labels?.[0]?.textContent || one.getAttribute("aria-label") || one.placeholder || "").trim();
  const known = new WeakMap();

  function keyOf(one) {
    const found = known.get(one);
    if (found?.where === place()) { return found.key; }
    const own = label(one);
    const nth = [...fields()].filter((other) => label(other) === own).indexOf(one);
    const key = PREFIX + JSON.stringify([who, place(), own, nth]);
    known.set(one, { where: place(), key });
    return key;
  }

  function keep(one) {
    const key = keyOf(one), text = one.value.slice(0, LONGEST);
    live.set(key, one);
    try {
      if (text.trim()) { sessionStorage.setItem(key, JSON.stringify({ text, at: Date.now() })); } else { sessionStorage.removeItem(key); }
    } catch {
      sessionStorage.removeItem(key); /* there is no room: rather nothing than a half */
    }
  }

  addEventListener("input", (event) => {
    const one = event.composedPath()[0];
    if (one instanceof HTMLElement && keeps(one)) { keep(one); }
  }, { capture: true });

  addEventListener("click", (event) => {
    const path = event.composedPath();
    if (!path.some((one) => one instanceof HTMLButtonElement)) { return; }
    if (path.some((one) => one instanceof HTMLFormElement && one.action.endsWith("/sign-out"))) { forget(() => true); }
    if (path.some((one) => one.classList?.contains("acts"))) { pressedUntil = Date.now() + SENT_WITHIN; }
  }, { capture: true });

  /* A field that is empty, or gone, soon after a press was sent. One that is gone otherwise was only left. */
  function look() {
    if (html.dataset.lost === "true") { return; }
    for (const [key, one] of live) {
      const over = !one.isConnected || !one.value.trim();
      if (over && Date.now() < pressedUntil) { sessionStorage.removeItem(key); }
      if (over) { live.delete(key); }
    }
    offer();
  }

  const here = () => [...entries()].filter((one) => one.by === who && one.where === place() && !live.has(one.name));

  function offer() {
    const found = here();
    if (!found.length) { wanted = false; }
    bar.hidden = !found.length;
    bar.dataset.wanted = wanted;
    if (!found.length) { return; }
    const said = found.map((one) => `${one.label}: ${one.text}`).join(" · ");
    const shown = said.length > 120 ? `${said.slice(0, 120)}…` : said;
    const quoted = bar.querySelector("q");
    if (quoted.textContent !== shown) { quoted.textContent = shown; }
    if (wanted) { putBack(); }
  }

  function putBack() {
    const found = new Map(here().map((one) => [one.name, one]));
    for (const one of fields()) {
      const kept = found.get(keyOf(one));
      if (kept && !one.value.trim()) {
        const prototype = one instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
        Object.getOwnPropertyDescriptor(prototype, "value").set.call(one, kept.text);
        one.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
        one.focus();
      }
    }
    bar.hidden = !here().length;
  }

  bar.querySelector("[data-put]").addEventListener("click", () => { wanted = true; offer(); });
  bar.querySelector("[data-drop]").addEventListener("click", () => { forget((one) => one.where === place()); offer(); });
  forget((one) => one.by !== who || Date.now() - one.at > LIVES);
  setInterval(() => { if (html.dataset.ready === "true") { look(); } }, LOOKS_EVERY);
})();
