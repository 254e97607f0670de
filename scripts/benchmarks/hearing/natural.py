"""The voices that are kept for judging: bare commands, taught words, commands within carriers, and contraries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from assistant.audio.files import read_recording
from assistant.audio.formats import Samples
from scripts.benchmarks.recordings import Item, RecordingSet, one_of
from scripts.train_model.augmentation import convolved
from scripts.train_model.natural.held_out_texts import CARRIED, COMMANDS, CONTRARIES, WORDS
from scripts.train_model.natural.speaking import Clip, read_clips
from scripts.train_model.natural.voices import is_native
from scripts.train_model.rooms import direct_first, image_response

NATIVE, FOREIGN = "our commands, native", "our commands, foreign accents"
TAUGHT, TAUGHT_CLOSED = "taught words, in their phases", "taught words, closed grammar"
WITHIN_CARRIERS, CONTRARY = "taught commands in carriers", "heard as its contrary"

_PART = "natural voices that are kept for judging"
_ROOM = ((5.0, 4.0, 2.5), (1.0, 1.2, 0.3), (3.9, 1.9, 0.05), 0.8)  # somebody who lies 3 m from a phone on the floor


def natural_sets(voices: Path, noises: Sequence[Samples], snr_db: float) -> Iterator[RecordingSet]:
    """All that these voices say, each thing in its phase.

    Args:
        voices: Where the step ``voices --held-out-voices`` wrote; nothing comes of what isn't there.
        noises: That were not trained with.
        snr_db: How far they are below the speech.
    """
    clips: defaultdict[str, list[Clip]] = defaultdict(list)
    for clip in read_clips(voices):
        clips[clip.parts[0]].append(clip)
    for native, name in ((True, NATIVE), (False, FOREIGN)):
        said = [
            (command.phase, _item(clip))
            for command in COMMANDS
            for clip in clips[command.text]
            if is_native(clip.speaker) == native
        ]
        whose = "American and British" if native else "accented"
        for clean in _by_phase(name, said, f"{whose} {_PART}"):
            in_room = [replace(item, sound=partial(_in_room, item.sound)) for item in clean.items]
            yield from (clean, clean.in_noise(noises, snr_db), replace(clean, name=f"{name}, 3 m", items=in_room))
    words = [(phase, _item(clip)) for phase, texts in WORDS.items() for text in texts for clip in clips[text]]
    yield from _by_phase(TAUGHT, words)
    graph = one_of(text for texts in WORDS.values() for text in texts)
    yield RecordingSet(TAUGHT_CLOSED, _PART, graph, [item for _, item in words])
    carried = [(one.phase, _item(clip, means=one.command)) for one in CARRIED for clip in clips[one.said]]
    yield from _by_phase(WITHIN_CARRIERS, carried)
    pairs = [each for pair in CONTRARIES for each in (pair, (pair.phase, pair.other, pair.one))]
    contraries = [(phase, _item(clip, contrary=other)) for phase, one, other in pairs for clip in clips[one]]
    yield from _by_phase(CONTRARY, contraries)


def _by_phase(name: str, said: Iterable[tuple[str, Item]], what: str = _PART) -> Iterator[RecordingSet]:
    items: defaultdict[str, list[Item]] = defaultdict(list)
    for phase, item in said:
        items[phase].append(item)
    for phase, together in items.items():
        yield RecordingSet(name, what, phase, together)


def _item(clip: Clip, means: str | None = None, contrary: str | None = None) -> Item:
    return Item(partial(read_recording, clip.path), clip.parts[0], means=means, contrary=contrary)


def _in_room(sound: Callable[[], Samples]) -> Samples:
    heard = convolved(sound().astype(np.float32), direct_first(image_response(*_ROOM)))
    return (heard * min(1.0, 30_000 / max(1.0, float(np.abs(heard).max())))).astype(np.int16)
