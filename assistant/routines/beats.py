"""Whether what is to be done and said on each beat of a rep fits into it: nobody with closed eyes can be hurried."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.errors import RoutineInvalid
from assistant.routines.model import Reps, Step
from assistant.routines.yaml_file import KeyPath, YamlFile
from intents.language import ENGLISH, Language

ACT_S = 2
"""Seconds that each act of a movement gets at least; no source names one: ours, cautious."""

BREATHER_S = 0.3
"""Seconds between what is said on one beat and on the next."""


def cramped(
    file: YamlFile, here: KeyPath, step: Step, letters_a_second: float, language: Language = ENGLISH
) -> Iterator[RoutineInvalid]:
    """Finds reps that are too quick for their acts, or for the words on their beats.

    Args:
        file: The file with the dose.
        here: The key path of the step in it.
        step: The exercise with its dose.
        letters_a_second: The voice's rate.
        language: In which the reps are counted.
    """
    dose = step.dose
    if not isinstance(dose, Reps):
        return
    longest_number = max((language.in_words(n) for n in range(1, dose.count + 1)), key=len)
    for form, beats in step.beats.items():
        share = dose.pace / len(beats)
        if share < ACT_S:
            yield file.wrong(
                (*here, "reps", "pace"),
                f"{step.name!r} has {len(beats)} acts in {dose.pace} seconds.",
                f"Give each of them {ACT_S} seconds: pace: {len(beats) * ACT_S}",
            )
        for said in (f"{longest_number}, {beats[0]}", *beats[1:]):
            if len(said) / letters_a_second + BREATHER_S > share:
                yield file.wrong(
                    (*here, "beats", form),
                    f"{said!r} takes longer to say than its beat of {share:g} seconds lasts.",
                    "Say it in fewer words, or let the pace be slower.",
                )
