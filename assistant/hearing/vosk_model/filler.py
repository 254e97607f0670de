"""What stands beside the sentences in a compiled graph: everything else that people say.

Common words, each as likely as it is in English, and any phones at all for names and noises. They all are the word
``[unk]``. A graph without the common words must choose between the sentences and bare phones: it takes "happy" for
"help me", as half of the phones agree. With them, "happy" is there to be heard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.hearing.vosk_model.graph_parts import Pause, add_phone, add_silence, add_unknown_word
from assistant.hearing.vosk_model.openfst import EPSILON, Fst
from assistant.hearing.vosk_model.phones import PhoneSet

Pronunciation = tuple[str, ...]
"""Names of phones."""

SAME_SOUND_COST = 9.0
"""What a common word costs at least if one in the sentences sounds the same: "know" shall not stand in for "no"."""

LITTLE_WORD_COST = 7.0
"""Where short answers are taken, words that are as common as that are exempt, unless they are a sentence by themselves:
if "they" and "do" were dear, whatever sounds a little like "they do" would be that. Where only whole phrases are taken,
nobody imagines them, and cheap little words would eat into them."""


@dataclass(frozen=True)
class Filler:
    """All costs are natural logarithms: the smaller, the more is rejected.

    Attributes:
        phone_cost: By how much each bare phone is dearer than one of a sentence.
        cost: What leaving the sentences costs, once: the rejection knob.
        words: Pronunciations of common words, with what each costs.
        urgent: Words that are told of though they fit no sentence: spelling, pronunciation, cost.
    """

    phone_cost: float
    cost: float = 0.0
    words: Sequence[tuple[Sequence[str], float]] = ()
    urgent: Sequence[tuple[str, Sequence[str], float]] = ()


_Words = Sequence[tuple[tuple[int, ...], float]]
"""Words by their phones' ids, in order; with what each costs."""


def add_filler(
    fst: Fst,
    phones: PhoneSet,
    filler: Filler,
    start: int,
    word: int,
    pause: Pause,
    spoken: Mapping[Pronunciation, bool],
    urgent_ids: Mapping[str, int],
) -> None:
    """Add the filler: one or more unknown words with silence between them, from a state to an end.

    Args:
        fst: The graph.
        phones: The model's phones.
        filler: What it is made of.
        start: The state that it leaves from.
        word: The unknown word's id.
        pause: Silence between words.
        spoken: Pronunciations of the sentences' own words, each with whether it is a sentence by itself.
        urgent_ids: The ids of the urgent words, as they are written where they are heard in passing.
    """
    before, after = fst.add_state(), fst.add_state()
    entry = fst.add_state()
    fst.add_arc(start, entry, cost=filler.cost)
    pause.add(fst, entry, before, add_silence(fst, before))
    ends = add_unknown_word(fst, phones, before, word, filler.phone_cost).ends
    ends += _add_words(fst, _in_order(phones, filler.words, spoken), before, word)
    # An urgent word by itself is a sentence, or nothing: here it is with others only, behind them or before them.
    alone = fst.add_state()
    for spelling, choice, cost in filler.urgent:
        urgent = (phones.in_word(spelling, choice), urgent_ids[spelling], cost)
        ends.append(_add_urgent(fst, after, *urgent))
        fst.add_arc(_add_urgent(fst, before, *urgent), alone)
    pause.add(fst, alone, before, add_silence(fst, before))
    silence = add_silence(fst, after)
    for state in ends:
        pause.add(fst, state, after, silence)
    fst.add_arc(after, before)
    fst.finals[after] = 0.0


def _add_urgent(fst: Fst, state: int, phone_ids: Sequence[int], word: int, cost: float) -> int:
    """One urgent word after a state; gives its last state."""
    for place, phone in enumerate(phone_ids):
        written = word if place == len(phone_ids) - 1 else EPSILON
        state = add_phone(fst, state, phone, written, cost if place == 0 else 0.0)
    return state


def _in_order(
    phones: PhoneSet, words: Iterable[tuple[Sequence[str], float]], spoken: Mapping[Pronunciation, bool]
) -> _Words:
    exempt_up_to = LITTLE_WORD_COST if any(spoken.values()) else 0.0
    found: list[tuple[tuple[int, ...], float]] = []
    for choice, usual_cost in words:
        alone = spoken.get(tuple(choice))
        cost = usual_cost
        if alone or (alone is not None and usual_cost > exempt_up_to):
            cost = max(usual_cost, SAME_SOUND_COST)
        found.append((tuple(phones.in_word("", choice)), cost))
    return sorted(found)


def _add_words(fst: Fst, words: _Words, before: int, word: int) -> list[int]:
    """The words after a state, as a tree; gives their last states. Costs are paid as early as they are known."""
    ends: list[int] = []
    todo = [
        (before, words, 0, 0.0)
    ]  # a state, the words from there on, how many of their phones are behind, what is paid
    while todo:
        source, ahead, depth, paid = todo.pop()
        for phone, group in groupby(ahead, key=lambda known: known[0][depth]):
            branch = list(group)
            # A word's last phone has ids of its own, so no word ends where another goes on.
            goes_on = len(branch[0][0]) > depth + 1
            least = min(cost for _, cost in branch)
            state = add_phone(fst, source, phone, EPSILON if goes_on else word, least - paid)
            if goes_on:
                todo.append((state, branch, depth + 1, least))
            else:
                ends.append(state)
    return ends
