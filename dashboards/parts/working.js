/* A thin bar over the page from a press until the server has done what was asked. The browser starts it, for the server
   can send nothing while it is at work; it shows after a moment (the style's delay), so that what is quick stays calm. */
export function render({ model }) {
  const bar = document.createElement("div");
  bar.className = "bar";
  let pressed = 0;
  const fill = () => {
    pressed = Math.max(pressed, model.done);
    const on = pressed > model.done;
    bar.classList.toggle("on", on);
    if (on) {
      bar.setAttribute("role", "progressbar");
      bar.setAttribute("aria-label", "Working");
    } else {
      bar.removeAttribute("role");
      bar.removeAttribute("aria-label");
    }
  };
  const press = (event) => {
    const path = event.composedPath();
    const button = path.find((node) => node instanceof HTMLButtonElement);
    const acts = button && !button.disabled && path.some((node) => node.classList?.contains("acts"));
    const picks = event.defaultPrevented && path.some((node) => node.dataset?.pick !== undefined);
    if (acts || picks) { pressed += 1; fill(); }
  };
  document.addEventListener("click", press);
  model.on("remove", () => document.removeEventListener("click", press));
  model.on("done", fill);
  fill();
  return bar;
}
