"""What of the product everything here is tried with."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from assistant.hearing.vosk.compiled_sentences import is_acoustic_model
from assistant.loop.engines import installed_models
from assistant.loop.vocabulary import Vocabulary
from assistant.routines.loading import load_exercises, load_routines, own_routine_files


@cache
def own_vocabulary() -> Vocabulary:
    """What may be said in a session with our own routines."""
    return Vocabulary(load_routines(own_routine_files())[0].values(), load_exercises().values())


def our_model(model: Path | None = None) -> Path:
    """The model that was named, or the one that comes along."""
    return model or next(folder for folder in installed_models() if is_acoustic_model(folder))
