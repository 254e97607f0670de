"""Running seeds, one after the other: ``python -m scripts.simulation.run 17`` replays one and shows its course."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.home.settings import Settings
from assistant.loop.library import load_library
from assistant.stage.recorded import DEMO_USER
from assistant.stage.transcript import transcript
from assistant.voice.settings import VoiceSettings
from assistant.voice.synthesiser import Synthesiser
from scripts.simulation.person import ANSWERS, LEAVES, SOUND_WORDS
from scripts.simulation.seeds import plan_of
from scripts.simulation.session import SimulatedPersonSession
from scripts.simulation.surroundings import Outcome, Parts
from scripts.testbed.product import own_vocabulary

MEMORY_DISK = Path("/dev/shm")  # noqa: S108 - a folder in it is made for the user alone
"""Thousands of homes would wear a real disk out, and wait for it."""


class Simulation:
    """What is made once for many seeds.

    Args:
        cache: Where rendered speech and compiled sentences are kept from one run to the next; None keeps none.
    """

    def __init__(self, cache: Path | None = None) -> None:
        settings = Settings()
        library = load_library(settings)
        voices = None if cache is None else cache / "voice"
        self._voice = Synthesiser(VoiceSettings(settings.rate, settings.voice), voices)
        self._person = Synthesiser(DEMO_USER, voices)
        self._parts = Parts(library, own_vocabulary(), self._voice, {}, cache)

    def run(self, seed: int, *, sound: bool | None = None) -> Outcome:
        """Run one seed in a home of its own."""
        plan = plan_of(seed, sound=sound)
        if plan.sound and not self._parts.clips:
            said = {words for answers in ANSWERS.values() for words in answers if words}
            said |= {*SOUND_WORDS, "goodbye", LEAVES}
            self._parts.clips.update({words: self._person.clip(words).samples for words in sorted(said)})
        home = Path(tempfile.mkdtemp(prefix="simulation-", dir=MEMORY_DISK if MEMORY_DISK.is_dir() else None))
        try:
            return SimulatedPersonSession(plan, self._parts, home / "home").run()
        finally:
            shutil.rmtree(home, ignore_errors=True)

    def run_words(self, seed: int) -> Outcome:
        """Run one seed without sound."""
        return self.run(seed, sound=False)

    def close(self) -> None:
        """End the voices."""
        self._voice.close()
        self._person.close()


@contextmanager
def simulation(cache: Path | None = None) -> Iterator[Simulation]:
    """A simulation, ended afterwards."""
    running = Simulation(cache)
    try:
        yield running
    finally:
        running.close()


def told(outcome: Outcome, last: int = 40) -> str:
    """What went wrong with a seed, for people: how to replay it, and its last lines."""
    lines = transcript([row for row in outcome.rows if row["kind"] != "killed"]).splitlines()[-last:]
    replay = f"scripts/bench simulation --seed {outcome.plan.seed}{' --sound' if outcome.plan.sound else ''}"
    faults = [f"  {fault.at:7.2f} s  {fault.kind}, {fault.lasts:g} s" for fault in outcome.plan.faults]
    return "\n".join([f"seed {outcome.plan.seed}: {outcome.violated}", f"replay: {replay}", *faults, *lines])


if __name__ == "__main__":
    with simulation() as running:
        for number in map(int, sys.argv[1:]):
            found = running.run(number)
            print(told(found, 200), found.digest, f"{found.seconds:.0f} s", f"{found.events} events", sep="\n")
