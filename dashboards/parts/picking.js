export function render({ model }) {
  const root = document.createElement("div");
  /* A list that is drawn anew keeps the place of whoever goes through it by keyboard. */
  const fill = () => {
    const held = root.getRootNode().activeElement?.dataset?.pick;
    root.innerHTML = model.html;
    if (held) { root.querySelector(`[data-pick="${CSS.escape(held)}"]`)?.focus({ preventScroll: true }); }
  };
  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-pick]");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    model.send_msg(link.dataset.pick);
  });
  model.on("html", fill);
  fill();
  return root;
}
