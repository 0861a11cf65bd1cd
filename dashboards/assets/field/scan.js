/* Bar codes by the phone's camera: by the browser's own detector where it has one, else by a bundled decoder. */
import { _ } from "./speak.js";
import { button, Wrong } from "./draw.js";
import { TORCH } from "./icons.js";

const FORMATS = ["code_128", "code_39", "qr_code", "data_matrix", "ean_13"];
const EACH_MS = 120;

async function detector() {
  if ("BarcodeDetector" in globalThis) {
    const able = await BarcodeDetector.getSupportedFormats();
    const wanted = FORMATS.filter((format) => able.includes(format));
    if (wanted.includes("code_128")) {
      const own = new BarcodeDetector({ formats: wanted });
      return async (video) => (await own.detect(video)).map((found) => found.rawValue);
    }
  }
  const { decoder } = await import("../components/barcode.js");
  return decoder();
}

/* Shows what the camera sees in `place` and calls `found(text)` for each code until it says true. Ends by `stop()`. */
export class Scanner {
  constructor(place, found) { Object.assign(this, { place, found, stream: null, ended: false }); }

  async start() {
    if (!navigator.mediaDevices?.getUserMedia) {
      throw new Wrong(_("This browser gives no camera to this page."), _("Type the number, or pick the ONT from the list."));
    }
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        audio: false, video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
      });
    } catch (error) {
      const denied = error.name === "NotAllowedError";
      throw new Wrong(
        denied ? _("The camera is not allowed for this page.") : _("There is no camera that can be used now."),
        denied ? _("Allow it in the browser's settings of this page, or type the number.") : _("Type the number, or pick the ONT from the list."),
      );
    }
    if (this.ended) { this.stop(); return; }
    const video = document.createElement("video");
    Object.assign(video, { playsInline: true, muted: true, srcObject: this.stream });
    video.setAttribute("aria-label", _("What the camera sees"));
    this.place.replaceChildren(video);
    this.#torch();
    await video.play();
    this.#watch(video, await detector());
  }

  stop() {
    this.ended = true;
    for (const track of this.stream?.getTracks() ?? []) { track.stop(); }
    this.place.replaceChildren();
  }

  #torch() {
    const [track] = this.stream.getVideoTracks();
    if (!track.getCapabilities?.().torch) { return; }
    let lit = false;
    const press = () => { lit = !lit; track.applyConstraints({ advanced: [{ torch: lit }] }); };
    this.place.append(button(_("Light"), press, { css: "torch", icon: TORCH }));
  }

  async #watch(video, detect) {
    while (!this.ended) {
      const codes = video.readyState >= 2 ? await detect(video).catch(() => []) : [];
      for (const code of codes) {
        if (!this.ended && this.found(code)) { this.stop(); return; }
      }
      await new Promise((resolve) => { setTimeout(resolve, EACH_MS); });
    }
  }
}
