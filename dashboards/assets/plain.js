// Passwords on plain pages: look at what one has typed, and see how hard a new one is to guess. Pages work without it.
"use strict";

// The page's template says these words in the language of whoever reads it.
const said = document.body.dataset;

// How many guesses a stranger needs, as a power of two: by its letters, less where they repeat or run on.
function bits(text) {
  let kinds = 0;
  if (/[a-z]/.test(text)) kinds += 26;
  if (/[A-Z]/.test(text)) kinds += 26;
  if (/[0-9]/.test(text)) kinds += 10;
  if (/[^a-zA-Z0-9]/.test(text)) kinds += 33;
  const letters = Array.from(text);
  let fresh = 0;
  letters.forEach((letter, n) => {
    const before = n ? letters[n - 1].codePointAt(0) : -9;
    const step = Math.abs(letter.codePointAt(0) - before);
    fresh += step <= 1 ? 0.25 : letters.indexOf(letter) < n ? 0.6 : 1;
  });
  return fresh * Math.log2(kinds || 1);
}

function judged(text, least) {
  if (Array.from(text).length < least) return ["0", said.short.replace("{count}", least)];
  const found = bits(text);
  if (found < 40) return ["1", said.easy];
  return found < 64 ? ["2", said.fair] : ["3", said.hard];
}

for (const input of document.querySelectorAll('input[type="password"]')) {
  const place = document.createElement("div");
  place.className = "secret";
  input.before(place);
  const show = document.createElement("button");
  show.type = "button";
  show.className = "show";
  show.textContent = said.show;
  show.setAttribute("aria-pressed", "false");
  show.setAttribute("aria-label", said.showTyped);
  show.setAttribute("aria-controls", input.id);
  show.addEventListener("click", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    show.textContent = hidden ? said.hide : said.show;
    show.setAttribute("aria-pressed", String(hidden));
    input.focus();
  });
  place.append(input, show);
  if (input.form) input.form.addEventListener("submit", () => { input.type = "password"; });
  if (input.name !== "new") continue;
  const meter = document.createElement("p");
  meter.className = "strength";
  meter.setAttribute("role", "status");
  place.after(meter);
  input.addEventListener("input", () => {
    const [level, words] = judged(input.value, input.minLength);
    meter.dataset.level = level;
    meter.textContent = input.value ? words : "";
  });
}
