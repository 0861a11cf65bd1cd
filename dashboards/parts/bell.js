/* The list is a popover: the browser closes it on Escape and on a click elsewhere, and nothing cuts it off. A link is
   followed when its notice is noted as read, or after a moment if that takes long. */
/* Texts in the reader's language, by their English, which stands where there is no other. */
const speaker = (texts) => {
  const put = (text, named) => text.replace(/\{(\w+)\}/g, (all, name) => named?.[name] ?? all);
  return {
    _: (text, named) => put(texts[text]?.[0] ?? text, named),
    n_: (one, many, count) => put(texts[one] ? texts[one][count === 1 ? 0 : 1] : count === 1 ? one : many, { count }),
  };
};

export function render({ model }) {
  const { _, n_ } = speaker(model.texts);
  const root = document.createElement("div");
  root.innerHTML = `<button type="button" aria-haspopup="dialog"><i class="icon" aria-hidden="true">notifications</i><b></b></button>
    <div popover="auto" role="dialog"><header><h2></h2><button type="button" class="all"></button></header><div class="list"></div></div>`;
  const [button, panel] = root.children;
  const [number, all, list] = [button.querySelector("b"), panel.querySelector(".all"), panel.querySelector(".list")];
  button.popoverTargetElement = panel;
  panel.setAttribute("aria-label", _("Notices"));
  panel.querySelector("h2").textContent = _("Notices");
  all.textContent = _("All read");
  let going = "", drawn = "", open = false;
  const go = () => { if (going) { const to = going; going = ""; location.assign(to); } };
  const fill = () => {
    const count = model.unread;
    number.textContent = count > 99 ? "99+" : count || "";
    number.hidden = all.hidden = count === 0;
    const label = count === 0 ? _("Notices, none unread") : n_("Notices, {count} unread", "Notices, {count} unread", count);
    button.setAttribute("aria-label", label);
    button.title = label;
    draw();
    go();
  };
  /* What nobody looks at is not drawn. */
  const draw = () => {
    const wanted = open ? model.html : "";
    if (drawn === wanted) { return; }
    const held = root.getRootNode().activeElement?.dataset?.notice;
    list.innerHTML = drawn = wanted;
    if (held) { list.querySelector(`[data-notice="${CSS.escape(held)}"]`)?.focus({ preventScroll: true }); }
  };
  panel.addEventListener("beforetoggle", (event) => {
    open = event.newState === "open";
    button.setAttribute("aria-expanded", open);
    draw();
  });
  button.setAttribute("aria-expanded", "false");
  all.addEventListener("click", () => model.send_msg("all"));
  list.addEventListener("click", (event) => {
    const link = event.target.closest("[data-notice]");
    if (!link) { return; }
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link.classList.contains("unread")) { return; }
    model.send_msg(link.dataset.notice);
    if (!plain) { return; }
    event.preventDefault();
    going = link.href;
    setTimeout(go, 1500);
  });
  model.on("html", fill);
  model.on("unread", fill);
  fill();
  return root;
}
