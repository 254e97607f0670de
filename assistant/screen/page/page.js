"use strict";
// The page beside the mat. The server sends the whole state at each change, and the session's clock four times a second; all
// that moves is computed from that clock, so that it shows what is heard now.
const TALKING = new Set(["idle", "asking", "caution", "lost", "closing", "ended"]);
const INTO_S = 2.5, STAY_S = 3; // a figure's way into a hold, and how long it shows it before a hold
const FRAME_MS = 40;
const HEARD_S = 10; // so long it shows what was heard
const WORDY = 140; // letters of a line that needs more room than a figure leaves
let drawings = null;

document.documentElement.lang = WORDS.language;
document.title = $("exercise").textContent = WORDS.title;
$("important").textContent = WORDS.important;
$("diary").textContent = WORDS.diary;
$("awake").textContent = WORDS.awake;
$("buttons").setAttribute("aria-label", WORDS.buttons);

// What stands there until the next change.
function show() {
  const { condition, exercise, side, countdown, rep, left, set, alert } = state;
  const counting = Boolean(countdown || rep || left) && !TALKING.has(condition);
  drawn = figureOf(state.figure);
  all = all && lastPhase === `${condition} ${state.phase}`;
  lastPhase = `${condition} ${state.phase}`;
  const mode = alert ? "alerting" : counting ? "counting" : drawn && !TALKING.has(condition) ? "showing" : "telling";
  const said = lastSaid(mode);
  document.body.className = [mode, !drawn && "bare", said.length > WORDY && "wordy", all && "all"].filter(Boolean).join(" ");
  showCut();
  document.body.dataset.condition = condition;
  put("exercise", exercise?.name ?? state.routine?.name ?? WORDS.title);
  $("exercise").classList.toggle("long", $("exercise").textContent.length > 26);
  const words = WORDS.conditions[condition], place = set && filled(WORDS.place, { n: set.number, of: set.of });
  put("condition", condition === "holding" && set?.of > 1 ? `${words} ${place}` : words);
  put("side", exercise && WORDS.sides[side]);
  put("step", state.step ? filled(WORDS.step, { n: state.step, of: state.steps }) : null);
  const next = state.next_side ? WORDS.sides[state.next_side] : state.next;
  put("next", next && filled(WORDS.next, { name: next }));
  put("line", condition === "lost" ? WORDS.lost[state.lost] ?? said : said);
  $("line").hidden = false; // a live region has to be there before it is filled
  // What is counted or moved to is said anyway: read out by a screen reader, too, it would be late.
  $("line").setAttribute("aria-live", condition === "repeating" || condition === "holding" ? "off" : "polite");
  showHeard(state.heard);
  $("alert").hidden = !alert;
  if ($("sign").textContent !== (alert ?? "")) $("sign").textContent = alert ?? "";
  $("count").hidden = !counting;
  $("diary").hidden = !state.diary || !["idle", "closing"].includes(condition);
  showButtons(state.buttons ?? []);
  $("awake").hidden = awake || mode === "counting" || mode === "alerting";
  layOut();
  frame(true);
}
// What is said is shown from when it is heard. What was asked or told last stays to be read, until something else is said
// or the phase changes; while nothing is under way, it stays whatever the phase.
let last = { phase: null, line: "" }, ahead = false;
const saying = () => {
  ahead = state.line_at > clock.now() + EARLY_S;
  return ahead ? { line: null, hidden: false } : { line: state.line, hidden: state.private };
};
function lastSaid(mode) {
  const { line, hidden } = saying(), { condition } = state;
  const phase = condition === "idle" ? condition : `${condition} ${state.phase} ${state.step}`;
  if (line || hidden || last.phase !== phase) last = { phase, line: line ?? "" };
  return line ?? (mode === "counting" ? "" : last.line || (condition === "idle" && !hidden ? WORDS.idle : ""));
}
function showHeard(told) {
  const sign = told && (told.taken ? WORDS.heard : WORDS.not_taken);
  const rest = told && [told.words && `“${told.words}”`, !told.taken && told.why].filter(Boolean).join(" – ");
  put("heard", rest ? `${sign} ${rest}` : "");
  if (rest) {
    const mark = document.createElement("b");
    mark.textContent = sign;
    $("heard").replaceChildren(mark, ` ${rest}`);
  }
}
const small = () => Math.min(innerWidth, innerHeight);
function fitLine() {
  fit($("line"), Math.max(16, small() * (document.body.classList.contains("counting") ? 0.055 : 0.085)), 11);
}
function layOut() {
  fitLine();
  fit($("sign"), small() * 0.12, 11);
  ring = $("count").hidden ? null : shaped($("count").getBoundingClientRect());
}

// What moves: the count, and the figure.
let drawn = null, fraction = 0, drawnAt = 0, begun = 0, shownFigure = null;
function figureOf(told) {
  const figure = told && drawings?.figures[told.exercise];
  const form = figure && (figure.forms[told.form] ?? figure.forms.usual);
  return form ? { figure, form, left: told.side === "left" } : null;
}
// Which number it is, and what is done on this beat of it; something else that is said goes before.
function showBeat(now, { number, of, share }) {
  put("condition", filled(WORDS.place, { n: number, of }));
  const beats = state.rep.beats ?? [], line = saying().line ?? "";
  if (!beats.length || (line && !beats.some(beat => line.toLowerCase().endsWith(beat.toLowerCase())))) return;
  const beat = now < state.rep.began ? "" : beats[Math.min(beats.length - 1, Math.floor(share * beats.length + 1e-6))];
  const text = beat.slice(0, 1).toUpperCase() + beat.slice(1);
  if ($("line").textContent === text) return;
  $("line").textContent = text;
  fitLine();
}
// Where in its movement the figure is: 0 at the start; of a hold 1 as it is held, of a rep its end.
function fractionAt(now, passed) {
  const { form } = drawn, { condition, phase } = state, end = form.held ? 1 : 1 / form.steps.length;
  const to = goal => fraction + Math.sign(goal - fraction) * Math.min(Math.abs(goal - fraction), passed / INTO_S);
  if (condition === "paused") return fraction;
  const before = phase === "positioning" || condition === "resting";
  if (calm.matches) return before ? 0 : end;
  if (condition === "repeating" && state.rep && !form.held) return now < state.rep.began ? 0 : repAt(now).share;
  if (condition === "holding") return to(1);
  if (before) return to(0);
  if (phase === "getting-ready") return to(form.held ? 1 : 0);
  if (!form.held) return (now - begun) / (2 * form.steps.length) % 1;
  const at = (now - begun) % (2 * (INTO_S + STAY_S));
  return at < STAY_S ? 0 : at < STAY_S + INTO_S ? (at - STAY_S) / INTO_S : at < 2 * STAY_S + INTO_S ? 1 : 1 - (at - 2 * STAY_S - INTO_S) / INTO_S;
}
function showFigure(now, passed) {
  const svg = $("figure"), { figure, form, left } = drawn, key = JSON.stringify(state.figure);
  if (key !== shownFigure) {
    [shownFigure, fraction, begun] = [key, 0, now];
    const [x, y, width, height] = form.boxes[0];
    svg.setAttribute("viewBox", [left ? -x - width : x, y, width, height].join(" "));
    const { side } = state.figure, name = state.exercise?.name ?? "";
    svg.setAttribute("aria-label", filled(side ? WORDS.figure_of_side : WORDS.figure, { name, side: WORDS.side_names[side] }));
  }
  fraction = fractionAt(now, passed);
  const pose = (form.held ? Figure.onTheWay : Figure.duringRep)(form, fraction);
  const air = calm.matches || state.condition === "paused" ? 0 : Figure.air(drawings.body, form, fraction, now - begun);
  Figure.draw(svg, drawings.body, figure, form, pose, figure.views[0], { air, left });
  svg.dataset.fraction = fraction.toFixed(3);
}
function frame(changed) {
  const at = performance.now(), passed = at - drawnAt;
  if (!state || document.body.classList.contains("cut") || (!changed && passed < FRAME_MS)) return;
  const now = clock.now();
  drawnAt = at;
  if (!changed) {
    takeDue(now);
    if (ahead && state.line_at <= now + EARLY_S) show();
  }
  if (now - state.heard?.at > HEARD_S) $("heard").hidden = true;
  if (!$("count").hidden) showCount(now);
  const seen = drawn !== null && ["counting", "showing"].some(mode => document.body.classList.contains(mode));
  $("figure").toggleAttribute("hidden", !seen);
  if (seen) showFigure(now, passed < at ? passed / 1000 : 0);
}
(function always() { frame(false); requestAnimationFrame(always); })();

// Awake: where the address is secure the screen is kept on, and asked for again when the page is seen again.
let awake = false;
async function stayAwake() {
  if (document.visibilityState !== "visible") return;
  try {
    const lock = await navigator.wakeLock.request("screen");
    awake = true;
    lock.addEventListener("release", () => { awake = false; });
  } catch { awake = false; }
  if (state) show();
}
document.addEventListener("visibilitychange", stayAwake);
addEventListener("resize", () => state && show());
async function fetchDrawings() {
  try {
    drawings = await (await fetch("/figures.json")).json();
    if (state) show();
  } catch { /* at the next connection */ }
}
stayAwake();
connect();
