/* The engineer's day on a phone: today's visits in order, one of them at the door, and what is written down there. */
import { _, n_ } from "./speak.js";
import { alertBox, button, careful, h, sheet, symbol, Wrong } from "./draw.js";
import * as icons from "./icons.js";
import { ask, NoReception, Outbox, SignedOut } from "./outbox.js";
import * as sheets from "./sheets.js";
import * as store from "./store.js";

const bar = document.getElementById("bar"), main = document.getElementById("main");
const said = document.getElementById("said"), foot = document.getElementById("foot");
const DAY_SECONDS = 60, STEP_SECONDS = 2;

export const state = { day: null, entries: [], seal: "", signedOut: false, offline: false, read: null };
const outbox = new Outbox({
  owner: () => state.day?.owner ?? "", seal: () => state.seal, renew: () => readDay(), changed: (event) => told(event),
});

/* --- reading ----------------------------------------------------------------------------------------------------- */

async function readDay() {
  try {
    const { status, body } = await ask("./today");
    if (status !== 200 || !body) { throw new Wrong(body?.message ?? _("The server does not answer as it should ({status}).", { status }), body?.remedy); }
    Object.assign(state, { day: body, seal: body.seal, signedOut: false, offline: false, read: new Date() });
    await store.keepDay(body);
  } catch (error) {
    await noAnswer(error);
    throw error;
  }
}

/* Signed out means that this phone may show nothing any more; what was written down stays, for its owner. */
async function noAnswer(error) {
  if (error instanceof SignedOut) {
    Object.assign(state, { signedOut: true, seal: "", day: state.day ? { owner: state.day.owner, zone: state.day.zone, visits: null } : null });
    await store.forgetDay();
  } else if (error instanceof NoReception) {
    state.offline = true;
  }
}

async function refresh() {
  try {
    await readDay();
    outbox.send();
  } catch (error) {
    if (!(error instanceof SignedOut || error instanceof NoReception)) { say("bad", error.message, error.remedy); }
  }
  await draw();
}

/* The visit that is open, as it is now: while its steps run they are followed. */
async function follow() {
  const visit = opened();
  if (!visit || state.signedOut || document.hidden) { return; }
  try {
    const { status, body } = await ask(`./visits/${encodeURIComponent(visit.code)}`);
    if (status === 200 && body) {
      state.offline = false;
      const before = JSON.stringify(visit);
      state.day.visits = state.day.visits.map((one) => (one.code === body.code ? { ...body, left_over: one.left_over } : one));
      if (JSON.stringify(opened()) !== before) { await store.keepDay(state.day); await draw(); }
    }
  } catch (error) {
    await noAnswer(error);
    await draw();
  }
}

const opened = () => {
  const code = decodeURIComponent(location.hash.slice(1));
  return state.day?.visits?.find((visit) => visit.code === code) ?? null;
};

/* --- what became of what was written down ------------------------------------------------------------------------- */

async function told({ what, entry, words }) {
  if (what === "signed out") { await noAnswer(new SignedOut()); }
  if (what === "no reception") { state.offline = true; }
  if (what === "kept" && state.offline) { say("info", _("Kept on this phone."), _("It is sent when there is reception.")); }
  if (what === "taken") {
    state.offline = false;
    say("good", _("Sent: {what}.", { what: sheets.nameOf(entry) }));
    await refreshQuietly();
  }
  if (what === "refused") { say("bad", _("Not taken: {what}.", { what: sheets.nameOf(entry) }), words); }
  await draw();
}

async function refreshQuietly() {
  try { await readDay(); } catch { /* it is said by what is drawn: no reception, or signed out */ }
}

let saidUntil = 0;
export function say(tone, what, then = "") {
  said.replaceChildren(alertBox(tone, what, then));
  clearTimeout(saidUntil);
  if (tone !== "bad") { saidUntil = setTimeout(() => said.replaceChildren(), 6000); }
}

/* --- drawing ------------------------------------------------------------------------------------------------------ */

async function draw() {
  state.entries = await store.entries();
  if (state.offline && state.day?.visits && store.today(state.day.zone) !== state.day.day) {
    state.day = { owner: state.day.owner, zone: state.day.zone, visits: null };   /* yesterday's are nobody's to keep */
    await store.forgetDay();
  }
  drawBar();
  const visit = opened();
  foot.replaceChildren();
  const above = [...notices()];
  if (state.signedOut) { main.replaceChildren(...above, signIn()); return; }
  if (!state.day?.visits) { main.replaceChildren(...above, nothingYet()); return; }
  const place = main.scrollTop;
  main.replaceChildren(...above, ...(visit ? atTheDoor(visit) : list()));
  main.scrollTop = place;
  if (visit) { foot.replaceChildren(...actions(visit)); }
  document.documentElement.dataset.ready = "true";
}

const mine = () => state.entries.filter((entry) => entry.owner === state.day?.owner);
const waiting = () => mine().filter((entry) => entry.state === "waiting");
const pending = (visit, kind) => mine().find((e) => e.visit === visit.code && e.kind === kind && e.state === "waiting");

function drawBar() {
  const visit = opened(), many = mine().length;
  const title = visit ? `${visit.hours}` : _("Today");
  bar.replaceChildren(
    ...(visit ? [h("a", { class: "round", href: "#", "aria-label": _("All visits") }, symbol(icons.BACK))] : []),
    h("h1", {}, title),
    ...(many ? [button(_("{count} unsent", { count: many }), () => sheets.unsent(api), { css: "unsent" })] : []),
    h("button", { type: "button", class: "round", "aria-label": _("Menu"), onclick: () => sheets.menu(api) }, symbol(icons.MENU)),
  );
}

function* notices() {
  const others = [...new Set(state.entries.map((e) => e.owner).filter((owner) => state.day && owner !== state.day.owner))];
  if (state.offline) {
    const kept = waiting().length;
    yield alertBox("warn", _("No reception."), kept ? _("{kept} to be sent, by itself, when there is.", { kept }) : _("What you write down is kept and sent later."));
  }
  for (const owner of others) {
    const many = state.entries.filter((e) => e.owner === owner).length;
    yield alertBox("info", _("{count} unsent of {owner}.", { count: many, owner }), _("Only that account can send it: have them sign in on this phone."));
  }
  for (const entry of mine().filter((e) => e.state === "refused")) {
    yield h("div", { class: "alert bad" }, h("b", {}, _("Not taken: {what}", { what: sheets.nameOf(entry) })), h("p", {}, `${entry.message} ${entry.remedy ?? ""}`),
      h("div", { class: "pair" }, button(_("Correct it"), () => sheets.correct(api, entry), { css: "outlined" }), button(_("Drop it"), () => sheets.drop(api, entry), { css: "quiet" })));
  }
}

function signIn() {
  const many = state.entries.length;
  const kept = many ? n_("{count} written down on this phone is kept, and sent after that.", "{count} written down on this phone are kept, and sent after that.", many) : "";
  return h("section", { class: "card" }, h("h2", {}, _("Sign in again")), h("p", {}, _("Your session has ended.")," ", kept),
    h("a", { class: "button primary", href: "../sign-in?next=%2Ffield%2F" }, _("Sign in")));
}

function nothingYet() {
  return h("section", { class: "card" }, h("h2", {}, _("No visits on this phone")), h("p", {}, _("Today’s visits are read when there is reception.")),
    button(_("Try again"), () => refresh(), { css: "primary" }));
}

function list() {
  const { visits, tomorrow } = state.day;
  const over = (visit) => ["done", "missed"].includes(visit.state);
  const open = visits.filter((visit) => !over(visit)), ended = visits.filter(over);
  const next = open.find((visit) => !visit.left_over) ?? open[0];
  return [
    h("p", { class: "soft day" }, `${state.day.day_words} · ${n_("{count} to do", "{count} to do", open.length)}`, state.read ? "" : _(" · as read before")),
    ...open.map((visit) => row(visit, visit === next)),
    open.length ? null : h("section", { class: "card empty" }, h("h2", {}, visits.length ? _("All done for today.") : _("No visits today.")), h("p", { class: "soft" }, _("New ones appear here by themselves."))),
    ended.length ? h("details", { class: "fold" }, h("summary", {}, _("Done today ({ended})", { ended: ended.length })), ...ended.map((visit) => row(visit, false))) : null,
    h("details", { class: "fold" }, h("summary", {}, !tomorrow.visits ? _("Tomorrow: no visits")
        : n_("Tomorrow: {count} visit, from {first}", "Tomorrow: {count} visits, from {first}", tomorrow.visits, { first: tomorrow.first })),
      h("ul", {}, ...tomorrow.bring.map((thing) => h("li", {}, thing))), tomorrow.visits ? h("a", { class: "button outlined", href: "../visits" }, _("Look ahead")) : null),
  ].filter(Boolean);
}

function row(visit, next) {
  const link = `#${encodeURIComponent(visit.code)}`;
  return h("section", { class: `card visit${next ? " next" : ""}` },
    h("a", { class: "cover", href: link }, h("div", { class: "between" }, h("b", { class: "hours" }, visit.hours), chip(visit)),
      visit.left_over ? h("small", { class: "late" }, _("left over from {left_over}", { left_over: visit.left_over })) : null,
      h("p", { class: "address", dir: "auto" }, visit.address), h("p", { class: "soft" }, h("bdi", {}, visit.customer), ` · ${visit.work}`)),
    next ? ways(visit) : null);
}

const ways = (visit) => h("div", { class: "pair" },
  h("a", { class: "button outlined", href: visit.navigate }, symbol(icons.GO), h("span", {}, _("Navigate"))),
  h("a", { class: "button outlined", href: `tel:${visit.phone.replace(/[^+\d]/g, "")}` }, symbol(icons.CALL), h("span", {}, _("Call"))));

const TONES = { done: "good", missed: "warn", started: "info", failed: "bad" };
function chip(visit) {
  const word = visit.delivery_state === "failed" && visit.state !== "missed" ? "failed" : visit.state;
  const words = { booked: _("to do"), started: _("on site"), done: _("done"), missed: _("not possible"), failed: _("needs you") };
  return h("span", { class: `chip ${TONES[word] ?? ""}` }, words[word] ?? word);
}

function atTheDoor(visit) {
  const light = pending(visit, "light"), over = visit.delivery_state === "done";
  return [
    ...outcome(visit),
    h("section", { class: "card" }, h("div", { class: "between" }, h("h2", { dir: "auto" }, visit.customer), chip(visit)), h("p", { class: "address", dir: "auto" }, visit.address), ways(visit)),
    h("section", { class: "card" },
      facts([[_("Light expected"), h("span", {}, h("b", { class: "level" }, visit.expected), visit.typical ? _(" if the port sends as such ports do") : "", _(", least {lowest}", { lowest: visit.lowest }))],
        visit.measured ? [_("Light measured"), h("b", { class: "level" }, visit.measured)] : null,
        light ? [_("By your meter"), _("{level_dbm} dBm, not sent yet", { level_dbm: light.fields.level_dbm })] : null,
        [_("Fibre"), h("span", {}, visit.path, visit.splitter_port ? _(", port {splitter_port}", { splitter_port: visit.splitter_port }) : "")], [_("Length"), visit.length]]),
      ...(visit.ready ? [h("h3", {}, _("Bring")), h("ul", { class: "bring" }, ...visit.bring.map((thing) => h("li", {}, thing)))] : [])),
    ...(visit.delivery_state === "waiting" ? [writeDown(visit)] : over ? [writeDown(visit), steps(visit, over)] : [steps(visit, over), writeDown(visit)]),
    h("details", { class: "fold" }, h("summary", {}, _("More about this visit")),
      facts([[_("Work"), visit.work], [_("Plan"), visit.plan], [_("Visit"), visit.code], [_("Order"), `${visit.order}, ${visit.service}`], [_("Instructions"), visit.instructions && h("bdi", {}, visit.instructions)]])),
  ].filter(Boolean);
}

function outcome(visit) {
  const activation = pending(visit, "activation"), missed = pending(visit, "cannot_do");
  if (missed) { return [alertBox("info", _("“Cannot do” is kept."), _("It is sent when there is reception."))]; }
  if (activation) { return [alertBox("info", _("ONT {serial} is to be activated.", { serial: activation.fields.serial }), "It is sent as soon as there is reception; stay until it is green.")]; }
  if (visit.state === "missed") { return [alertBox("warn", _("Not possible: {result}.", { result: visit.result }), _("The dispatcher sees to it. When it is booked again, it stands in your list."))]; }
  if (visit.delivery_state === "done") { return [alertBox("good", _("The line is active."), [
    visit.measured ? _("Light {measured}, expected {expected}.", visit) : "",
    visit.given ? _("Address {given}.", visit) : _("Its address is given at sign-on."),
  ].filter(Boolean).join(" "))]; }
  if (visit.failure) {
    const failed = visit.delivery_state === "failed";
    return [alertBox(failed ? "bad" : "warn", `${visit.failure.step}: ${visit.failure.what}`, failed ? visit.failure.remedy : _("It is tried again by itself."))];
  }
  if (visit.delivery_state === "waiting") { return visit.serial ? [alertBox("info", _("ONT {serial} is registered ahead.", { serial: visit.serial }), "It works once it is plugged in; another one takes its place.")] : []; }
  const done = visit.steps.filter((step) => step.state === "done").length;
  const now = visit.steps.find((step) => step.state === "running")?.name ?? _("It goes on by itself");
  return [alertBox("info", `${now}…`, _("{done} of {steps} steps done. Stay until it is green.", { done, steps: visit.steps.length }))];
}

const MARKS = { done: "✓", failed: "!", running: "…", waiting: "…", todo: "", undone: "↺", kept: "•" };
function steps(visit, folded) {
  const [around, head] = folded ? [h("details", { class: "fold" }), h("summary", {}, _("{work}, step by step", { work: visit.work }))] : [h("section", { class: "card" }), h("h2", {}, visit.work)];
  around.append(head,
    h("ol", { class: "steps" }, ...visit.steps.map((step) => h("li", { class: step.state, "aria-label": `${step.name}: ${step.state_words}` },
      h("span", { class: "dot", "aria-hidden": "true" }, MARKS[step.state] ?? ""), h("div", {}, h("span", {}, step.name), step.says && step.state !== "todo" ? h("small", {}, step.says) : null)))));
  return around;
}

function writeDown(visit) {
  const unsent = mine().filter((entry) => entry.visit === visit.code && entry.state === "waiting");
  return h("section", { class: "card" }, h("h2", {}, _("Write down")),
    h("div", { class: "grid" },
      button(_("Photo"), () => sheets.photo(api, visit), { css: "outlined tall", icon: icons.CAMERA }),
      button(_("Signature"), () => sheets.signature(api, visit), { css: "outlined tall", icon: icons.PEN }),
      button(_("Light"), () => sheets.light(api, visit), { css: "outlined tall", icon: icons.LIGHT }),
      button(_("Note"), () => sheets.note(api, visit), { css: "outlined tall", icon: icons.NOTE })),
    visit.kept.length + unsent.length ? h("ul", { class: "kept" }, ...visit.kept.map(sheets.keptRow), ...unsent.map(sheets.unsentRow)) : null);
}

function facts(rows) {
  return h("dl", { class: "facts" }, ...rows.filter((one) => one && one[1]).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/* What the thumb reaches: the one act that comes next, and beside it the way out. */
function actions(visit) {
  if (!visit.ready || pending(visit, "activation") || pending(visit, "cannot_do")) { return []; }
  const again = visit.delivery_state === "failed";
  return [
    button(_("Cannot do"), () => sheets.cannotDo(api, visit), { css: "quiet", icon: icons.NO }),
    button(again ? _("Try an ONT") : _("Activate"), () => sheets.activate(api, visit), { css: "primary", icon: icons.BOLT }),
  ];
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

const api = {
  state, say, ask, careful, draw,
  put: async (entry) => { await outbox.put(entry); await draw(); },
  sendNow: async () => { await refresh(); await outbox.send(); await draw(); },
  forget: store.forgetEverything,
};

addEventListener("hashchange", async () => { main.scrollTop = 0; await draw(); follow(); });
addEventListener("online", () => refresh());
addEventListener("offline", () => { state.offline = true; draw(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) { refresh(); } });
setInterval(() => { if (!document.hidden && !state.signedOut) { refresh(); } }, DAY_SECONDS * 1000);
setInterval(() => { if (opened() && !["waiting"].includes(opened().delivery_state) && opened().delivery_state !== "done") { follow(); } }, STEP_SECONDS * 1000);

document.documentElement.dataset.ispTheme = /(?:^|; )isp_theme=dark/.test(document.cookie) ? "dark" : "light";
try {
  state.day = await store.keptDay();
  await draw();
} catch (error) {   /* a private window, or a full phone: nothing can be kept, so nothing may be written down */
  main.replaceChildren(alertBox("bad", _("This browser keeps nothing."), _("Open this page in a window that is not private, with some storage left.")));
  throw error;
}
await refresh();
if ("serviceWorker" in navigator) {
  await navigator.serviceWorker.register("./worker.js", { scope: "./" }).catch((error) => console.info("The page is not kept:", error.message));
  navigator.storage?.persist?.();
}
