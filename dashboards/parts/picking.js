export function render({ model }) {
  const root = document.createElement("div");
  const fill = () => { root.innerHTML = model.html; };
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
