export function render({ model }) {
  const look = () => { model.in_view = document.visibilityState === "visible"; };
  document.addEventListener("visibilitychange", look);
  model.on("remove", () => document.removeEventListener("visibilitychange", look));
  return document.createElement("span");
}
