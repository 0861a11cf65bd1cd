/* Signing out on a phone that also keeps visits for the field page: what it keeps goes, and who would lose entries that
   were not sent is asked first. The button stands in a shadow root, whose submit never gets out; its press does. */
(() => {
  "use strict";
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => resolve();
  });

  async function unsent() {
    const base = await done(indexedDB.open("isp-field"));
    const many = base.objectStoreNames.contains("entries") ? await done(base.transaction("entries").objectStore("entries").count()) : 0;
    base.close();
    return many;
  }

  async function forget() {
    await done(indexedDB.deleteDatabase("isp-field"));
    for (const name of await caches.keys()) { if (name.startsWith("field-")) { await caches.delete(name); } }
  }

  addEventListener("click", async (event) => {
    const path = event.composedPath();
    const form = path.find((one) => one instanceof HTMLFormElement && one.action.endsWith("/sign-out"));
    const pressed = path.some((one) => one instanceof HTMLButtonElement);
    if (!form || !pressed || !globalThis.indexedDB?.databases) { return; }
    event.preventDefault();
    if (await mayGo()) { form.submit(); }
  }, { capture: true });

  /* What cannot be looked at or deleted keeps nobody signed in. */
  async function mayGo() {
    try {
      if (!(await indexedDB.databases()).some((one) => one.name === "isp-field")) { return true; }
      const many = await unsent();
      if (many && !confirm(document.documentElement.dataset.unsent.replace("{count}", many))) { return false; }
      await forget();
    } catch (error) {
      console.info("What the field page keeps could not be deleted:", error.message);
    }
    return true;
  }
})();
