"""``stretch-assistant microphone``: whether it will hear you from the floor, and what to change."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from assistant.audio.card import SoundCard
from assistant.audio.files import stream_recording
from assistant.audio.formats import RATE, Samples, silence
from assistant.audio.mixer import Mixer, SoundStarted
from assistant.audio.probe import LONGEST_DELAY_S, MeasuredEcho, find_echo, probe
from assistant.audio.real import RealCard
from assistant.audio.tones import tone
from assistant.errors import MicrophoneUnavailable, SpeakerUnavailable, VoiceUnavailable
from assistant.hearing.listener import Listener, Utterance
from assistant.hearing.microphone import Finding, Grade, judge, judge_echo, judge_latency, measure, worst
from assistant.home.settings import Settings
from assistant.loop.engines import load_recogniser
from assistant.loop.library import load_library
from assistant.loop.speaking import make_synthesiser
from assistant.loop.vocabulary import Vocabulary
from assistant.voice.wording import Wording
from intents.sentences import Sentences

QUIET_S = 3.0
"""How long all are silent: enough to tell hum from talk."""

SPEAK_S = 6.0
"""How long it waits for the sentence."""

AFTER_VOICE_S = 0.6
"""What follows a spoken line is not listened to for so long: the room rings, and the loudspeaker is late."""

LONGEST_RECORDING_S = 120.0

_VERDICTS: dict[Grade, str] = {
    "good": "It will hear you well from there.",
    "fair": "It will hear you from there, but not always.",
    "bad": "It will not hear you well enough from there.",
}
_MARKS: dict[Grade, str] = {"good": "good", "fair": "so-so", "bad": "poor"}


_Arrived: TypeAlias = tuple[Samples, int]  # a block, and the mixer's clock when it came


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """What the microphone brought.

    Attributes:
        said: While the user spoke: int16, 16 kHz.
        quiet: While all were silent; None if there was no such moment.
        echo: How the loudspeaker arrives; None if it doesn't, or was not tried.
        probed: Whether that was tried.
    """

    said: Samples
    quiet: Samples | None = None
    echo: MeasuredEcho | None = None
    probed: bool = False


class Take:
    """Plays and records on a card, guiding the user by voice.

    Args:
        card: The card, not open yet.
        pass_time: Lets a moment pass: the real card's sound flows by itself, the simulated one's has to be driven.
        say: Shows a line and makes its sound; None where there is no voice.
        listening: Called when it begins to listen to the user.
    """

    def __init__(
        self,
        card: SoundCard,
        pass_time: Callable[[], None],
        say: Callable[[str], Samples | None],
        listening: Callable[[], None] = lambda: None,
    ) -> None:
        self._card = card
        self._pass_time = pass_time
        self._say = say
        self._listening = listening
        self._mixer = Mixer()
        self._blocks: list[_Arrived] = []

    def run(self) -> Taken:
        """Have the user be silent, play the short sound, have the user speak.

        Raises:
            MicrophoneUnavailable: There is none, or it went away.
            SpeakerUnavailable: There is none, or it went away.
            SoundLibraryMissing: PortAudio is not installed.
        """
        self._card.open(self._mixer.render, lambda block, _: self._blocks.append((block, self._mixer.clock)))
        try:
            self._speak("microphone.quiet")
            quiet_from = len(self._blocks)
            self._wait(QUIET_S)
            probe_from = len(self._blocks)
            played_at = self._play(probe())
            self._wait(LONGEST_DELAY_S)
            around = self._blocks[quiet_from:]
            echo = find_echo(_joined(around), _place(around, played_at))
            self._speak("microphone.speak")
            self._play(tone("tick"))
            said_from = len(self._blocks)
            self._listening()
            self._wait(SPEAK_S)
        finally:
            self._card.close()
        quiet = _joined(self._blocks[quiet_from:probe_from])
        return Taken(_joined(self._blocks[said_from:]), quiet, echo, probed=True)

    def finish(self, grade: Grade) -> None:
        """Say the verdict.

        Raises:
            AssistantError: As in `run`.
        """
        self._card.open(self._mixer.render, lambda *_: None)
        try:
            sound = self._say(f"microphone.{grade}")
            if sound is not None:
                self._play(sound)
        finally:
            self._card.close()

    def _speak(self, line: str) -> None:
        sound = self._say(line)
        if sound is not None:
            self._play(sound)
        self._wait(AFTER_VOICE_S)

    def _play(self, sound: Samples) -> int:
        """Play to the end; the sample of the mixer's clock at which it began."""
        self._mixer.notices()
        self._mixer.play(sound, "check")
        started: int | None = None
        while started is None or self._mixer.clock < started + len(sound):
            self._let_time_pass()
            began = (notice.sample for notice in self._mixer.notices() if isinstance(notice, SoundStarted))
            started = next(began, started)
        return started

    def _wait(self, seconds: float) -> None:
        until = self._mixer.clock + round(seconds * RATE)
        while self._mixer.clock < until:
            self._let_time_pass()

    def _let_time_pass(self) -> None:
        self._pass_time()
        if self._card.lost == "microphone":
            raise MicrophoneUnavailable(
                "No sound comes from the microphone.", "It was opened, and brings nothing.", _UNPLUGGED
            )
        if self._card.lost:
            raise SpeakerUnavailable("The loudspeaker takes no sound.", "It was opened, and stands still.", _UNPLUGGED)


def _joined(blocks: Sequence[_Arrived]) -> Samples:
    return np.concatenate([silence(0), *(block for block, _ in blocks)])


def _place(blocks: Sequence[_Arrived], played_at: int) -> int:
    """The sample of what was heard at which something was rendered, which the mixer's clock tells."""
    lengths = [len(block) for block, _ in blocks]
    ahead = [clock - end for (_, clock), end in zip(blocks, itertools.accumulate(lengths), strict=True)]
    return min(sum(lengths), max(0, played_at - int(np.median(ahead or [0]))))


_UNPLUGGED = "Plug it in again, or name another one: `stretch-assistant devices` lists what is there."


def check_device(settings: Settings, tell: Callable[[str], None]) -> None:
    """Judge the machine's own microphone and loudspeaker, and tell it.

    Args:
        settings: The user's settings.
        tell: Given each line to show.

    Raises:
        AssistantError: There is no such device, or the recogniser can't be loaded.
    """
    wording = Wording()
    with ExitStack() as stack:
        synthesiser = stack.enter_context(make_synthesiser(settings))

        def say(line: str) -> Samples | None:
            text = wording.text(line, {})
            tell(text)
            try:
                return synthesiser.clip(text).samples
            except VoiceUnavailable:
                return None  # the words are on the screen

        card = RealCard(settings.microphone, settings.loudspeaker)
        take = Take(card, lambda: time.sleep(0.02), say, lambda: tell("Listening …"))
        findings = _tell_about(settings, take.run(), "idle", tell)
        take.finish(worst(findings))


def check_recording(settings: Settings, file: Path, tell: Callable[[str], None]) -> None:
    """Judge a recording of somebody who speaks, and tell it. Of a long one the beginning is enough.

    Args:
        settings: The user's settings.
        file: The recording.
        tell: Given each line to show.

    Raises:
        AssistantError: The recording can't be read, or the recogniser can't be loaded.
    """
    blocks = itertools.islice(stream_recording(file, RATE), round(LONGEST_RECORDING_S))
    _tell_about(settings, Taken(np.concatenate([silence(0), *blocks])), None, tell)


def _tell_about(settings: Settings, taken: Taken, phase: str | None, tell: Callable[[str], None]) -> list[Finding]:
    sentences = Vocabulary(load_library(settings).routines.values()).named(phase)
    findings = find(taken, [] if not taken.said.any() else understood(settings, taken.said, sentences))
    for line in report_lines(findings):
        tell(line)
    return findings


def find(taken: Taken, utterances: Sequence[Utterance]) -> list[Finding]:
    """All findings about what was taken.

    Args:
        taken: What the microphone brought.
        utterances: What the recogniser made of it.
    """
    said = measure(taken.said)
    findings = judge(said, None if taken.quiet is None else measure(taken.quiet))
    if taken.probed:
        findings.append(judge_echo(taken.echo, said))
    if taken.echo is not None:
        findings.append(judge_latency(taken.echo))
    if said.peak_dbfs is not None:
        findings.append(_recognition(utterances))
    return findings


def understood(settings: Settings, said: Samples, sentences: Sentences) -> list[Utterance]:
    """What the recogniser makes of it, once it has got used to the voice: so it will be from the second sentence on.

    Raises:
        AssistantError: The recogniser can't be loaded.
    """
    with closing(load_recogniser(settings.engine, settings.model)) as recogniser:
        listener = Listener(recogniser, sentences, quick=())
        utterances: list[Utterance] = []
        for _ in range(2):
            utterances = [
                utterance
                for block in np.split(np.concatenate([said, silence(1.0)]), range(RATE // 10, len(said), RATE // 10))
                for utterance in listener.accept(block)
            ]
        return [*utterances, *listener.flush()]


def report_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """What the user reads: the verdict, then a line for each finding, and below it what to change."""
    yield ""
    yield _VERDICTS[worst(findings)]
    for found in findings:
        figures = f" ({found.figures})" if found.figures else ""
        yield f"  {_MARKS[found.grade]:5}  {found.words}{figures}"
        if found.advice:
            yield f"         {found.advice}"


def _recognition(utterances: Sequence[Utterance]) -> Finding:
    taken = [utterance.text for utterance in utterances if utterance.command]
    if taken:
        return Finding("good", f"It understood: {', '.join(taken)}.", "")
    heard = [utterance.text for utterance in utterances if utterance.text]
    if heard:
        advice = "Say a whole command in one breath: start sciatic stretch."
        return Finding("fair", f"It heard words, but no command: {', '.join(heard)}.", "", advice)
    return Finding("fair", "It did not understand a word.", "", "Say: start sciatic stretch.")
