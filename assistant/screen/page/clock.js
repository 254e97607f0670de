"use strict";
// The session's clock as it is heard, and the connection that tells it. Each message brings the session's clock and the
// server's own, read together. The server's runs evenly: by it the way of a message is known, however long it took. The
// session's may stand still, as while something is prepared; the latest message says where it is.
const SILENT_S = 2.5, AGAIN_MS = 700, LONG_S = 15; // without a word from the server: the connection is lost; try again
const REMEMBERED = 480; // messages by which the server's clock is known: those of two minutes
const JUDGED_S = 0.2, BACK_S = 0.15; // of how much time it is judged whether the clock stands still; so little is no step back
const PATIENT_S = 1.2; // so long nobody wonders why it stands
const EARLY_S = 0.02, HELD_BACK_S = 2; // half a picture; and no state waits for longer, whatever the clocks say

const seconds = () => performance.now() / 1000;
const clock = {
  ahead: [], told: 0, sent: 0, judged: null, stands: false, movedAt: 0, last: 0,
  now() {
    if (!clock.ahead.length) return 0;
    const server = seconds() + Math.max(...clock.ahead); // the least delayed message is the nearest to the truth
    const now = clock.told + (clock.stands ? 0 : Math.max(0, server - clock.sent));
    clock.last = now < clock.last && now > clock.last - BACK_S ? clock.last : now;
    return clock.last;
  },
  hear({ clock: told, sent }) {
    clock.ahead = [...clock.ahead.slice(1 - REMEMBERED), sent - seconds()];
    const before = clock.judged;
    if (clock.stands && told > clock.told) [clock.stands, clock.judged, clock.movedAt] = [false, { told, sent }, sent];
    else if (!before || sent - before.sent >= JUDGED_S) {
      clock.stands = before !== null && told - before.told < (sent - before.sent) / 2;
      clock.judged = { told, sent };
      if (!clock.stands) clock.movedAt = sent;
    }
    [clock.told, clock.sent] = [told, sent];
  },
  forget() { [clock.ahead, clock.judged, clock.stands, clock.last] = [[], null, false, 0]; },
};

// States wait until what they tell of is heard: a sound card is given its sound ahead of time.
let state = null, coming = [];
function arrived(told) {
  coming = [...coming.filter(other => other.at < told.at), { ...told, came: seconds() }]; // it says all that those say
  if (!state) takeDue(Infinity);
  else takeDue(clock.now());
}
function takeDue(now) {
  let taken = null;
  while (coming.length && (coming[0].at <= now + EARLY_S || seconds() > coming[0].came + HELD_BACK_S)) taken = coming.shift();
  if (!taken) return;
  state = taken;
  show();
}

// EventSource tries again by itself, but late, and never once it was refused.
let source = null, heardAt = performance.now(), goneAt = null;
function connect() {
  source?.close();
  source = new EventSource("/events");
  source.onopen = () => {
    clock.forget();
    [state, coming] = [null, []];
    if (!drawings) fetchDrawings();
  };
  source.addEventListener("clock", event => heard(JSON.parse(event.data)));
  source.addEventListener("state", event => arrived(heard(JSON.parse(event.data))));
  source.onerror = () => { source.close(); gone(); setTimeout(connect, AGAIN_MS); };
  heardAt = performance.now();
}
function heard(told) {
  clock.hear(told);
  heardAt = performance.now();
  goneAt = null;
  takeDue(clock.now()); // a page that nobody looks at draws nothing, and still is to know
  showCut();
  return told;
}
function gone() {
  goneAt ??= performance.now();
  showCut();
}
function showCut() {
  const over = state?.condition === "ended", cut = goneAt !== null && !over;
  const long = cut && performance.now() - goneAt > LONG_S * 1000;
  const waits = clock.stands && clock.sent - clock.movedAt > PATIENT_S && !["lost", "ended", "alert"].includes(state?.condition);
  put("cut", cut ? (long ? WORDS.cut_for_long : WORDS.cut) : waits ? WORDS.waits : "");
  document.body.classList.toggle("cut", cut);
}
setInterval(() => {
  if (performance.now() - heardAt > SILENT_S * 1000 && source.readyState !== EventSource.CLOSED) {
    gone();
    connect();
  } else if (goneAt !== null) showCut();
}, 500);
