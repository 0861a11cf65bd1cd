/* Sends what was written down, in the order in which it was made, each under its own key, until it is known what became
   of it. An answer that is lost is asked for again: the server does nothing twice under one key. */
import { _ } from "./speak.js";
import * as store from "./store.js";

/* The server's session is gone: somebody must sign in. */
export class SignedOut extends Error {}
/* Nothing came back. */
export class NoReception extends Error {}

export async function ask(path, options = {}) {
  let answer;
  const patience = AbortSignal.timeout(options.patience ?? 20000);
  try {
    answer = await fetch(path, { cache: "no-store", redirect: "manual", signal: patience, ...options });
  } catch {
    throw new NoReception();
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) { throw new SignedOut(); }
  const json = (answer.headers.get("content-type") ?? "").startsWith("application/json");
  return { status: answer.status, retryAfter: Number(answer.headers.get("retry-after") ?? 0), body: json ? await body(answer) : null };
}

async function body(answer) {
  try {
    return await answer.json();
  } catch {
    throw new NoReception();   /* it broke off */
  }
}

const PAUSES = [4, 10, 30, 60];

export class Outbox {
  /* `seal()` gives the session's seal, `renew()` asks for another one; `changed(what)` is told of everything. */
  constructor({ owner, seal, renew, changed }) {
    Object.assign(this, { owner, seal, renew, changed });
    this.failed = 0;
    this.again = null;
  }

  async put(entry) {
    const key = crypto.randomUUID();
    await store.keepEntry({ key, owner: this.owner(), made_at: new Date().toISOString(), state: "waiting", ...entry });
    this.changed({ what: "kept", key });
    this.send();
    return key;
  }

  /* One tab at a time; whoever is asked meanwhile has nothing to do. */
  send() {
    clearTimeout(this.again);
    return navigator.locks.request("isp-field-send", { ifAvailable: true }, (lock) => (lock ? this.#all() : null));
  }

  async #all() {
    const tried = new Set();
    for (;;) {
      const mine = (await store.entries()).filter((e) => e.owner === this.owner() && e.state === "waiting" && !tried.has(e.key));
      if (mine.length === 0) { this.failed = 0; return; }
      tried.add(mine[0].key);
      try {
        const wait = await this.#one(mine[0]);
        if (wait) { this.#later(wait); return; }
        this.failed = 0;
      } catch (error) {
        this.changed({ what: error instanceof SignedOut ? "signed out" : "no reception" });
        if (!(error instanceof SignedOut)) { this.#later(PAUSES[Math.min(this.failed++, PAUSES.length - 1)]); }
        return;
      }
    }
  }

  #later(seconds) {
    this.again = setTimeout(() => this.send(), seconds * 1000);
  }

  /* Seconds after which it is to be tried again, or 0 when it is settled. */
  async #one(entry, renewed = false) {
    if (!this.seal()) { await this.renew(); }
    const form = new FormData();
    const { owner, visit, kind, made_at, fields } = entry;
    form.set("entry", JSON.stringify({ owner, visit, kind, made_at, fields }));
    if (entry.file) { form.set("file", entry.file, "photo.jpg"); }
    const headers = { "x-form-seal": this.seal() };
    const { status, retryAfter, body } = await ask(`./entries/${entry.key}`, { method: "POST", body: form, headers, patience: 60000 });
    if (body?.became === "taken") {
      await store.dropEntry(entry.key);
      this.changed({ what: "taken", entry, words: body.words });
      return 0;
    }
    if (body?.became === "later") { return retryAfter || 30; }
    if (status === 403 && body === null && !renewed) {   /* signed in anew since: the seal is of another session */
      await this.renew();
      return this.#one(entry, true);
    }
    if (status >= 500) { return 30; }
    const refusal = body ?? { message: _("The server does not take it ({status}).", { status }), remedy: _("Write it down anew.") };
    await store.keepEntry({ ...entry, state: "refused", message: refusal.message, remedy: refusal.remedy });
    this.changed({ what: "refused", entry, words: refusal.message });
    return 0;
  }
}
