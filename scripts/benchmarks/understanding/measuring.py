"""Three shares: what is understood, taught commands with what people put around them, and what is taken wrongly.

The third is measured where it matters: each utterance in each phase, whether it is taken there for a command that
steers and that it does not mean.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.commands.hear_words import ANY, Written, read_written
from assistant.dialogue.state.harms import HARMS
from assistant.dialogue.state.phases import name_of
from assistant.dialogue.state.takes import TAKES
from assistant.loop.in_writing import understood
from assistant.loop.vocabulary import Vocabulary
from assistant.voice.wording import Wording
from scripts.testbed.product import own_vocabulary

CARRIERS = (
    *("please {}", "{} please", "okay {}", "um {}", "can you {}", "{} now", "{} {}", "could you {} please"),
    *("well {}", "so {}", "right {} then", "i want to {}", "let's {}", "{} thanks", "{} for me", "uh okay {}"),
    *("now {}", "{} {} {}", "can you can you {}", "and {}", "i'd like to {} please", "could we {}"),
)
"""What people say around a command. Written down here, apart from the sentences' own, so that these are tested."""

STEERS = frozenset(intent for intent, harm in HARMS.items() if harm == "steers")
"""Commands that lead elsewhere where they are taken by mistake."""

_HOW_STRONG = frozenset({"RatePain", "PainLevel"})
"""How strong the pain is, said while nothing is under way and in a routine: the same words, and the same meaning."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is measured.

    Attributes:
        files: Files of utterances; see `assistant.commands.hear_words`.
        out: Where the figures go.
        show: Whether single utterances are printed; of data that nobody may look at, only the totals are.
        part: Which part of the data this is: looked at while the sentences were written, or not.
    """

    files: list[Path]
    out: Path | None
    show: bool
    part: str


def main(options: Options) -> None:
    """Measure and write the figures."""
    vocabulary = own_vocabulary()
    written = [one for file in options.files for one in read_written(file)]
    wrong = [one for one in written if not one.is_met_by(understood(one.words, vocabulary.named(one.phase)))]
    carried = list(_carried(vocabulary))
    lost = [(phase, said) for phase, said, right in carried if not right]
    pairs = len(written) * len(TAKES)
    taken = list(taken_wrongly(vocabulary, written))
    figures = {
        "part": options.part,
        "utterances": len(written),
        "understood": _share(len(written) - len(wrong), len(written)),
        "carried": len(carried),
        "carried_understood": _share(len(carried) - len(lost), len(carried)),
        "crossed": pairs,
        "taken_wrongly": _share(len(taken), pairs),
    }
    if options.show:
        for one in wrong:
            print(
                f"{one.phase}\t{one.words}\t{understood(one.words, vocabulary.named(one.phase))}\t{sorted(one.intents)}"
            )
        for phase, said in lost:
            print(f"carried\t{phase}\t{said}")
        for (said, intent), count in Counter((said, intent) for _, said, intent in taken).most_common():
            print(f"taken\t{said}\t{intent}\t{count} phases")
    print(json.dumps(figures, indent=2))
    if options.out is not None:
        options.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _carried(vocabulary: Vocabulary) -> Iterator[tuple[str, str, bool]]:
    """Each command that help teaches, in a phase that takes it, within each carrier; whether it means the same."""
    wording = Wording()
    for intent in dict.fromkeys(intent for intents in TAKES.values() for intent in intents):
        if intent in {"Help", "Number", "OutOfScope", "PainLevel", "StartRoutine"}:  # which no single sentence teaches
            continue
        taught = wording.templates(f"help.{intent}")[0].lower()
        phases = [kind for kind in TAKES if intent in TAKES[kind]]
        for phase in reversed(phases):
            command = understood(taught, vocabulary.of_phase(phase))
            if command is not None and command.intent == intent:
                for carrier in CARRIERS:
                    said = carrier.replace("{}", taught)
                    found = understood(said, vocabulary.of_phase(phase))
                    same = found is not None and (found.intent, found.slots) == (command.intent, command.slots)
                    yield name_of(phase), said, same
                break


def taken_wrongly(vocabulary: Vocabulary, written: list[Written]) -> Iterator[tuple[str, str, str]]:
    """Each utterance in each phase where it is taken for what it does not mean: phase, words, command."""
    meant: dict[str, set[str]] = {}
    for one in written:
        alike = _HOW_STRONG if one.intents & _HOW_STRONG else frozenset()
        meant.setdefault(one.words, set()).update(one.intents | alike)
    for one in written:
        for phase in TAKES:
            command = understood(one.words, vocabulary.of_phase(phase))
            if command is not None and command.intent in STEERS - meant[one.words] and ANY not in meant[one.words]:
                yield name_of(phase), one.words, command.intent
