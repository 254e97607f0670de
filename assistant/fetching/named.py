"""What can be fetched, by the name that a user gives it."""

from __future__ import annotations

import difflib

from assistant.errors import UsageError
from models import MODELS, VOICES, Model, Voice


def named(name: str | None = None) -> Model | Voice:
    """The manifest's entry of a model or a voice; the first model where none is named.

    Args:
        name: Its name, in any case; of a voice also that of its speaker, ``alba`` for ``en_GB-alba-medium``.

    Raises:
        UsageError: There is nothing of that name.
    """
    if name is None:
        return next(iter(MODELS.values()))
    known: dict[str, Model | Voice] = {**MODELS, **VOICES, **{voice.speaker: voice for voice in VOICES.values()}}
    by_case = {each.casefold(): entry for each, entry in known.items()}
    if found := by_case.get(name.casefold()):
        return found
    close = difflib.get_close_matches(name.casefold(), by_case, n=1, cutoff=0.3)
    raise UsageError(
        f"There is nothing called {name!r} to fetch.",
        f"Known are the models {', '.join(MODELS)}; and the voices {', '.join(v.speaker for v in VOICES.values())}.",
        f"Type: stretch-assistant fetch-model {by_case[close[0]].name if close else next(iter(MODELS))}",
    )
