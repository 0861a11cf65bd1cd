/* A list of the database: search, filters, sorting, columns, saved views, export and pages. It shows what the server
   says and asks it for another view; nothing is kept or decided here. All text goes in as text, never as markup. */
const make = (name, attributes = {}, ...content) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) { continue; }
    if (key.startsWith("on")) { element.addEventListener(key.slice(2), value); } else { element.setAttribute(key, value === true ? "" : value); }
  }
  element.append(...content.filter((one) => one !== null && one !== undefined && one !== ""));
  return element;
};
/* A table of so many columns becomes cards sooner, as in table.py. */
const MANY = 4;
const icon = (name) => make("i", { class: "icon", "aria-hidden": "true" }, name);

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
  const root = make("div", { class: "listing" });
  let open = "";            /* which panel is open: filters, columns, views */
  let typing = 0;
  const ask = (what) => model.send_msg(what);

  const bar = make("div", { class: "bar-row" });
  const panel = make("div", { class: "panel", hidden: true });
  const chips = make("div", { class: "filters", role: "list", "aria-label": _("Filters in use") });
  const place = make("div");
  const spoken = make("p", { class: "sr", role: "status" });
  root.append(bar, panel, chips, place, spoken);

  const search = make("input", {
    type: "search", dir: "auto", "aria-label": _("Search"), placeholder: model.hint, autocomplete: "off", spellcheck: "false",
    oninput: () => { clearTimeout(typing); typing = setTimeout(() => ask({ text: search.value }), 250); },
  });
  const toggles = {};
  const toggle = (key, symbol, words) => {
    const button = make("button", {
      type: "button", class: "tool", "aria-expanded": "false", title: words,
      onclick: () => { open = open === key ? "" : key; drawPanel(); },
    }, icon(symbol), make("span", key === "filters" ? { class: "tells" } : {}, words));
    toggles[key] = button;
    return button;
  };
  bar.append(
    make("label", { class: "find" }, icon("search"), search),
    toggle("filters", "filter_list", _("Filter")),
    toggle("columns", "view_column", _("Columns")),
    toggle("views", "bookmark_border", _("Views")),
    toggle("export", "download", _("Export")),
  );

  /* ---- panels */
  const close = () => { const was = toggles[open]; open = ""; drawPanel(); was?.focus(); };
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } });

  function drawPanel() {
    for (const [key, button] of Object.entries(toggles)) { button.setAttribute("aria-expanded", String(key === open)); }
    panel.hidden = !open;
    panel.replaceChildren(...(open ? { filters, columns, views, export: files }[open]() : []));
  }

  function filters() {
    return [make("div", { class: "grid" }, ...model.fields.filter((field) => field.filtered).map((field) => filterOf(field))),
      make("div", { class: "ends" }, make("button", { type: "button", class: "tool", onclick: () => ask({ clear: true }) }, _("Clear all")))];
  }

  function filterOf(field) {
    const value = model.filters[field.name] ?? "";
    const send = (next) => ask({ filter: field.name, value: next });
    if (field.kind === "choice" && field.choices.length) {
      const chosen = new Set(value.split(",").filter(Boolean));
      const boxes = field.choices.map(([word, words]) => make("label", { class: "box" }, make("input", {
        type: "checkbox", checked: chosen.has(word),
        onchange: (event) => { event.target.checked ? chosen.add(word) : chosen.delete(word); send([...chosen].join(",")); },
      }), words));
      return make("fieldset", { class: "wide" }, make("legend", {}, field.title), ...boxes);
    }
    if (field.kind === "text" || field.kind === "choice") {
      return make("label", {}, make("span", {}, field.title), make("input", {
        type: "text", dir: "auto", value, placeholder: _("contains"), autocomplete: "off", onchange: (event) => send(event.target.value),
      }));
    }
    const [first, last] = value.includes("..") ? value.split("..") : [value, value];
    const type = field.kind === "moment" || field.kind === "day" ? "date" : "number";
    const ends = [first, last].map((end, place) => make("input", { type, value: end, step: "any", "aria-label": place ? _("{column} to", { column: field.title }) : _("{column} from", { column: field.title }) }));
    /* A day that moves with the calendar is none that the browser's field can show: it stays until another is chosen. */
    const given = (input, was) => input.value || (was.startsWith("today") ? was : "");
    const both = () => {
      const [from, to] = [given(ends[0], first), given(ends[1], last)];
      send(from || to ? `${from}..${to}` : "");
    };
    ends.forEach((end) => end.addEventListener("change", both));
    const title = field.kind === "hours" ? _("{column}, hours", { column: field.title }) : field.title;
    return make("fieldset", {}, make("legend", {}, title), make("span", { class: "span" }, ends[0], _("to"), ends[1]));
  }

  function columns() {
    const shown = model.columns.map((column) => column.name);
    const boxes = model.fields.map((field, place) => make("label", { class: "box" }, make("input", {
      type: "checkbox", checked: shown.includes(field.name), disabled: place === 0,
      onchange: (event) => {
        const next = model.fields.map((one) => one.name).filter((name) => (name === field.name ? event.target.checked : shown.includes(name)));
        ask({ show: next.join(",") });
      },
    }), field.title));
    return [make("fieldset", { class: "wide" }, make("legend", {}, _("Columns shown")), ...boxes),
      make("div", { class: "ends" }, make("button", { type: "button", class: "tool", onclick: () => ask({ show: "" }) }, _("As usual")))];
  }

  function views() {
    const items = model.saved.map((view) => make("li", {},
      make("a", { href: `?${view.query}`, onclick: (event) => { if (plain(event)) { event.preventDefault(); ask({ view: view.query }); } } }, make("span", { dir: "auto" }, view.name)),
      view.owner ? make("small", {}, _("of {owner}", { owner: view.owner })) : view.shared ? make("small", {}, _("shared")) : null,
      view.owner ? null : make("button", { type: "button", class: "tool", "aria-label": _("Remove {name}", { name: view.name }), title: _("Remove"), onclick: () => ask({ forget: view.id }) }, icon("delete"))));
    const name = make("input", { type: "text", dir: "auto", maxlength: "60", "aria-label": _("Name of the view"), placeholder: _("Name") });
    const shared = make("input", { type: "checkbox" });
    const keep = (event) => { event.preventDefault(); ask({ keep: name.value, shared: shared.checked }); };
    return [items.length ? make("ul", { class: "views" }, ...items) : make("p", { class: "soft" }, _("None is saved yet. Filter the list as you like it, then give that a name.")),
      make("form", { class: "keep", onsubmit: keep }, name, make("label", { class: "box" }, shared, _("for everybody")),
        make("button", { type: "submit", class: "tool" }, _("Save this view")))];
  }

  function files() {
    const link = (form, words) => make("a", { class: "tool", href: `./lists/${model.of_list}.${form}${model.query ? `?${model.query}` : ""}`, download: true }, words);
    return [make("p", { class: "soft" }, _("All rows of the list as it is filtered and sorted now, with every column. It is noted in the audit trail.")),
      make("div", { class: "ends" }, link("csv", "CSV"), link("xlsx", "Excel (XLSX)"))];
  }

  /* ---- what is shown */
  const plain = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;

  /* Most of a few words are said by what is left out. */
  function chosenWords(field, chosen) {
    const named = (words) => words.map((word) => field.choices.find(([one]) => one === word)?.[1] ?? word).join(_(" or "));
    const others = field.choices.map(([word]) => word).filter((word) => !chosen.includes(word));
    return chosen.length > 2 && others.length && others.length < chosen.length ? _("not {choices}", { choices: named(others) }) : named(chosen);
  }

  function dayWords(day) {
    const moving = /^today(?:([+-])(\d+))?$/.exec(day);
    if (!moving) { return day; }
    const many = Number(moving[2] ?? 0);
    if (!many) { return _("today"); }
    return moving[1] === "+" ? n_("today + {count} day", "today + {count} days", many) : n_("today − {count} day", "today − {count} days", many);
  }

  function spanWords(value) {
    const [first, last] = value.includes("..") ? value.split("..") : [value, value];
    if (first === last) { return dayWords(first); }
    const named = { first: dayWords(first), last: dayWords(last) };
    return first && last ? _("{first} to {last}", named) : first ? _("from {first}", named) : _("up to {last}", named);
  }

  function drawChips() {
    const used = Object.entries(model.filters);
    chips.replaceChildren(...used.map(([name, value]) => {
      const field = model.fields.find((one) => one.name === name);
      const words = field.kind === "choice" ? chosenWords(field, value.split(",")) : field.kind === "moment" || field.kind === "day" ? spanWords(value) : value;
      return make("span", { class: "used", role: "listitem" }, make("span", {}, `${field.title}: `, make("span", { dir: "auto" }, words)),
        make("button", { type: "button", "aria-label": _("Without {column}", { column: field.title }), title: _("Take away"), onclick: () => ask({ filter: name, value: "" }) }, icon("close")));
    }));
    chips.hidden = !used.length;
    toggles.filters.querySelector("span").textContent = used.length ? _("Filter ({count})", { count: used.length }) : _("Filter");
  }

  /* A long word may break after a dot, an at or a hyphen, rather than anywhere. */
  const breaking = (text) => text.split(/(?<=[.@_/-])(?=\S{2})/).flatMap((part, at) => (at ? [make("wbr"), part] : [part]));

  function cell(content) {
    const [text, under, tone] = content;
    const span = make("span", { dir: "auto" });
    span.append(...(tone !== null && tone !== undefined ? [make("span", { class: `chip ${tone}`.trim() }, text)] : breaking(text)));
    if (under) { span.append(make("br"), make("small", { dir: "auto" }, ...breaking(under))); }
    return span;
  }

  function drawRows() {
    if (!model.rows.length) {
      place.replaceChildren(make("div", { class: "empty" }, make("b", {}, model.nothing[0]), model.nothing[1]));
      return;
    }
    const sort = model.sort;
    const heads = model.columns.map((column) => {
      const way = sort === column.name ? "ascending" : sort === `-${column.name}` ? "descending" : null;
      if (!column.sorted) { return make("th", { scope: "col", class: column.css }, column.title); }
      return make("th", { scope: "col", class: column.css, "aria-sort": way }, make("button", {
        type: "button", onclick: () => ask({ sort: way === "ascending" ? `-${column.name}` : column.name }),
      }, column.title, way ? icon(way === "ascending" ? "arrow_upward" : "arrow_downward") : null));
    });
    const rows = model.rows.map((row) => make("tr", { "aria-current": row.key === model.picked ? "true" : null },
      ...row.cells.map((content, at) => {
        const column = model.columns[at];
        const inner = at === 0
          ? make("a", { dir: "auto", href: `?${model.query ? `${model.query}&` : ""}${model.parameter}=${encodeURIComponent(row.key)}`, "data-pick": row.key }, content[0])
          : cell(content);
        return make("td", { class: column.css, "data-label": column.title }, at === 0 ? make("span", {}, inner, ...(content[1] ? [make("br"), make("small", { dir: "auto" }, content[1])] : [])) : inner);
      })));
    const held = root.getRootNode().activeElement?.dataset?.pick;
    const table = make("table", { class: model.columns.length < MANY ? "stack" : "stack many" }, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
    place.replaceChildren(make("div", { class: "table-card" }, make("div", { class: "scroll" }, table), pager()));
    if (held) { place.querySelector(`[data-pick="${CSS.escape(held)}"]`)?.focus({ preventScroll: true }); }
  }

  function pager() {
    const first = (model.page - 1) * model.size + 1;
    const last = first + model.rows.length - 1;
    const named = { first, last, total: model.total.toLocaleString(model.language) };
    const span = model.counted ? _("{first}–{last} of {total}", named) : _("{first}–{last} of more than {total}", named);
    const turn = (words, page, may) => make("button", { type: "button", class: "tool", disabled: !may, onclick: () => ask({ page }) }, words);
    return make("div", { class: "pager" }, turn(_("← Before"), model.page - 1, model.page > 1), make("span", {}, span), turn(_("After →"), model.page + 1, model.more));
  }

  place.addEventListener("click", (event) => {
    const row = event.target.closest("tbody tr");   /* a whole row can be pressed, by a thumb above all; words may still be marked */
    const link = event.target.closest("[data-pick]") ?? (getSelection().isCollapsed ? row?.querySelector("[data-pick]") : null);
    if (link && plain(event)) { event.preventDefault(); ask({ pick: link.dataset.pick }); }
  });
  /* Arrow keys go from row to row, as in any list. */
  place.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") { return; }
    const links = [...place.querySelectorAll("[data-pick]")];
    const at = links.indexOf(root.getRootNode().activeElement);
    const next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (at >= 0 && next) { event.preventDefault(); next.focus(); }
  });

  const draw = () => {
    if (root.getRootNode().activeElement !== search) { search.value = model.text; }
    drawChips();
    drawRows();
    if (open && !panel.contains(root.getRootNode().activeElement)) { drawPanel(); }
    const named = { total: model.total, list: model.title };
    const said = model.counted ? _("{list}: {total} found", named) : _("{list}: more than {total} found", named);
    if (spoken.textContent !== said) { spoken.textContent = said; }
  };
  model.on("drawn", draw);
  model.on("saved", () => { if (open === "views") { drawPanel(); } });
  draw();
  drawPanel();
  return root;
}
