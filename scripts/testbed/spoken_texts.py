"""All that the assistant says which is the same every time."""

from __future__ import annotations

from assistant.loop.builder import texts_to_prepare
from assistant.routines.loading import load_routines, own_routine_files
from assistant.voice.wording import Wording

_PARTS_OF_SENTENCES = "listing."


def spoken_texts() -> list[str]:
    """Lines without slots, and what our routines say for certain with their cautions; each once."""
    wording, (routines, _) = Wording(), load_routines(own_routine_files())
    keys = [key for key in sorted(wording.keys()) if not wording.slots(key) and not key.startswith(_PARTS_OF_SENTENCES)]
    lines = [text for key in keys for text in wording.templates(key)]
    told = [text for routine in routines.values() for text in texts_to_prepare(routine)]
    cautions = [caution.say for routine in routines.values() for caution in routine.cautions]
    return list(dict.fromkeys([*lines, *told, *cautions]))
