"use strict";
// The page's elements, and words in them.
const $ = id => document.getElementById(id);
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function put(id, text) {
  const element = $(id);
  if (element.textContent !== (text ?? "")) element.textContent = text ?? "";
  element.hidden = !text;
}

const filled = (text, slots) => text.replace(/\{(\w+)\}/g, (_, name) => slots[name]);
const plurals = new Intl.PluralRules(WORDS.language);
const counted = (forms, n) => filled(forms[plurals.select(n)] ?? forms.other, { n });

// Letters as large as fit.
function fit(element, most, least) {
  if (!element.textContent || !element.clientHeight) return;
  const fits = size => {
    element.style.fontSize = `${size}px`;
    return element.scrollHeight <= element.clientHeight + 1 && element.scrollWidth <= element.clientWidth + 1;
  };
  let low = least, high = most;
  if (fits(high)) return;
  while (high - low > 0.5) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle; else high = middle;
  }
  fits(low);
}
