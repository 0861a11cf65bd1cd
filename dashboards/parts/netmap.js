/* A map made of HTML: clicks and keys reach Python, and whoever goes through it by keyboard keeps their place. */
export function render({ model }) {
  const root = document.createElement("div");
  const nodes = () => [...root.querySelectorAll("a.node")];
  const fill = () => {
    const held = root.getRootNode().activeElement?.dataset?.key;
    const shown = root.querySelector(".here")?.dataset.key;
    root.innerHTML = model.html;
    if (held) { root.querySelector(`a.node[data-key="${CSS.escape(held)}"]`)?.focus({ preventScroll: true }); }
    const here = root.querySelector(".here");
    if (here && here.dataset.key !== shown) { here.scrollIntoView({ block: "center", inline: "center" }); }
  };
  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-pick]");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    model.send_msg(link.dataset.pick);
  });
  /* Up and down go through what is shown; right opens, or goes to the first within; left closes, or goes out. */
  root.addEventListener("keydown", (event) => {
    const node = event.target.closest?.("a.node");
    if (!node || event.ctrlKey || event.metaKey || event.altKey) { return; }
    const all = nodes(), at = all.indexOf(node), open = node.getAttribute("aria-expanded");
    const outer = node.closest("li")?.parentElement?.closest("li")?.querySelector("a.node");
    const to = { ArrowDown: all[at + 1], ArrowUp: all[at - 1], Home: all[0], End: all.at(-1) }[event.key];
    if (to) { to.focus(); }
    else if (event.key === "ArrowRight" && open === "true") { all[at + 1]?.focus(); }
    else if (event.key === "ArrowRight" && open === "false") { node.click(); }
    else if (event.key === "ArrowLeft" && open === "true") { node.click(); }
    else if (event.key === "ArrowLeft" && outer) { outer.focus(); }
    else { return; }
    event.preventDefault();
  });
  model.on("html", fill);
  fill();
  return root;
}
