/* Cards in columns. The server draws them; here they are dragged, gone through by arrow keys, and asked about. */
export function render({ model }) {
  const root = document.createElement("div");
  let dragged = null;       /* the card that is being dragged */
  let waits = false;        /* something new is there, and is drawn when whoever writes or drags is done */

  const active = () => root.getRootNode().activeElement;
  const busy = () => dragged !== null || root.querySelector("form") !== null;

  function draw() {
    if (busy()) { waits = true; return; }
    waits = false;
    const held = active()?.closest?.("[data-card]")?.dataset.card;
    const lanes = root.querySelector(".lanes");
    const left = lanes?.scrollLeft ?? 0;
    root.innerHTML = model.html;
    if (root.querySelector(".lanes")) { root.querySelector(".lanes").scrollLeft = left; }
    if (held) { root.querySelector(`[data-card="${CSS.escape(held)}"] a`)?.focus({ preventScroll: true }); }
  }
  const settle = () => { if (waits) { draw(); } };

  const plain = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;

  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    const link = event.target.closest("[data-open]");
    if (button) {
      const card = button.closest("[data-card]").dataset.card;
      if (button.dataset.asks) { askFor(button, card); } else { model.send_msg({ act: button.dataset.act, card, says: "" }); }
    } else if (link && plain(event)) {
      event.preventDefault();
      model.send_msg({ open: link.dataset.open });
    }
  });

  /* One line of text, asked for on the card itself; Escape takes the question back. */
  function askFor(button, card) {
    if (button.parentElement.querySelector("form")) { return; }
    const form = document.createElement("form");
    const input = document.createElement("input");
    const send = document.createElement("button");
    input.type = "text";
    input.dir = "auto";
    input.maxLength = 300;
    input.required = true;
    input.placeholder = button.dataset.asks;
    input.setAttribute("aria-label", button.dataset.asks);
    send.type = "submit";
    send.className = "act";
    send.textContent = button.textContent;
    form.append(input, send);
    const close = () => { form.remove(); button.focus(); settle(); };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      form.remove();
      model.send_msg({ act: button.dataset.act, card, says: input.value });
      settle();
    });
    form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } });
    button.parentElement.append(form);
    input.focus();
  }

  /* ---- dragging */
  root.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.("[data-card]");
    if (!card) { return; }
    dragged = card;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.card);
    card.classList.add("dragged");
  });
  root.addEventListener("dragover", (event) => {
    const column = event.target.closest?.("[data-column]");
    if (!dragged || !column) { return; }
    event.preventDefault();
    for (const one of root.querySelectorAll(".over")) { if (one !== column) { one.classList.remove("over"); } }
    column.classList.toggle("over", column !== dragged.closest("[data-column]"));
  });
  const end = () => {
    dragged?.classList.remove("dragged");
    dragged = null;
    for (const one of root.querySelectorAll(".over")) { one.classList.remove("over"); }
    settle();
  };
  root.addEventListener("drop", (event) => {
    const column = event.target.closest?.("[data-column]");
    if (!dragged || !column) { return; }
    event.preventDefault();
    const first = dragged.closest("[data-column]").dataset.column;
    const card = dragged.dataset.card;
    end();
    if (first !== column.dataset.column) { model.send_msg({ card, from: first, to: column.dataset.column }); }
  });
  root.addEventListener("dragend", end);

  /* ---- arrow keys go from card to card, and from column to column */
  root.addEventListener("keydown", (event) => {
    const here = event.target.closest?.("[data-open]");
    const way = { ArrowDown: [0, 1], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] }[event.key];
    if (!here || !way) { return; }
    event.preventDefault();
    const lanes = [...root.querySelectorAll("[data-column]")];
    const cards = (lane) => [...lane.querySelectorAll("[data-open]")];
    let lane = lanes.indexOf(here.closest("[data-column]"));
    const place = cards(lanes[lane]).indexOf(here);
    if (way[0]) {
      do { lane += way[0]; } while (lanes[lane] && !cards(lanes[lane]).length);
      const there = lanes[lane] ? cards(lanes[lane]) : [];
      there[Math.min(place, there.length - 1)]?.focus();
    } else {
      cards(lanes[lane])[place + way[1]]?.focus();
    }
  });

  model.on("html", draw);
  draw();
  return root;
}
