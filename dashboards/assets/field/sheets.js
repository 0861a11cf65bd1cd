/* The sheets in which something is written down: each ends in one entry, kept on the phone and sent from there. */
import { _, n_ } from "./speak.js";
import { Signature, smallPhoto } from "./capture.js";
import { alertBox, button, careful, h, sheet, symbol, Wrong } from "./draw.js";
import * as icons from "./icons.js";
import { NoReception } from "./outbox.js";
import { Scanner } from "./scan.js";
import { read, serialOf } from "./serial.js";
import { dropEntry } from "./store.js";

const NAMES = { note: _("Note"), light: _("Light"), photo: _("Photo"), signature: _("Signature"), activation: _("Activation"), cannot_do: _("Cannot do") };
export const nameOf = (entry) => {
  const { serial, name, level_dbm } = entry.fields ?? {};
  const more = serial ?? name ?? (level_dbm !== undefined ? `${level_dbm} dBm` : "");
  return more ? `${NAMES[entry.kind]} ${more}` : NAMES[entry.kind];
};

const place = () => h("div", { class: "said", "aria-live": "polite" });
const done = (label, act, said, more = {}) => h("div", { class: "end" }, button(label, careful(act, said), { css: "primary", ...more }));
const input = (label, given = {}) => {
  const field = h("input", given);
  return [h("label", {}, h("span", {}, label), field), field];
};

/* --- the ONT ------------------------------------------------------------------------------------------------------ */

export function activate(api, visit, serial = visit.serial) {
  let scanner = null;
  sheet(visit.delivery_state === "failed" ? _("Try an ONT") : _("Activate"), (body, close) => {
    const said = place(), reads = h("p", { class: "soft", "aria-live": "polite" }), camera = h("div", { class: "camera" }), found = h("div", { class: "onts" });
    const [label, field] = input(_("Serial number on the label"), {
      value: serial, autocapitalize: "characters", autocomplete: "off", spellcheck: "false", maxlength: 40, placeholder: "HWTC-AABBCCDD", enterkeyhint: "done", oninput: () => check(),
    });
    const check = () => {
      const text = field.value.trim(), good = serialOf(text);
      reads.textContent = good ? _("Reads as {good}.", { good }) : text.length >= 12 ? read(text).words ?? "" : "";
    };
    const choose = (one) => { field.value = one; check(); said.replaceChildren(); };
    const code = (text) => {
      const it = read(text);
      if (!it.serial) { said.replaceChildren(alertBox("warn", it.words)); return false; }
      choose(it.serial);
      navigator.vibrate?.(80);
      return true;
    };
    const scan = async () => { scanner?.stop(); scanner = new Scanner(camera, code); await scanner.start(); };
    body.append(
      h("div", { class: "pair" }, button(_("Scan the code"), careful(scan, said), { css: "outlined tall", icon: icons.SCAN }),
        button(_("Look for ONTs"), careful(() => look(api, visit, found, choose, said), said), { css: "outlined tall", icon: icons.SEARCH })),
      camera, found, label, reads, said,
      done(_("Activate"), async () => {
        const good = serialOf(field.value);
        if (!good) { throw new Wrong(field.value.trim() ? read(field.value).words ?? _("This is no serial number.") : _("No ONT is chosen."), _("Scan it, look for it and pick it, or type its number.")); }
        await api.put({ visit: visit.code, kind: "activation", fields: { serial: good } });
        close();
      }, said, { icon: icons.BOLT }),
    );
    check();
  }, () => scanner?.stop());
}

async function look(api, visit, found, choose, said) {
  found.replaceChildren(h("p", { class: "soft" }, _("Asking {olt}… it takes a second or two.", { olt: visit.olt })));
  let answer;
  try {
    answer = await api.ask(`./visits/${encodeURIComponent(visit.code)}/onts`, { patience: 60000 });
  } catch (error) {
    found.replaceChildren();
    if (error instanceof NoReception) { throw new Wrong(_("There is no reception to ask the OLT."), "Scan the code or type the number; it is sent later."); }
    throw error;
  }
  const { body } = answer;
  if (body?.error || answer.status !== 200) { found.replaceChildren(alertBox("bad", body?.error?.message ?? body?.message ?? _("The OLT cannot be asked."), body?.error?.remedy ?? body?.remedy ?? "")); return; }
  const here = body.onts.filter((one) => one.here);
  if (here.length === 1) { choose(here[0].serial); }
  found.replaceChildren(
    ...(body.onts.length ? body.onts.map((one) => h("button", { type: "button", class: "choice", onclick: () => choose(one.serial) },
      h("span", {}, h("b", {}, one.serial), h("small", {}, one.what)), h("span", { class: `chip ${one.here ? "good" : ""}` }, one.here ? _("this port") : _("port {port}", { port: one.port }))))
      : [alertBox("info", _("The OLT sees no new ONT."), _("Is it plugged in, is its PON light on? Wait a moment, look again."))]),
    h("small", { class: "soft" }, `${body.olt}, ${body.read}`));
  said.replaceChildren();
}

/* --- what is written down ----------------------------------------------------------------------------------------- */

export function cannotDo(api, visit, before = {}) {
  sheet(_("Cannot do"), (body, close) => {
    const said = place();
    const choices = api.state.day.reasons.map(({ value, words }) => h("label", { class: "choice" },
      h("input", { type: "radio", name: "reason", value, checked: before.reason === value, onchange: () => said.replaceChildren() }), h("span", {}, words)));
    const [label, field] = input(_("In a few words"), { dir: "auto", maxlength: 300, value: before.words ?? "", enterkeyhint: "done" });
    body.append(h("p", { class: "soft" }, _("The visit ends here. Somebody sees to what is needed, and books again.")), h("div", { class: "choices" }, ...choices), label, said,
      done(_("End the visit"), async () => {
        const reason = body.querySelector("input[name=reason]:checked")?.value;
        if (!reason) { throw new Wrong(_("No reason is chosen."), _("Choose what was in the way.")); }
        if (reason === "other" && !field.value.trim()) { throw new Wrong(_("What was in the way is missing."), _("Say it in a few words.")); }
        await api.put({ visit: visit.code, kind: "cannot_do", fields: { reason, words: field.value.trim() } });
        close();
      }, said, { icon: icons.NO }));
  });
}

export function photo(api, visit) {
  const { limits } = api.state.day;
  sheet(_("Photo"), (body, close) => {
    const said = place(), shown = h("div", { class: "shown" });
    let small = null;
    const take = careful(async () => {
      if (!file.files[0]) { return; }
      small = await smallPhoto(file.files[0], limits);
      const picture = h("img", { alt: _("The photo that was taken"), src: URL.createObjectURL(small) });
      picture.onload = () => URL.revokeObjectURL(picture.src);
      shown.replaceChildren(picture, h("small", { class: "soft" }, `${Math.max(1, Math.round(small.size / 1000))} kB`));
    }, said);
    const file = h("input", { type: "file", accept: "image/*", capture: "environment", class: "hidden", "aria-label": _("Photo from the camera"), onchange: take });
    const [label, field] = input(_("What it shows (may stay empty)"), { dir: "auto", maxlength: 200, enterkeyhint: "done", placeholder: _("Outlet, splitter, duct…") });
    body.append(button(_("Take a photo"), () => file.click(), { css: "outlined tall", icon: icons.CAMERA }), file, shown, label, said,
      done(_("Keep the photo"), async () => {
        if (!small) { throw new Wrong(_("There is no photo yet."), _("Take one first.")); }
        await api.put({ visit: visit.code, kind: "photo", fields: { text: field.value.trim() }, file: small });
        close();
      }, said));
  });
}

export function signature(api, visit, before = {}) {
  sheet(_("Signature"), (body, close) => {
    const said = place(), pad = new Signature();
    const [label, field] = input(_("Name of who signs"), { dir: "auto", maxlength: 120, autocomplete: "off", value: before.name ?? visit.customer });
    body.append(h("p", { class: "soft" }, _("{work} at {address}: the work is done as agreed.", { work: visit.work, address: visit.address })), pad.canvas, button(_("Clear"), () => pad.clear(), { css: "quiet" }), label, said,
      done(_("Keep the signature"), async () => {
        if (!pad.signed) { throw new Wrong(_("Nobody has signed yet."), _("Sign in the field with a finger.")); }
        if (!field.value.trim()) { throw new Wrong(_("The name is missing."), _("Type the name of who signed.")); }
        await api.put({ visit: visit.code, kind: "signature", fields: { name: field.value.trim(), strokes: pad.strokes } });
        close();
      }, said));
  });
}

export function light(api, visit, before = {}) {
  sheet(_("Light by your meter"), (body, close) => {
    const said = place(), judged = h("p", { class: "soft", "aria-live": "polite" });
    const number = () => Number(field.value.trim().replace(",", ".").replace("−", "-"));
    const judge = () => {
      const level = number();
      if (!field.value.trim() || Number.isNaN(level)) { judged.textContent = ""; return; }
      judged.textContent = level < visit.lowest_dbm ? _("Below the least of {lowest}: clean the connectors, look for a bend.", { lowest: visit.lowest })
        : Math.abs(level - visit.expected_dbm) <= 3 ? _("As expected ({expected}).", { expected: visit.expected }) : _("Expected is {expected}.", { expected: visit.expected });
    };
    const [label, field] = input(_("Level in dBm"), { inputmode: "text", autocomplete: "off", maxlength: 8, placeholder: "-21.5", value: before.level_dbm ?? "-", enterkeyhint: "done", oninput: judge });
    body.append(label, judged, said, done(_("Keep it"), async () => {
      const level = number();
      if (!/\d/.test(field.value) || Number.isNaN(level) || level < -50 || level > 10) { throw new Wrong(_("This is no level."), _("Type what the meter shows, such as -21.5.")); }
      await api.put({ visit: visit.code, kind: "light", fields: { level_dbm: level } });
      close();
    }, said));
  });
}

export function note(api, visit, before = {}) {
  sheet(_("Note"), (body, close) => {
    const said = place(), field = h("textarea", { dir: "auto", rows: 4, maxlength: 1000, value: before.text ?? "" });
    body.append(h("label", {}, h("span", {}, _("For colleagues")), field), said, done(_("Keep the note"), async () => {
      if (!field.value.trim()) { throw new Wrong(_("The note is empty."), _("Write a few words.")); }
      await api.put({ visit: visit.code, kind: "note", fields: { text: field.value.trim() } });
      close();
    }, said));
  });
}

/* --- what was kept, and what is not sent -------------------------------------------------------------------------- */

export function keptRow(row) {
  const words = h("div", {}, h("b", {}, NAMES[row.kind] ?? row.kind), row.text ? ` ${row.text}` : "", h("small", {}, `${row.by}, ${row.at}`));
  if (!row.file) { return h("li", {}, words); }
  return h("li", {}, h("a", { href: `../kept/${row.file}`, target: "_blank", rel: "noopener" },
    h("img", { class: row.kind, src: `../kept/${row.file}`, alt: `${NAMES[row.kind]} ${row.text}`.trim(), loading: "lazy" })), words);
}

export const unsentRow = (entry) => h("li", { class: "unsent-row" }, h("div", {}, h("b", {}, nameOf(entry)), h("small", {}, _("kept on this phone, not sent yet"))));

export function unsent(api) {
  const mine = api.state.entries.filter((entry) => entry.owner === api.state.day?.owner);
  sheet(_("Not sent yet"), (body, close) => {
    const said = place();
    body.append(h("p", { class: "soft" }, _("It is sent by itself when there is reception.")), h("ul", { class: "kept" }, ...mine.map((entry) => h("li", {},
      h("div", {}, h("b", {}, nameOf(entry)), h("small", {}, `${entry.visit}, ${new Date(entry.made_at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}${entry.state === "refused" ? `: ${entry.message}` : ""}`))))),
    said, done(_("Send now"), async () => { await api.sendNow(); close(); }, said));
  });
}

const AGAIN = { note, light, signature, cannot_do: cannotDo };

/* A refused entry is written down anew, with what it said before; only then is the refused one dropped. */
export function correct(api, entry) {
  const visit = api.state.day.visits.find((one) => one.code === entry.visit);
  if (!visit) { api.say("bad", _("This visit is not in your list any more."), _("Tell the dispatcher, then drop the entry.")); return; }
  const once = { ...api, put: async (fresh) => { await dropEntry(entry.key); await api.put(fresh); } };
  if (entry.kind === "activation") { activate(once, visit, entry.fields.serial); }
  else if (entry.kind === "photo") { photo(once, visit); }
  else { AGAIN[entry.kind](once, visit, entry.fields); }
}

export function drop(api, entry) {
  sheet(_("Drop this entry?"), (body, close) => {
    const said = place();
    body.append(h("p", {}, _("{what} was not taken, and is forgotten then.", { what: nameOf(entry) })), said, done(_("Drop it"), async () => { await dropEntry(entry.key); await api.draw(); close(); }, said));
  });
}

/* --- the menu, and leaving ---------------------------------------------------------------------------------------- */

export function menu(api) {
  sheet(api.state.day?.name ?? _("Menu"), (body, close) => {
    const root = document.documentElement;
    const theme = () => {
      root.dataset.ispTheme = root.dataset.ispTheme === "dark" ? "light" : "dark";
      document.cookie = `isp_theme=${root.dataset.ispTheme}; path=${new URL("../", location.href).pathname}; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
    };
    body.append(
      h("a", { class: "button outlined", href: "../visits" }, _("All my visits")), h("a", { class: "button outlined", href: "../account" }, _("Your account")),
      button(_("Light or dark"), theme, { css: "outlined" }), button(_("Sign out"), () => { close(); leave(api); }, { css: "outlined" }));
  });
}

/* What is not sent is gone when somebody signs out: they are told first. */
function leave(api) {
  const many = api.state.entries.length;
  sheet(_("Sign out"), (body, close) => {
    const said = place();
    const out = async () => {
      if (!api.state.seal) { throw new Wrong(_("Signing out needs reception."), _("Try again when there is some.")); }
      await api.forget();
      const form = h("form", { method: "post", action: "../sign-out" }, h("input", { type: "hidden", name: "seal", value: api.state.seal }));
      document.body.append(form);
      form.submit();
    };
    body.append(
      many ? alertBox("warn", n_("{count} written down here is not sent.", "{count} written down here are not sent.", many), _("Signing out deletes what is kept on this phone. Send it first."))
        : h("p", {}, _("What this phone keeps of today’s visits is deleted.")), said,
      ...(many ? [h("div", { class: "end" }, button(_("Send first"), careful(async () => { await api.sendNow(); close(); }, said), { css: "primary" }))] : []),
      h("div", { class: "end" }, button(many ? _("Delete it and sign out") : _("Sign out"), careful(out, said), { css: many ? "outlined danger" : "primary" })));
  });
}
