/* Shows what has just happened and brings it into view, however far down the button was. */
export function render({ model, el }) {
  const root = document.createElement("div");
  const fill = () => {
    root.innerHTML = model.html;
    if (model.html) { requestAnimationFrame(() => el.scrollIntoView({ block: "nearest", behavior: "smooth" })); }
  };
  model.on("html", fill);
  fill();
  return root;
}
