"""What the voices that are kept for judging say: bare commands, taught words alone, within carriers, and contraries.

Each with the phase in which it would be said. None of it was drawn from what the sentences or the costs were tuned on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Command(NamedTuple):
    """A command, in the phase with the widest grammar that takes it."""

    text: str
    phase: str = "instructing"


COMMANDS = (
    *map(Command, ("stop", "why", "wait", "next", "back")),
    Command("yes", "offering-to-go-on"),
    *(Command(answer, "choosing") for answer in ("no", "eight")),
    *map(Command, ("pause", "go on", "start over", "it hurts", "how much longer", "what can i say")),
    *map(Command, ("start my sciatic stretch", "i want to stop", "too fast", "skip this one")),
)

WORDS: Mapping[str, tuple[str, ...]] = {
    "holding": (
        *("stop", "pause", "wait", "next", "skip", "back", "repeat", "why", "help", "easier", "harder", "longer"),
        *("shorter", "louder", "quieter", "slower", "faster", "goodbye"),
    ),
    "positioning": ("ready",),
    "paused": ("resume",),
    "screening": ("yes", "no"),
    "asking-side": ("left", "right"),
    "asking-leg": ("same",),
    "asking-pain": (
        *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    ),
}  # fmt: skip
"""Single words that the voice or the README teaches, by a phase in which they are said."""


class Carried(NamedTuple):
    """A taught command and what somebody says around it."""

    phase: str
    command: str
    said: str


CARRIED = (
    Carried("holding", "stop", "um okay stop now please"),
    Carried("holding", "pause", "oh could we pause please"),
    Carried("holding", "next", "right next then"),
    Carried("holding", "go back", "i'd like to go back if that's okay"),
    Carried("holding", "start over", "actually let's start over"),
    Carried("holding", "easier", "easier please dear"),
    Carried("holding", "longer", "longer longer please"),
    Carried("holding", "repeat", "sorry would you repeat please"),
    Carried("holding", "how long left", "so um how long left now"),
    Carried("holding", "where am i", "oh where am i now"),
    Carried("holding", "is this safe", "but is this safe though"),
    Carried("holding", "what should i feel", "well what should i feel then"),
    Carried("holding", "five more", "give me five more please"),
    Carried("holding", "chair version", "could i have the chair version please"),
    Carried("holding", "short version", "can we please have the short version"),
    Carried("holding", "slower", "could you please go slower"),
    Carried("holding", "louder", "er louder if you don't mind"),
    Carried("holding", "it hurts", "um sorry it hurts"),
    Carried("holding", "i feel dizzy", "excuse me i feel dizzy now"),
    Carried("holding", "what can i say", "hmm what can i say please"),
    Carried("holding", "goodbye", "right goodbye then thanks"),
    Carried("paused", "resume", "okay then let's resume"),
    Carried("positioning", "ready", "all right ready now"),
    Carried("screening", "yes", "um well yes i think"),
    Carried("screening", "no", "er no thank you dear"),
    Carried("screening", "i'm not sure", "to be honest i'm not sure"),
    Carried("asking-pain", "seven", "i'd say about a seven"),
    Carried("asking-side", "left", "it's the left i think"),
    Carried("asking-leg", "the same", "well it's about the same really"),
    Carried("idle", "start sciatic stretch", "hello could you start sciatic stretch please"),
    Carried("idle", "what is left today", "can you tell me what is left today"),
)
"""Taught commands within carriers."""


class Contraries(NamedTuple):
    """Two things that mean the contrary of each other; one of the two may be no command."""

    phase: str
    one: str
    other: str


CONTRARIES = (
    Contraries("asking-leg", "there's pain in my leg", "no leg pain"),
    Contraries("asking-leg", "my leg still hurts", "my leg doesn't hurt"),
    Contraries("asking-leg", "it's lower down", "it's higher up"),
    Contraries("asking-leg", "it isn't gone yet", "it's gone"),
    Contraries("asking-leg", "it's in my knee now", "it's in my back now"),
    Contraries("asking-leg", "it's worse", "it's better"),
    Contraries("asking-pain", "i do have pain", "i have no pain"),
    Contraries("asking-pain", "it still hurts", "it doesn't hurt"),
    Contraries("asking-side", "left", "right"),
    Contraries("asking-side", "not the left one", "the left one"),
    Contraries("screening", "yes", "no"),
    Contraries("screening", "i haven't", "i have"),
    Contraries("holding", "longer", "shorter"),
    Contraries("holding", "easier", "harder"),
    Contraries("holding", "next", "back"),
    Contraries("holding", "don't stop", "stop"),
    Contraries("holding", "don't skip it", "skip it"),
    Contraries("holding", "it doesn't hurt", "it hurts"),
    Contraries("holding", "that's not too hard", "that's too hard"),
    Contraries("positioning", "i'm not ready yet", "i'm ready"),
    Contraries("paused", "don't carry on", "carry on"),
    Contraries("asking-all-right", "i'm not fine", "i'm fine"),
    Contraries("confirming", "yes", "no"),
    Contraries("confirming-dose", "that's wrong", "that's right"),
    Contraries("offering-gentle", "i'd rather not", "i'd like that"),
    Contraries("asking-whether-to-stop", "carry on", "stop"),
    Contraries("idle", "my physio said ninety", "my physio said nineteen"),
)
"""What would steer the routine to where somebody who says the contrary doesn't want it."""

TEXTS = tuple(
    dict.fromkeys(
        [
            *(command.text for command in COMMANDS),
            *(word for words in WORDS.values() for word in words),
            *(carried.said for carried in CARRIED),
            *(text for pair in CONTRARIES for text in (pair.one, pair.other)),
        ]
    )
)
"""All of them, each once, in the order in which they are said."""
