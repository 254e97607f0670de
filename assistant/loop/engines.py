"""Choosing and loading the recogniser."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import models
from assistant.errors import EngineMissing, ModelMissing
from assistant.hearing.pronunciation import sounding_alike
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.vosk_model.model_check import find_models
from assistant.home import folders
from intents.language import ENGLISH
from intents.pronunciations import pronunciations

EngineName = Literal["auto", "vosk", "pocketsphinx"]

MODEL_VARIABLE = "STRETCH_ASSISTANT_MODEL"


def load_recogniser(engine: EngineName, model: Path | None) -> Recogniser:
    """Load the engine that was asked for; ``auto`` is Vosk with the model that comes along.

    Args:
        engine: Which.
        model: A Vosk model's folder; None looks in the environment, ``models/`` and the user's data folder.

    Raises:
        ModelMissing: Vosk was asked for, or a folder was named, and there is no model.
        EngineMissing: PocketSphinx is needed and is not installed.
        ModelCorrupt: The model can't be loaded.
    """
    named = model or (Path(os.environ[MODEL_VARIABLE]) if os.environ.get(MODEL_VARIABLE) else None)
    if engine == "pocketsphinx":
        return _pocketsphinx()
    if named is not None:
        return _vosk(named)
    found = installed_models()
    if found:
        return _vosk(found[0])
    if engine == "vosk":
        raise ModelMissing(
            "There is no Vosk model on this machine.",
            "Looked in: " + ", ".join(str(folder) for folder in _places()) + ".",
            "Type: stretch-assistant fetch-model, or name a folder with --model, or use --engine pocketsphinx.",
        )
    return _pocketsphinx()


def installed_models() -> Sequence[Path]:
    """Vosk models in the package's folder and the user's own, the ones to prefer first."""
    return find_models(_places())


def _places() -> list[Path]:
    return [models.folder(), folders.data() / "models"]


def _vosk(folder: Path) -> Recogniser:
    from assistant.hearing.vosk.compiled_sentences import CompiledSentences, is_acoustic_model  # noqa: PLC0415
    from assistant.hearing.vosk.recogniser import VoskRecogniser  # noqa: PLC0415 - loads libvosk
    from assistant.hearing.vosk.runtime_grammars import RuntimeGrammars  # noqa: PLC0415
    from assistant.hearing.vosk.word_grammars import WordGrammars, takes_word_grammar  # noqa: PLC0415

    if is_acoustic_model(folder):
        return VoskRecogniser(
            CompiledSentences(
                folder, folders.private_cache("graphs"), drowned=pronunciations().drowned, urgent=ENGLISH.urgent
            )
        )
    sounds_like, checked = pronunciations().sounds_like, folders.private_cache("checked-models")
    if takes_word_grammar(folder):
        cache = folders.private_cache("graphs")
        return VoskRecogniser(WordGrammars(folder, cache, sounds_like, checked, sounds_alike=sounding_alike))
    return VoskRecogniser(RuntimeGrammars(folder, sounds_like, checked))


def _pocketsphinx() -> Recogniser:
    try:
        from assistant.hearing.pocketsphinx import PocketSphinxRecogniser  # noqa: PLC0415 - loads its library
    except ModuleNotFoundError as error:
        raise EngineMissing(
            "PocketSphinx is not installed.",
            "It is an extra: the assistant hears with Vosk, whose model comes along.",
            "Leave --engine out, or type: pip install 'stretch-assistant[pocketsphinx]'",
        ) from error
    return PocketSphinxRecogniser()
