"""What the synthetic voices say: our commands, numbers, everyday words, orders, and sentences rich in sounds."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources

from assistant.dialogue.state.takes import TAKES
from assistant.hearing.dictionary import cmudict
from assistant.loop.vocabulary import Vocabulary
from assistant.routines.loading import load_routines, own_routine_files
from intents.graph import WordGraph

_OPENINGS = (
    "", "", "", "i would like", "i'd like", "can i have", "could i get", "can you give me", "please bring me", "i want",
    "let me have", "may i have", "get me", "i'll take", "turn on", "turn off", "switch on", "set", "show me", "open",
    "close", "make it", "tell me about", "put on", "add", "remove", "change it to", "go to", "read me", "play",
)  # fmt: skip
_JOINTS = ("and", "with", "without", "and a", "and some", "with a", "with some", "or", "for", "in", "on", "plus")
_ARTICLES = ("", "a", "an", "the", "one", "two", "three", "my", "some")
_CLOSINGS = ("", "", "", "please", "thanks", "thank you", "now", "to go")
_ORDERED = ("food", "drinks", "home", "things", "time", "people", "animals", "nature")
_DESCRIBED = ("sizes", "colours", "describing")
_UNITS = ("seconds", "minutes", "hours", "times", "more", "left", "rounds", "breaths", "percent", "degrees")
_FEW_LETTERS = 9


def normal_text(text: str) -> str | None:
    """A transcript as lower-case words, or None where a sign or figure leaves open what was said."""
    text = re.sub(r"[-–—]+", " ", text.lower().replace("’", "'"))
    text = re.sub(r"[.,;:!?\"()]", " ", text)
    words = [word.strip("'") for word in text.split()]
    words = [word for word in words if word]
    if not words or any(not re.fullmatch(r"[a-z]+('[a-z]+)*", word) for word in words):
        return None
    return " ".join(words)


@cache
def everyday_words() -> dict[str, tuple[str, ...]]:
    """Several hundred common words by theme."""
    text = resources.files(__package__).joinpath("everyday_words.txt").read_text(encoding="utf-8")
    themes = (line.partition(":") for line in text.splitlines() if line and not line.startswith("#"))
    return {theme: tuple(words.split()) for theme, _, words in themes}


@cache
def command_graphs() -> tuple[WordGraph, ...]:
    """The sentences of every phase, with the names of the routines that come with the assistant."""
    routines, _ = load_routines(own_routine_files())
    vocabulary = Vocabulary(routines.values())
    return tuple(vocabulary.of_phase(phase).alone().graph() for phase in TAKES if TAKES[phase])


def command_words() -> set[str]:
    """Every word of our own sentences and routine names."""
    return {word for graph in command_graphs() for word in graph.words}


def command(chance: random.Random) -> str:
    """One of our own sentences, of a phase drawn first so that short commands are not drowned by the many."""
    graph = chance.choice(command_graphs())
    return " ".join(graph.sample(lambda weights: chance.choices(range(len(weights)), weights)[0]))


def numbers(chance: random.Random) -> str:
    """A row of digits, or a number with its unit."""
    words = everyday_words()["digits"]
    if chance.random() < 0.6:
        return " ".join(chance.choices(words[:11], k=chance.randint(1, 6)))
    tens, ones = words[20:28], words[2:11]
    number = chance.choice((chance.choice(words[:20]), f"{chance.choice(tens)} {chance.choice(ones)}"))
    return f"{number} {chance.choice(_UNITS)}" if chance.random() < 0.5 else number


def word_row(chance: random.Random) -> str:
    """One to six everyday words, of one theme or of any."""
    themes = everyday_words()
    theme = chance.choice(list(themes.values()))
    count = chance.choice((1, 1, 1, 2, 2, 3, 4, 5, 6))
    if chance.random() < 0.5:
        return " ".join(chance.choices(theme, k=count))
    return " ".join(chance.choice(chance.choice(list(themes.values()))) for _ in range(count))


def order(chance: random.Random) -> str:
    """A polite request for something, with up to three particulars."""

    def thing() -> str:
        words = everyday_words()
        described = chance.choice(words[chance.choice(_DESCRIBED)]) if chance.random() < 0.6 else ""
        return f"{chance.choice(_ARTICLES)} {described} {chance.choice(words[chance.choice(_ORDERED)])}"

    wanted = thing()
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        wanted += f" {chance.choice(_JOINTS)} {thing()}"
    return " ".join(f"{chance.choice(_OPENINGS)} {wanted} {chance.choice(_CLOSINGS)}".split())


def dictionary_row(chance: random.Random) -> str:
    """A few words out of the whole dictionary: no sense, but every neighbourhood of sounds."""
    return " ".join(chance.choices(_dictionary(), k=chance.randint(2, 7)))


@cache
def _dictionary() -> tuple[str, ...]:
    lines = cmudict().path.read_text(encoding="utf-8").splitlines()
    words = {line.split()[0] for line in lines if line}
    return tuple(sorted(word for word in words if word.isalpha() and 2 < len(word) <= _FEW_LETTERS))


def drawn_texts(count: int, transcripts: Sequence[str], chance: random.Random) -> list[str]:
    """Texts for the synthetic voices.

    Args:
        count: How many.
        transcripts: What was said in the recordings that are trained on; read at run time, stored nowhere.
        chance: The source of randomness.
    """
    makers: list[tuple[float, Callable[[random.Random], str]]] = [
        (0.28, command),
        (0.10, numbers),
        (0.27, word_row),
        (0.12, order),
        (0.12, dictionary_row),
        (0.11, lambda chance: chance.choice(transcripts) if transcripts else dictionary_row(chance)),
    ]
    weights, functions = zip(*makers, strict=True)
    return [maker(chance) for maker in chance.choices(functions, weights, k=count)]
