"use strict";
// What may be pressed instead of said: "stop" in its place, then the most needed first, as many as there is room for; the
// others are behind "more".
let all = false, lastPhase = null;
function withRoom(given) {
  const stops = ({ intent }) => intent === "Stop", wanted = [...given.filter(stops), ...given.filter(one => !stops(one))];
  const numbers = wanted.find(({ intent }) => intent !== "Stop")?.intent === "Number"; // what is asked for before all else
  const must = ({ intent }) => intent === "Stop" || (numbers && intent === "Number");
  const room = numbers ? 16 : document.body.classList.contains("telling") ? 9 : 6;
  if (all || wanted.length <= room) return wanted;
  let others = room - 1 - wanted.filter(must).length;
  return wanted.filter(button => must(button) || others-- > 0);
}
function showButtons(wanted) {
  const group = $("buttons"), there = new Map([...group.querySelectorAll("[data-say]")].map(button => [button.dataset.say, button]));
  const focused = document.activeElement;
  const shown = withRoom(wanted), more = $("more");
  if (all && group.firstElementChild !== more) group.prepend(more);
  shown.forEach(({ say, label, intent }, place) => {
    const button = there.get(say) ?? made(say);
    there.delete(say);
    if (button.textContent !== label) button.textContent = label;
    button.classList.toggle("stop", intent === "Stop");
    button.classList.toggle("long", label.length > 8);
    const before = group.children[place + all] ?? null;
    if (before !== button) group.insertBefore(button, before);
  });
  for (const button of there.values()) button.remove();
  if (focused?.isConnected && focused !== document.activeElement) focused.focus();
  const n = shown.length + (shown.length < wanted.length);
  more.hidden = !all && shown.length === wanted.length;
  more.textContent = all ? WORDS.less : WORDS.more;
  more.setAttribute("aria-expanded", all);
  const across = n < 4 ? n : n === 4 ? 2 : n > 9 ? 4 : 3;
  document.body.style.setProperty("--across", Math.max(1, across));
  document.body.style.setProperty("--down", Math.max(1, Math.ceil(n / Math.ceil(n / 6))) || 1);
}
function made(say) {
  const button = document.createElement("button");
  button.dataset.say = say;
  button.addEventListener("click", async () => {
    try {
      const answer = await fetch("/say", {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ words: say }),
      });
      if (!answer.ok) gone();
    } catch { gone(); }
  });
  return button;
}

$("more").addEventListener("click", () => {
  all = !all;
  show();
});
