/* What the phone keeps: today's own visits, and entries until they have arrived. Both belong to one account. */
const NAME = "isp-field";

let opened = null;
let leaving = false;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("day", { keyPath: "owner" });
      asked.result.createObjectStore("entries", { keyPath: "key" });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function run(store, mode, act) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const change = base.transaction(store, mode, { durability: "strict" });
    const asked = act(change.objectStore(store));
    change.oncomplete = () => resolve(asked?.result);
    change.onerror = () => reject(change.error);
    change.onabort = () => reject(change.error);
  });
}

/* The day that was read last, unless it is over on the provider's calendar: then it is forgotten. */
export async function keptDay() {
  const days = await run("day", "readonly", (store) => store.getAll());
  const found = days[0] ?? null;
  if (found && today(found.zone) !== found.day) {
    await forgetDay();
    return null;
  }
  return found;
}

export async function keepDay(day) {
  const { seal, ...kept } = day;   /* the seal is of this session, and is asked for anew */
  await run("day", "readwrite", (store) => {
    if (leaving) { return; }   /* what was asked for before somebody signed out may still come */
    store.clear();
    store.put(kept);
  });
}

export const forgetDay = () => run("day", "readwrite", (store) => store.clear());

export async function entries() {
  const found = await run("entries", "readonly", (store) => store.getAll());
  return found.sort((a, b) => (a.made_at < b.made_at ? -1 : 1));
}

export const keepEntry = (entry) => run("entries", "readwrite", (store) => store.put(entry));
export const dropEntry = (key) => run("entries", "readwrite", (store) => store.delete(key));

/* Everything, as if the phone had never been used for it: visits, entries, and the files of the page. */
export async function forgetEverything() {
  leaving = true;
  await forgetDay();
  await run("entries", "readwrite", (store) => store.clear());
  await Promise.all((await caches.keys()).filter((name) => name.startsWith("field-")).map((name) => caches.delete(name)));
}

export function today(zone) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(new Date());
}
