/* Elements made of text, never of HTML; and sheets that come up from the thumb's end of the screen. */
import { _ } from "./speak.js";
export function h(name, given = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === false || value === null || value === undefined) { continue; }
    if (key.startsWith("on")) { element.addEventListener(key.slice(2), value); }
    else if (key === "value") { element.value = value; }
    else { element.setAttribute(key, value === true ? "" : value); }
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

export function symbol(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const drawn = document.createElementNS(svg.namespaceURI, "path");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  return svg;
}

export const button = (label, act, { css = "", icon = null, ...more } = {}) =>
  h("button", { type: "button", class: css, onclick: act, ...more }, icon ? symbol(icon) : null, h("span", {}, label));

export const alertBox = (tone, what, then = "") =>
  h("div", { class: `alert ${tone}`, role: tone === "bad" ? "alert" : null }, h("b", {}, what), then ? h("p", {}, then) : null);

/* A sheet; `fill(body, close)` puts into it what it is about. Closing it by any way ends what it began. */
export function sheet(title, fill, ended = () => {}) {
  const close = () => box.close();
  const body = h("div", { class: "body" });
  const head = h("div", { class: "head" }, h("h2", {}, title), button(_("Close"), close, { css: "quiet" }));
  const box = h("dialog", { class: "sheet", "aria-label": title }, head, body);
  box.addEventListener("close", () => { box.remove(); ended(); });
  document.body.append(box);
  fill(body, close);
  box.showModal();
  return box;
}

/* What went wrong stands where it was pressed; a second press while the first is under way does nothing. */
export function careful(act, said) {
  let busy = false;
  return async (event) => {
    if (busy) { return; }
    busy = true;
    const pressed = event?.currentTarget;
    pressed?.setAttribute("aria-busy", "true");
    try {
      said.replaceChildren();
      await act(event);
    } catch (error) {
      said.replaceChildren(alertBox("bad", error.message || _("That did not work."), error.remedy ?? ""));
    } finally {
      busy = false;
      pressed?.removeAttribute("aria-busy");
    }
  };
}

export class Wrong extends Error {
  constructor(message, remedy = "") { super(message); this.remedy = remedy; }
}
