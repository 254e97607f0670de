"""A simulated person: answers what is asked, mostly, and says sensible and senseless things at any time."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from assistant.audio.formats import RATE, Samples, to_int16
from assistant.audio.simulated import Speaker
from assistant.dialogue.state.plan import LETTERS_A_SECOND
from assistant.keeping.journal import Row
from intents.sentences import Sentences
from scripts.simulation.seeds import Plan

NONSENSE = (
    *("bla bla", "what a day", "the cat wants out", "banana", "hm", "nine hundred", "start the car", "stop it cat"),
    *("next week perhaps", "yes and no", "my left right knee", "hold on hold on hold on", "pain pain pain", "rdy"),
)
LEAVES = "goodbye for now"
SOUND_WORDS = ("stop", "pause", "resume", "next", "repeat", "how long left", "ready", "banana bread", "what a day")
_STARTS = ("start sciatic stretch", "start lower back stretch", "start chair stretch", "start bad day stretch")
ANSWERS: dict[str, Sequence[str]] = {
    "side.which": ("left", "right"),
    "side.which_again": ("left", "right"),
    "step.say_when_there": ("ready",),
    "step.say_when_there_again": ("ready",),
    "screening.news": ("no",),
    "screening.cleared": ("yes", "no"),
    "screening.cleared_surgeon": ("yes", "no"),
    "leg.ask": ("higher up", "the same", "further down", "no leg pain"),
    "leg.ask_side": ("higher up", "the same", "further down", "no leg pain"),
    "read_back.yes": ("yes", "yes", "no"),
    "read_back.none": ("yes", "yes", "no"),
    "read_back.higher": ("yes", "higher up", "no"),
    "whether_to_stop.stop": ("carry on", "keep going", "no", "stop", ""),
    "whether_to_stop.hurts": ("carry on", "keep going", "no", "yes", ""),
    "whether_to_stop.symptom": ("carry on", "keep going", "no", "i'm fine", ""),
    "hurts.offer": ("two", "five", "eight", "easier", "skip"),
    "hurts.offer_rest": ("two", "five", "eight", "skip"),
    "hurts.how_bad": ("two", "five", "six", "it hurts a lot"),
    "pain.number_wanted": ("two", "five"),
    "pain.go_on_at_all": ("yes", "yes", "carry on", "no"),
    "silence.all_right": ("i'm fine", "yes"),
    "confirm.start_over": ("yes", "no"),
    "confirm.other": ("yes", "no"),
    "rating.ask": ("three", "seven", "skip", "zero", ""),
    "rating.ask_after": ("two", "nine", "skip", "not sure", ""),
    "unfinished.ask": ("yes", "yes", "yes", "no"),
    "pause.paused": ("resume",),
    "silence.paused": ("resume",),
    "sound.back_paused": ("resume",),
    "choosing.how": ("one", "two", "start sciatic stretch"),
    "caution.intro": ("next", "ready", "", ""),
    "health.change": ("no", "yes"),
    "health.erase": ("no",),
    "greeting.welcome": _STARTS,
    "closing.words": _STARTS,
    "closing.stopped": (*_STARTS, ""),
    "closing.quiet": _STARTS,
    "sound.back": (*_STARTS, "", ""),
    "adapted.nothing_remains": _STARTS,
    "screening.not_yet": _STARTS,
}


class Mouth(Protocol):
    """What a person speaks with: a microphone's source that is told what to say."""

    @property
    def exhausted(self) -> bool:
        """See `MicrophoneSource`."""

    def read(self, frames: int) -> Samples:
        """See `MicrophoneSource`."""

    def say(self, words: str, chance: random.Random) -> float:
        """Begin to say something; tells how long it takes, in seconds."""


class WordMouth:
    """Says words without sound: the last sample of an utterance is its number, for a `WordEar` to look up."""

    exhausted = False

    def __init__(self) -> None:
        self.said: list[tuple[str, float]] = [("", 0.0)]
        self._read = 0
        self._ends: list[tuple[int, int]] = []

    def say(self, words: str, chance: random.Random) -> float:
        """See `Mouth`."""
        lasts = 0.25 + len(words) / LETTERS_A_SECOND * chance.uniform(0.8, 1.3)
        self.said.append((words, lasts))
        self._ends.append((self._read + round(lasts * RATE), len(self.said) - 1))
        return lasts

    def read(self, frames: int) -> Samples:
        """See `MicrophoneSource`."""
        samples = np.zeros(frames, np.int16)
        end = self._read + frames
        for at, number in [each for each in self._ends if each[0] < end]:
            samples[max(0, at - self._read)] = number
        self._ends = [each for each in self._ends if each[0] >= end]
        self._read = end
        return samples


class SoundMouth:
    """Says words with a synthetic voice, in a room that is not silent.

    Args:
        clips: The sound of all that may be said.
        noise: RMS of the room.
        seed: Of the noise.
    """

    exhausted = False

    def __init__(self, clips: dict[str, Samples], noise: float, seed: int) -> None:
        self._clips = clips
        self._speaker = Speaker()
        self._noise = noise
        self._hiss = np.random.default_rng(seed)

    def say(self, words: str, chance: random.Random) -> float:
        """See `Mouth`."""
        clip = self._clips.get(words)
        if clip is None:
            return 0.0
        self._speaker.say(clip, gain=chance.uniform(0.1, 0.5))
        return len(clip) / RATE

    def read(self, frames: int) -> Samples:
        """See `MicrophoneSource`."""
        noisy = self._speaker.read(frames) + self._hiss.normal(0.0, self._noise, frames)
        return to_int16(noisy)


class Person:
    """Decides what is said when; a journal's sink.

    Args:
        plan: How talkative, how obliging.
        mouth: Speaks.
    """

    def __init__(self, plan: Plan, mouth: Mouth) -> None:
        self._plan = plan
        self._mouth = mouth
        self._chance = random.Random(plan.seed + 1)  # noqa: S311
        self._now = 0.0
        self._speaks_until = 0.0
        self._intends: list[tuple[float, str]] = []
        self._unasked_at = self._next_unasked()
        self.leaving = False

    def __call__(self, row: Row) -> None:
        """Notice what the assistant has said."""
        if row["kind"] != "said" or self.leaving or row["cut"]:
            return
        line = row["line"]
        if line.startswith("screening_ask."):
            self._intend("yes" if self._chance.random() < self._plan.answers_yes else "no")
        elif line in ANSWERS and self._chance.random() < self._plan.obliging:
            self._intend(self._chance.choice(ANSWERS[line]))

    def leave(self) -> None:
        """From now on only what ends the session."""
        self.leaving = True
        self._intends = [(self._now + 0.5, "stop"), (self._now + 4.0, "goodbye"), (self._now + 9.0, LEAVES)]
        self._intends += [(self._now + 14.0 + n, LEAVES) for n in range(0, 40, 3)]

    def act(self, now: float, sentences: Sentences) -> None:
        """Say what is to be said now.

        Args:
            now: The world's time.
            sentences: What is taken now; a sensible person knows it.
        """
        self._now = now
        if now < self._speaks_until:
            return
        if self._intends and self._intends[0][0] <= now:
            self._speak(self._intends.pop(0)[1])
        elif now >= self._unasked_at and not self.leaving:
            self._unasked_at = self._next_unasked()
            self._speak(self._unasked(sentences))

    def _speak(self, words: str) -> None:
        if words:
            self._speaks_until = self._now + self._mouth.say(words, self._chance) + 0.1

    def _intend(self, words: str) -> None:
        self._intends.append((self._now + self._chance.uniform(0.2, 2.5), words))
        self._intends.sort()

    def _next_unasked(self) -> float:
        if not self._plan.chatter:
            return math.inf
        return self._now + self._chance.expovariate(self._plan.chatter / 60.0)

    def _unasked(self, sentences: Sentences) -> str:
        draw = self._chance.random()
        if self._plan.sound:
            return self._chance.choice(SOUND_WORDS)
        if draw < 0.12:
            return "stop"
        if draw < 0.25:
            return self._chance.choice(("pause", "resume", "ready", "next", "go back", "it hurts", "repeat"))
        if draw < 0.40:
            return self._chance.choice(NONSENSE)
        if draw < 0.45:
            return ""
        graph = sentences.alone().graph()

        def choose(weights: Sequence[float]) -> int:
            return self._chance.choices(range(len(weights)), weights)[0]

        return " ".join(graph.sample(choose)) if sentences.intents else ""
