/* A day, or a day and a time, in the browser's own field: people type or pick it as everywhere on their device. */
export function render({ model }) {
  const label = document.createElement("label");
  label.className = "day";
  const name = label.appendChild(document.createElement("span"));
  const input = label.appendChild(document.createElement("input"));
  input.type = model.kind;
  const fill = () => {
    name.textContent = model.label;
    input.max = model.latest;
    if (input.value !== model.value && input.getRootNode().activeElement !== input) { input.value = model.value; }
  };
  input.addEventListener("change", () => { model.value = input.value; });
  for (const property of ["label", "latest", "value"]) { model.on(property, fill); }
  fill();
  return label;
}
