"""What was made of sentences is kept from one run to the next, and is the same; nothing is made a second time."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.home.file_cache import FileCache
from intents.compiled import Compiled
from intents.loading import Lists, load_sentences
from intents.sentences import Block, Sentences

COMMON = """
language: en
carriers: {before: ["(um|please)"], after: ["please"], again_words: 2}
skip_words: ["er"]
"""
FILE = """
language: en
intents:
  Stop: {data: [{sentences: ["stop [it]"]}, {sentences: [halt], requires_context: {session: true}}]}
  Start: {data: [{sentences: ["start [the] {routine}"]}]}
  More: {data: [{sentences: ["{more} more (seconds|times)"], slots: {unit: any}}]}
  Never: {data: [{sentences: ["don't stop"], metadata: {decoy: true}}]}
lists: {more: {range: {from: 1, to: 120}}}
"""
LISTS: Lists = {"routine": [("(lower|low) back", "back"), ("evening one", "evening")]}
SAID = ("um stop please", "halt halt", "start the er low back", "don't stop", "a hundred and five more seconds", "bla")
COSTS = {"Stop": -2.0, "stop [it]": 1.0}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates of which graphs are made."""
    begun: list[str] = []
    begin = Block.begin

    def counted(block: Block, text: str, language: str) -> object:
        begun.append(text)
        return begin(block, text, language)

    monkeypatch.setattr(Block, "begin", counted)
    return begun


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sentences, and where their graphs are kept."""
    (tmp_path / "sentences").mkdir()
    (tmp_path / "sentences" / "_common.yaml").write_text(COMMON)
    (tmp_path / "sentences" / "all.yaml").write_text(FILE)
    return tmp_path


def parts(folder: Path, lists: Lists = LISTS) -> list[Sentences]:
    """All of them, and some in all the ways in which a session has them."""
    kept = FileCache(folder / "kept", 1_000_000, b"1", ".sentences")
    everything = load_sentences([folder / "sentences"], lists, at_once=False, kept=kept)
    some = everything.only({"Stop"}, {"session": True})
    return [everything, some, some.weighted(COSTS), some.among(everything), some.usual(), some.unframed()]


def answers(found: list[Sentences]) -> list[object]:
    return [(part.match(said), part.leads_to(said), part.is_decoy(said)) for part in found for said in SAID]


def test_a_second_start_makes_nothing_and_understands_the_same(folder: Path, made: list[str]) -> None:
    first = parts(folder)
    understood = answers(first)
    assert first[0].match(SAID[4]) is not None
    assert len({str(answer) for answer in understood}) >= len(SAID)
    assert made
    made.clear()
    again = parts(folder)
    assert answers(again) == understood
    assert made == []
    for before, after in zip(first, again, strict=True):
        assert (after.graph(), after.graph().fingerprint) == (before.graph(), before.graph().fingerprint)


@pytest.mark.parametrize("changed", ["sentence", "carrier", "list"])
def test_what_has_changed_is_made_anew(folder: Path, made: list[str], changed: str) -> None:
    answers(parts(folder))
    made.clear()
    if changed == "sentence":
        (folder / "sentences" / "all.yaml").write_text(FILE.replace("halt", "whoa"))
    elif changed == "carrier":
        (folder / "sentences" / "_common.yaml").write_text(COMMON.replace("um|", "hey|"))
    lists = {"routine": [("morning one", "morning")]} if changed == "list" else LISTS
    said = {"sentence": "whoa", "carrier": "hey stop", "list": "start morning one"}[changed]
    assert parts(folder, lists)[0].match(said) is not None
    assert made


@pytest.mark.parametrize("content", [b"", b"no graph", b"x\x9c\x03\x00\x00\x00\x00\x01"])
def test_what_is_no_graph_is_made_anew(folder: Path, content: bytes) -> None:
    class Nonsense:
        stored = b""

        def load(self, *_: str | int) -> bytes:
            return content

        def store(self, content: bytes, *_: str | int) -> None:
            self.stored = content

    kept = Nonsense()
    assert load_sentences([folder / "sentences"], LISTS, kept=kept).match("stop it") is not None
    assert Compiled.unpacked(kept.stored).arcs.states > 2
