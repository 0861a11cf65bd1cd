/* The dialog is the browser's own: it keeps the focus, closes on Escape, and nothing of the page is reached meanwhile.
   The list follows the pattern of a combobox with a listbox: the focus stays in the field, arrows move what is chosen. */
const PAUSE = 180, KEPT = 8;

/* Texts in the reader's language, by their English, which stands where there is no other. */
const speaker = (texts) => {
  const put = (text, named) => text.replace(/\{(\w+)\}/g, (all, name) => named?.[name] ?? all);
  return {
    _: (text, named) => put(texts[text]?.[0] ?? text, named),
    n_: (one, many, count) => put(texts[one] ? texts[one][count === 1 ? 0 : 1] : count === 1 ? one : many, { count }),
  };
};

export function render({ model }) {
  const { _, n_ } = speaker(model.texts);
  const mac = /Mac|iPhone|iPad/.test(navigator.platform);
  const root = document.createElement("div");
  root.innerHTML = `<button type="button" class="open" aria-haspopup="dialog" aria-keyshortcuts="Control+K Meta+K">
      <i class="icon" aria-hidden="true">search</i><span></span><kbd aria-hidden="true"></kbd></button>
    <dialog>
      <div class="field"><i class="icon" aria-hidden="true">search</i>
        <input type="text" dir="auto" role="combobox" aria-expanded="true" aria-controls="found" aria-autocomplete="list"
          autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="go" maxlength="120">
        <button type="button" class="close"><i class="icon" aria-hidden="true">close</i></button></div>
      <div class="bar" hidden></div>
      <div id="found" role="listbox"></div>
      <p class="hint"></p><p class="sr" role="status"></p>
    </dialog>`;
  const [open, dialog] = root.children;
  const pick = (what) => dialog.querySelector(what);
  const [field, list, hint, said, bar] = ["input", "[role=listbox]", ".hint", "[role=status]", ".bar"].map(pick);
  const keys = mac ? "⌘K" : _("Ctrl-K");
  const label = _("Search ({keys})", { keys });
  open.querySelector("span").textContent = _("Search");
  for (const one of [dialog, field]) { one.setAttribute("aria-label", _("Search")); }
  field.placeholder = _("Name, address, code, serial, IP …");
  pick(".close").setAttribute("aria-label", _("Close"));
  list.setAttribute("aria-label", _("What was found"));
  open.querySelector("kbd").textContent = mac ? "⌘K" : _("Ctrl K");
  open.setAttribute("aria-label", label);
  open.title = label;

  let asked = 0, timer = 0, slow = 0, chosen = -1, groups = [], waiting = false, failed = "";

  /* What was picked lately, of whoever is signed in here now and of nobody before. */
  const key = `isp-recent:${model.who}`;
  const recent = () => { try { return JSON.parse(localStorage.getItem(key) ?? "[]"); } catch { return []; } };
  const keep = (row) => {
    const { href, icon, title, says } = row;
    const rows = [{ href, icon, title, says }, ...recent().filter((one) => one.href !== href)].slice(0, KEPT);
    try { localStorage.setItem(key, JSON.stringify(rows)); } catch { /* a browser that keeps nothing */ }
  };
  try {
    Object.keys(localStorage).filter((one) => one.startsWith("isp-recent:") && one !== key).forEach((one) => localStorage.removeItem(one));
  } catch { /* as above */ }

  const typed = () => field.value.trim();
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const pages = (text) => {
    const words = fold(text).replace(/^(go ?to|open) +/, "").split(/\s+/).filter(Boolean);
    const fits = ([title]) => words.every((word) => ` ${fold(title)}`.includes(` ${word}`));
    return words.length ? model.pages.filter(fits).map(([title, href, icon]) => ({ href, icon, title, says: _("Go to this page") })) : [];
  };

  const options = () => [...list.querySelectorAll("[role=option]")];
  const choose = (at) => {
    const all = options();
    chosen = all.length ? (at + all.length) % all.length : -1;
    all.forEach((one, place) => one.setAttribute("aria-selected", place === chosen));
    if (chosen >= 0) {
      field.setAttribute("aria-activedescendant", all[chosen].id);
      all[chosen].scrollIntoView({ block: "nearest" });
    } else {
      field.removeAttribute("aria-activedescendant");
    }
  };

  const make = (name, css, text) => {
    const one = document.createElement(name);
    if (css) { one.className = css; }
    if (text) { one.textContent = text; one.dir = "auto"; }
    return one;
  };
  const option = (row, number) => {
    const one = make("a", "", "");
    Object.assign(one, { href: row.href, id: `option-${number}`, tabIndex: -1 });
    one.setAttribute("role", "option");
    const symbol = make("i", "icon", row.icon);
    symbol.setAttribute("aria-hidden", "true");
    const words = make("span", "words", "");
    words.append(make("b", "", row.title));
    if (row.says) { words.append(make("small", "", row.says)); }
    one.append(symbol, words);
    if (row.state) { one.append(make("span", `chip ${row.tone}`, row.state)); }
    one.addEventListener("click", () => keep(row));
    one.addEventListener("mousemove", () => { const at = options().indexOf(one); if (at !== chosen) { choose(at); } });
    return one;
  };

  const draw = () => {
    const text = typed();
    const lately = text ? [] : recent();
    const shown = [
      ...(lately.length ? [{ title: _("Picked lately"), rows: lately }] : []),
      ...(text ? groups : []),
      ...(pages(text).length ? [{ title: _("Pages"), rows: pages(text) }] : []),
    ];
    let number = 0;
    list.replaceChildren(...shown.map(({ title, rows }, at) => {
      const group = make("div", "", "");
      const heading = make("div", "heading", title);
      heading.id = `group-${at}`;
      heading.setAttribute("role", "presentation");
      group.setAttribute("role", "group");
      group.setAttribute("aria-labelledby", heading.id);
      group.append(heading, ...rows.map((row) => option(row, number++)));
      return group;
    }));
    list.hidden = number === 0;
    field.setAttribute("aria-expanded", number > 0);
    choose(number ? 0 : -1);
    const nothing = text && !waiting && number === 0;
    hint.textContent = failed || (nothing ? _("Nothing is found for “{text}”. Try fewer letters, a part of the address, or the code as it is written.", { text })
      : text ? "" : _("A name, an address, a code, a telephone number, a serial number, an IP or MAC address, an OLT and its port. Mistyped names are found too."));
    hint.hidden = !hint.textContent;
    hint.classList.toggle("failed", Boolean(failed));
    said.textContent = waiting || !text ? "" : n_("{count} found", "{count} found", number);
  };

  const busy = (on) => {
    waiting = on;
    clearTimeout(slow);
    bar.hidden = true;
    if (on) { slow = setTimeout(() => { bar.hidden = false; }, 400); }
  };
  const ask = () => {
    clearTimeout(timer);
    failed = "";
    asked += 1;
    if (!typed()) { groups = []; busy(false); draw(); return; }
    busy(true);
    draw();
    timer = setTimeout(() => model.send_msg({ ask: asked, text: typed() }), PAUSE);
  };
  model.on("answer", () => {
    if (model.answer.ask !== asked) { return; }
    groups = model.answer.groups;
    failed = model.answer.error;
    busy(false);
    draw();
  });

  const show = () => {
    if (dialog.open) { field.select(); return; }
    field.value = "";
    groups = [];
    failed = "";
    dialog.showModal();
    draw();
    field.focus();
  };
  open.addEventListener("click", show);
  pick(".close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) { dialog.close(); } });
  dialog.addEventListener("close", () => { clearTimeout(timer); asked += 1; busy(false); });
  field.addEventListener("input", ask);
  field.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) { event.preventDefault(); choose(chosen + moves[event.key]); }
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      const one = options()[chosen];
      if (one && !waiting) { one.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey, metaKey: event.metaKey })); }
    }
  });
  const pressed = (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      show();
    }
  };
  document.addEventListener("keydown", pressed, true);
  model.on("remove", () => document.removeEventListener("keydown", pressed, true));
  return root;
}
