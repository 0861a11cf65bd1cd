/* Photos, made small here so that they travel by bad reception; and signatures, kept as lines of points. */
import { _ } from "./speak.js";
import { Wrong } from "./draw.js";

/* A JPEG of at most so many pixels and bytes. Drawing it anew leaves behind where and by which phone it was taken. */
export async function smallPhoto(file, { pixels, bytes }) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Wrong(_("This file is no photo that this phone can read."), _("Take it anew, as a photo."));
  }
  for (let side = pixels; side >= 480; side = Math.round(side * 0.75)) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    for (const quality of [0.8, 0.65, 0.5]) {
      const small = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", quality); });
      if (small && small.size <= bytes) { picture.close(); return small; }
    }
  }
  picture.close();
  throw new Wrong(_("The photo cannot be made small enough."), _("Take another one."));
}

const WIDE = 1000, HIGH = 500;

/* A field to sign in, by finger, pen or mouse. `strokes` are lines of points in a box of 1000 x 500. */
export class Signature {
  constructor() {
    this.strokes = [];
    this.canvas = document.createElement("canvas");
    this.canvas.width = WIDE;
    this.canvas.height = HIGH;
    this.canvas.className = "signature";
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", _("Sign here"));
    this.pen = this.canvas.getContext("2d");
    let line = null;
    const point = (event) => {
      const box = this.canvas.getBoundingClientRect();
      const place = (at, from, length, most) => Math.max(0, Math.min(most, Math.round(((at - from) / length) * most)));
      return [place(event.clientX, box.left, box.width, WIDE), place(event.clientY, box.top, box.height, HIGH)];
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.canvas.setPointerCapture(event.pointerId);
      line = [point(event)];
      this.strokes.push(line);
      this.draw();
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (!line) { return; }
      const last = line.at(-1), next = point(event);
      if (Math.hypot(next[0] - last[0], next[1] - last[1]) >= 4) { line.push(next); this.draw(); }
    });
    for (const end of ["pointerup", "pointercancel"]) { this.canvas.addEventListener(end, () => { line = null; }); }
  }

  clear() { this.strokes = []; this.draw(); }

  draw() {
    this.pen.clearRect(0, 0, WIDE, HIGH);
    Object.assign(this.pen, { lineWidth: 6, lineCap: "round", lineJoin: "round", strokeStyle: "#102030" });
    for (const line of this.strokes) {
      this.pen.beginPath();
      this.pen.moveTo(...line[0]);
      for (const one of line.length > 1 ? line : [line[0], line[0]]) { this.pen.lineTo(...one); }
      this.pen.stroke();
    }
  }

  get signed() { return this.strokes.reduce((sum, line) => sum + line.length, 0) >= 6; }
}
