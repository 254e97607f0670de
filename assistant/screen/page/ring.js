"use strict";
// The count: large digits in a ring that gets shorter.
const DIGITS = 0.305; // of the screen's height
const FREE = 0.75, NARROWEST = 0.6; // so much narrower may digits be made at once; and where the ring would not be round else

const pen = document.createElement("canvas").getContext("2d");
let ring = null;
// The ring is as large as there is room for. Where the digits don't find room in a round one, it goes round them.
function shaped({ width, height }) {
  if (!width || !height) return null;
  const most = state.rep?.of ?? Math.ceil(state.countdown?.seconds ?? state.left?.of ?? 0);
  const places = Math.max(2, String(most).length);
  pen.font = `700 100px ${getComputedStyle($("digits")).fontFamily}`;
  const measured = pen.measureText("0"), tall = measured.actualBoundingBoxAscent / 100;
  const shape = measured.width / 100 * places / tall; // of all digits together, as they are by themselves
  const across = Math.min(width, height), line = Math.max(6, 0.045 * across), inner = across - 2.5 * line;
  let digits = inner / Math.hypot(1, shape * FREE), text = digits * shape * FREE;
  const wanted = DIGITS * innerHeight;
  if (digits < wanted) {
    digits = Math.min(wanted, height);
    const inside = Math.sqrt(Math.max(0, inner ** 2 - digits ** 2));
    text = Math.min(width - 3 * line, Math.max(inside, digits * shape * NARROWEST));
  }
  $("ring").setAttribute("viewBox", `${-width / 2} ${-height / 2} ${width} ${height}`);
  const path = around(Math.max(across, text + 3 * line) / 2, across / 2, line, text / 2, digits / 2);
  for (const id of ["track", "remaining"]) {
    $(id).setAttribute("d", path);
    $(id).setAttribute("stroke-width", line);
    $(id).setAttribute("pathLength", 1);
  }
  $("digits").setAttribute("font-size", digits / tall);
  $("digits").setAttribute("y", digits / 2);
  return { each: text / places, natural: digits * shape / places };
}
// From the top clockwise, with corners as round as leave the digits free. All lengths are halves, but for the line's.
function around(wide, high, line, text, digits) {
  const beside = Math.max(0, wide - 1.25 * line - text), above = Math.max(0, high - 1.25 * line - digits);
  const [x, y] = [wide - line / 2, high - line / 2];
  const r = Math.min(x, y, beside + above + Math.sqrt(2 * beside * above) + 0.75 * line);
  const corner = (dx, dy) => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
  return `M0 ${-y}H${x - r}${corner(r, r)}V${y - r}${corner(-r, r)}H${r - x}${corner(-r, -r)}V${r - y}${corner(r, -r)}Z`;
}

function repAt(now) {
  const { number, of, began, lasts } = state.rep, passed = began === null ? 0 : Math.max(0, (now - began) / lasts);
  const whole = Math.min(Math.floor(passed + 1e-6), of - number);
  return { number: number + whole, of, share: Math.min(1, passed - whole) };
}
function secondsLeft(now) {
  if (!state.countdown) return state.left.seconds;
  const { began, ends } = state.countdown;
  return Math.max(0, ends - Math.max(now, began));
}
function showCount(now) {
  let number, share, words;
  if (state.countdown || state.left) {
    const left = secondsLeft(now), whole = state.countdown?.seconds ?? state.left.of;
    number = Math.ceil(left - 0.005); // a number shows when it is said, and not a picture later
    share = (calm.matches ? number : left) / whole;
    words = counted(WORDS.seconds_left, number);
  } else {
    const rep = repAt(now);
    [number, share] = [rep.number, 1 - (rep.number - 1 + rep.share) / rep.of];
    words = filled(WORDS.rep, { n: rep.number, of: rep.of });
    if (state.condition === "repeating") showBeat(now, rep);
  }
  const digits = $("digits"), text = String(number);
  if (digits.textContent !== text || digits.dataset.each !== String(ring?.each)) {
    digits.textContent = text;
    digits.dataset.each = ring?.each;
    if (ring && ring.each < ring.natural) {
      digits.setAttribute("textLength", ring.each * text.length);
      digits.setAttribute("lengthAdjust", "spacingAndGlyphs");
    } else digits.removeAttribute("textLength");
  }
  $("remaining").setAttribute("stroke-dasharray", `${Math.max(0, Math.min(1, share)).toFixed(4)} 2`);
  $("remaining").setAttribute("visibility", share > 0 ? "visible" : "hidden");
  if ($("timer").textContent !== words) $("timer").textContent = words;
}
