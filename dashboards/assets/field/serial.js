/* Serial numbers of ONTs, in the notations that labels, bar codes and OLTs use: four letters of the maker and eight
   hexadecimal digits, or all sixteen in hexadecimal. The server reads them again, and has the last word. */
import { _ } from "./speak.js";
const LABEL = /^[A-Z]{4}[0-9A-F]{8}$/;
const DIGITS = /^[0-9A-F]{16}$/;

/* The serial number as its label has it, or null. */
export function serialOf(text) {
  const bare = text.toUpperCase().replace(/[\s:.\-]/g, "");
  if (LABEL.test(bare)) { return `${bare.slice(0, 4)}-${bare.slice(4)}`; }
  if (!DIGITS.test(bare)) { return null; }
  const letters = bare.slice(0, 8).match(/../g).map((pair) => String.fromCharCode(parseInt(pair, 16))).join("");
  return /^[A-Z]{4}$/.test(letters) ? `${letters}-${bare.slice(8)}` : bare;
}

/* What a code on a box or a label says: {serial}, or {words} that tell what it is instead. */
export function read(code) {
  const text = code.trim();
  const whole = serialOf(text);
  if (whole) { return { serial: whole }; }
  /* Codes of two dimensions hold several fields: GPON-SN=..., "SN":"...", a link with sn=... */
  const named = text.match(/(?:GPON[\s_-]?SN|PON[\s_-]?SN|S\/?N|SERIAL)["\s]*[:=]["\s]*([A-Za-z]{4}-?[0-9A-Fa-f]{8}|[0-9A-Fa-f]{16})(?![0-9A-Za-z])/i)
    ?? text.match(/(?:^|[^0-9A-Za-z])([A-Z]{4}-?[0-9A-F]{8})(?![0-9A-Za-z])/);
  if (named && serialOf(named[1])) { return { serial: serialOf(named[1]) }; }
  if (/^([0-9A-F]{2}[:-]?){5}[0-9A-F]{2}$/i.test(text)) {
    return { words: _("{text} is a MAC address. Scan the code beside “SN” or “GPON SN”.", { text }) };
  }
  if (/^\d{8,14}$/.test(text)) { return { words: _("{text} is an article number of the box. Scan the code beside “SN”.", { text }) }; }
  if (/^https?:/i.test(text)) { return { words: _("This code is a link of the maker. Scan the code beside “SN”.") }; }
  const shown = text.length > 30 ? `${text.slice(0, 30)}…` : text;
  return { words: _("“{shown}” is no serial number, perhaps the model. Scan the code beside “SN”.", { shown }) };
}
