"""Two languages that there are not: a few words of something like Swedish, and all of English in other letters."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from intents.language import ENGLISH, Language

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_OTHER = "абцдефгхижклмнопярстувшщыз"
_LETTERS = str.maketrans(_LATIN + _LATIN.upper(), _OTHER + _OTHER.upper())

SMALL = {
    "language.yaml": """
numbers: spellout-numbering
exercise_called: "{name}[ar]"
""",
    "costs.yaml": "session: {nästa: 2.0}\n",
    "sentences/all.yaml": """
language: sv
intents:
  Ready: {data: [{sentences: ["jag är redo"]}]}
  Next: {data: [{sentences: ["nästa [övning]"]}]}
  Number: {data: [{sentences: ["{number}"], requires_context: {session: true}}]}
  StartRoutine: {data: [{sentences: ["börja [med] {routine}"]}]}
  Prescription: {data: [{sentences: ["läkaren sa {amount} {exercise}"], slots: {unit: reps}}]}
lists:
  number: {range: {from: 0, to: 100}}
  amount: {range: {from: 2, to: 60}}
""",
    "lines.yaml": """
hold:
  left: "{n:words} {n:sekund|sekunder} återstår."
  halfway: Hälften är över.
""",
    "exercises/press-up.yaml": """
name: armhävning
getting_there: Ligg på mage.
movement: Lyft överkroppen med armarna.
short_way: Ligg på magen.
short: Lyft överkroppen.
cue: Håll nacken lång.
feel: Du ska känna hur ryggen böjs.
caution: Sluta om smärtan rör sig nedåt i benet.
leave_when: {leg_worse: Låt bli om benet blir sämre., tight_canal: Låt bli om benen inte lugnar sig.}
mistakes: {hips_lift: Höften lyfts., neck_bent: Nacken böjs.}
easier: Gå bara upp på armbågarna.
harder: Sträck armarna helt.
beats: {usual: [upp, och ner]}
""",
}
"""The files of the small one."""


def small_language(folder: Path) -> Language:
    """A few sentences, two lines and one exercise."""
    language = Language(folder / "sv")
    for name, text in SMALL.items():
        language.file(name).parent.mkdir(parents=True, exist_ok=True)
        language.file(name).write_text(text, encoding="utf-8")
    return language


def other_letters(text: str) -> str:
    """A text, or a template, in other letters; what stands in braces keeps its name."""

    def changed(match: re.Match[str]) -> str:
        piece = match.group()
        if "|" in piece and piece.startswith("{"):  # {n:second|seconds}
            name, _, forms = piece.partition(":")
            return f"{name}:{forms.translate(_LETTERS)}"
        return piece if piece[0] in "{<" else piece.translate(_LETTERS)

    return re.sub(r"\{[^}]*\}|<[^>]*>|[A-Za-z]+", changed, text)


def whole_language(folder: Path) -> Language:
    """All of English in other letters, its numbers as Russian has them."""
    language = Language(folder / "ru")
    for source in sorted(ENGLISH.folder.rglob("*.yaml")):
        data = yaml.safe_load(source.read_text(encoding="utf-8"))
        name = source.relative_to(ENGLISH.folder)
        path = language.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(_changed(str(name), data), allow_unicode=True), encoding="utf-8")
    return language


def _changed(name: str, data: dict[str, Any]) -> dict[str, Any]:
    match name:
        case "language.yaml":
            found = {what: [other_letters(word) for word in words] for what, words in data["looks_for"].items()}
            called = {"to_start": other_letters(data["to_start"]), "exercise_called": "({name}|{name}с)"}
            return {"numbers": "spellout-numbering", **called, "looks_for": found}
        case "costs.yaml":
            return {when: {other_letters(key): cost for key, cost in costs.items()} for when, costs in data.items()}
        case "teaching.yaml":
            return {**data, "natural": _texts(data["natural"]), "lines": _texts(data["lines"])}
        case "gist.yaml":
            words = {"about", "say", "unless"}
            gists = [{k: _texts(v) if k in words else v for k, v in gist.items()} for gist in data["gists"]]
            return {**data, "gists": gists} | {key: other_letters(data[key]) for key in ("negations", "doubts")}
        case "pronunciations.yaml":
            return {key: {} for key in data}
        case _ if "intents" in data or "carriers" in data:
            return _sentences(data)
        case _:
            changed = _texts(data)
            assert isinstance(changed, dict)
            return changed


def _texts(data: Any) -> Any:
    """Every text, whatever it stands under."""
    if isinstance(data, dict):
        return {key: _texts(value) for key, value in data.items()}
    return [_texts(value) for value in data] if isinstance(data, list) else other_letters(data)


def _sentences(data: dict[str, Any]) -> dict[str, Any]:
    for intent in data.get("intents", {}).values():
        for block in intent["data"]:
            block["sentences"] = _texts(block["sentences"])
    for values in data.get("lists", {}).values():
        if "values" in values:
            pairs = [v if isinstance(v, dict) else {"in": v, "out": v} for v in values["values"]]
            values["values"] = [{**pair, "in": other_letters(pair["in"])} for pair in pairs]
    data["expansion_rules"] = _texts(data.get("expansion_rules", {}))
    if "carriers" in data:
        carriers = data["carriers"]
        forms = {other_letters(form): other_letters(word) for form, word in carriers["forms"].items()}
        carriers |= {where: _texts(carriers[where]) for where in ("before", "after", "before_form")}
        carriers |= {"forms": forms}
    return {**data, "language": "ru"}
