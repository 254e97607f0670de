"""A session that is really killed at random moments and started again, until its routine has come to an end.

Each life is a process of its own with the real files, the diary among them; the person always goes on where it was. In
the end exactly that must have been noted which a session notes that nobody disturbs.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.audio.formats import BLOCK, RATE
from assistant.audio.simulated import SimulatedCard
from assistant.dialogue.facts import Fact, Held, Met, Moved, SetDone
from assistant.dialogue.state.phases import OfferingToGoOn
from assistant.dialogue.state.unfinished import HoldLeft, Unfinished
from assistant.diary.entries import Entry
from assistant.diary.store import Diary
from assistant.home import folders
from assistant.home.settings import Settings
from assistant.keeping.diary_facts import entry_of
from assistant.keeping.diary_keeper import DiaryKeeper, diary_file
from assistant.keeping.journal import Journal, Row
from assistant.keeping.kept_events import KeptEvents
from assistant.keeping.memory import Memory, memory_file, save_remembered
from assistant.keeping.progress import FactNumber, Progress, usual_path
from assistant.loop.builder import assemble
from assistant.loop.library import Library, load_library
from assistant.loop.session_keeper import SessionKeeper, somebody_known
from assistant.loop.speaking import make_synthesiser
from assistant.loop.vocabulary import Vocabulary
from assistant.stage.simulated_session import Cue, SimulatedSession
from scripts.simulation.judge import LOST_AT_MOST_S
from scripts.testbed.answers import GOES_ALONG
from scripts.testbed.product import own_vocabulary

ROUTINE = "start lower back stretch"
"""Movements, holds on both sides and in a row, and a question about the leg."""

ANSWERS = {
    "greeting.welcome": ROUTINE,
    **GOES_ALONG,
    "rating.ask": "four",
    "rating.ask_after": "four",
    "step.say_when_there_again": "ready",
    "unfinished.ask": "yes",
}

_A_MOMENT_S = 0.01
"""Within it, after what was told last, a process is killed: as rows are written, and in between."""

_DONE = {kind.__name__: kind for kind in (Held, Moved, SetDone)}


@dataclass
class Lives:
    """What came of it.

    Attributes:
        kills: Processes killed.
        offers: Lives that began with the offer to go on.
        most_lost_s: Of a hold that was interrupted by a kill, at most.
        rounds: Routines done to their end.
        wrong: What should not have been.
    """

    kills: int = 0
    offers: int = 0
    most_lost_s: float = 0.0
    rounds: int = 0
    wrong: list[str] = field(default_factory=list)


class _Ledger(Memory):
    """The real memory, and beside it all facts with their numbers: what whoever keeps a diary would see."""

    def __init__(self, path: Path, ledger: Path) -> None:
        super().__init__(path)
        self._ledger = ledger
        self._seen = {(row["run"], row["number"]) for row in _rows(ledger)}

    def note(self, fact: Fact, number: FactNumber | None = None) -> None:
        assert number is not None
        if (number.run, number.number) not in self._seen and not isinstance(fact, Met):
            row = {"run": number.run, "number": number.number, "kind": type(fact).__name__, **asdict(fact)}
            with self._ledger.open("ab", buffering=0) as file:
                file.write(json.dumps(row).encode() + b"\n")
        super().note(fact, number)


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class _Obliging:
    """Says what leads on; a journal's sink that answers with text."""

    def __init__(self) -> None:
        self.due: list[Cue] = []
        self.over = False
        self.last: list[str] = []

    def __call__(self, row: Row) -> None:
        if row["kind"] == "said" and not row["cut"]:
            self.last = [*self.last[-7:], row["line"]]
            self.over = self.over or row["line"] == "closing.words"
            if row["line"] in ANSWERS and not self.over:
                self.due.append(Cue(row["t"] + 0.7, ANSWERS[row["line"]]))


def live(library: Library, vocabulary: Vocabulary, home: Path, report: int, stands_at: int | None) -> None:
    """One life: until the routine is over, or the process is killed.

    Args:
        library: The routines.
        vocabulary: What may be said.
        home: The user's folders.
        report: Where what happens is written to, a JSON object a line.
        stands_at: With so many seconds left of a hold it stands still, waiting to be killed.
    """
    os.environ[folders.HOME_VARIABLE] = str(home)
    settings = Settings()
    person = _Obliging()

    def tell(what: dict[str, Any]) -> None:
        os.write(report, json.dumps(what).encode() + b"\n")

    def ticks(row: Row) -> None:
        if row["kind"] == "tick":
            tell({"remaining": row["remaining"]})
            while row["remaining"] == stands_at:
                signal.pause()
        elif row["kind"] == "phase":
            tell({"phase": row["phase"], "step": row["step"], "side": row.get("side"), "round": row.get("round")})

    with make_synthesiser(settings) as voice, KeptEvents(lambda _: None) as kept:
        memory = _Ledger(memory_file(), home / "ledger.jsonl")
        progress = Progress(usual_path())
        diary = DiaryKeeper(diary_file(), lambda sentence: tell({"stuck": sentence}))
        journal = Journal(person, ticks, kept)
        keeper = SessionKeeper(memory, diary, progress)
        parts = assemble(settings, library.routines, voice, journal, keeper, vocabulary=vocabulary)
        conversation = parts.conversation
        session = SimulatedSession(parts, SimulatedCard(), script=person.due)
        session.start()
        left = conversation.session.unfinished
        offered = isinstance(conversation.session.phase, OfferingToGoOn)
        tell({"offered": offered, "left": _hold_left(left) if left else None})
        while not (person.over and not conversation.speaking):
            session.step()
            if conversation.now > 3600:
                tell({"stuck": f"{conversation.session.phase}, {person.last}"})
                break
        tell({"over": True})


def kill_again_and_again(kills: int, home: Path, seed: int = 0) -> Lives:
    """Kill the session so many times, and look after each.

    Args:
        kills: How many.
        home: An empty folder.
        seed: Of the moments.
    """
    chance = random.Random(seed)  # noqa: S311
    library = load_library(Settings())
    vocabulary = own_vocabulary()
    folders.make_private(home)
    plain, lives = home / "plain", Lives()
    expected, whole_life = _undisturbed(library, vocabulary, plain)
    disturbed = home / "disturbed"
    _begin(disturbed)
    before: list[dict[str, Any]] = []
    while True:
        killed_after = chance.randrange(whole_life) if lives.kills < kills else None
        said = _one_life(library, vocabulary, disturbed, killed_after)
        over = any(row.get("over") for row in said)
        lives.kills += not over
        lives.wrong += [f"it hangs in {row['stuck']}" for row in said if "stuck" in row]
        if said:
            _compare(lives, before, said)
            before = [] if over or _closing(said) else said
        if over and killed_after is None:
            break
    _compare_ledger(lives, expected, _noted(disturbed))
    _compare_diary(lives, disturbed)
    return lives


def kill_in_mid_hold(home: Path, remaining: int) -> list[list[Entry]]:
    """Kill a session in its first hold, with so many seconds left of it, and go on with it to its end.

    Args:
        home: An empty folder.
        remaining: Seconds.

    Returns:
        What the diary has of what was done: at the kill, and in the end.
    """
    library = load_library(Settings())
    vocabulary = own_vocabulary()
    folders.make_private(home)
    _begin(home)
    _one_life(library, vocabulary, home, stands_at=remaining)
    killed = _in_the_diary(home)
    said = _one_life(library, vocabulary, home)
    assert any(row.get("over") for row in said), said[-1:]
    return [killed, _in_the_diary(home)]


def _hold_left(left: Unfinished) -> dict[str, Any] | None:
    """What another process has left of a hold, and which; None where it was none."""
    here, moment = left.here, left.moment
    if here is None or not isinstance(moment, HoldLeft):
        return None
    return {"step": here.step + 1, "side": here.side, "round": here.round, "remaining": moment.remaining}


def _closing(said: Sequence[dict[str, Any]]) -> bool:
    place = _place(said)
    return place is not None and place["phase"] == "closing"


def _place(said: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The phase that a life told last."""
    return next((row for row in reversed(said) if "phase" in row), None)


def _greeting(said: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """What a life told first: whether it offers to go on."""
    return next((row for row in said if "offered" in row), None)


def _undisturbed(library: Library, vocabulary: Vocabulary, home: Path) -> tuple[list[dict[str, Any]], int]:
    """What is noted of a life without a kill, and how many rows it tells."""
    _begin(home)
    said = _one_life(library, vocabulary, home)
    assert any(row.get("over") for row in said)
    return _noted(home), len(said)


def _begin(home: Path) -> None:
    os.environ[folders.HOME_VARIABLE] = str(home)
    save_remembered(somebody_known(), memory_file())


def _noted(home: Path) -> list[dict[str, Any]]:
    ignored = ("run", "number")
    return [{k: v for k, v in row.items() if k not in ignored} for row in _rows(home / "ledger.jsonl")]


def _one_life(
    library: Library,
    vocabulary: Vocabulary,
    home: Path,
    killed_after: int | None = None,
    stands_at: int | None = None,
) -> list[dict[str, Any]]:
    """What a life has told.

    It ends by itself, or is killed: after so many rows beyond its greeting and a moment more, as what is told goes at
    the machine's speed; or with so many seconds left of a hold.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            live(library, vocabulary, home, writing, stands_at)
        except BaseException as error:  # noqa: BLE001 - nothing of the parent may run in the child
            os.write(writing, json.dumps({"stuck": repr(error)}).encode() + b"\n")
        finally:
            sys.stdout.flush()
            os._exit(0)
    os.close(writing)
    told = b""
    deadline = None
    moment = random.Random(killed_after).uniform(0.0, _A_MOMENT_S)  # noqa: S311
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        os.set_blocking(pipe.fileno(), False)
        while True:
            part = pipe.read(65536)
            if part:
                told += part
                if killed_after is not None and deadline is None and told.count(b"\n") > killed_after:
                    deadline = time.monotonic() + moment
            elif part == b"":
                break
            stands = stands_at is not None and told.endswith(b'"remaining": %d}\n' % stands_at)
            if stands or (deadline is not None and time.monotonic() >= deadline):
                os.kill(pid, signal.SIGKILL)
                deadline, killed_after, stands_at = None, None, None
            time.sleep(0.001)
    os.waitpid(pid, 0)
    whole = told.rpartition(b"\n")[0]
    return [json.loads(line) for line in whole.splitlines()]


def _done(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["kind"] in _DONE]


def _compare(lives: Lives, before: Sequence[dict[str, Any]], said: Sequence[dict[str, Any]]) -> None:
    """Whether a life begins where the one before was left."""
    first, place = _greeting(said), _place(before)
    if first is None:
        return
    lives.offers += bool(first["offered"])
    last = before[-1] if before else {}
    left = first["left"]
    if "remaining" in last and left is not None and place is not None:
        # The tick of the last whole second that was told, and what the next process knows of.
        lost = left["remaining"] - last["remaining"]
        lives.most_lost_s = max(lives.most_lost_s, lost)
        if abs(lost) > LOST_AT_MOST_S + BLOCK / RATE:
            lives.wrong.append(f"{lost:.2f} s are lost of {left} after {last}")
        if any(left[name] != place[name] for name in ("step", "side", "round")):
            lives.wrong.append(f"offered is {left}, under way was {place}")


def _compare_ledger(lives: Lives, expected: Sequence[dict[str, Any]], noted: Sequence[dict[str, Any]]) -> None:
    """Whether what was noted over all lives is that of whole routines, one after the other."""
    kept, once = _done(noted), _done(expected)
    lives.rounds = max(1, round(len(kept) / len(once)))
    wanted = once * lives.rounds
    if kept != wanted:
        first = next((n for n, pair in enumerate(zip(kept, wanted, strict=False)) if pair[0] != pair[1]), None)
        lives.wrong.append(f"noted {len(kept)} facts of {len(wanted)}; they differ from {first} on")


def _compare_diary(lives: Lives, home: Path) -> None:
    """Whether the diary has all that was done, once."""
    rows = [dict(row) for row in _done(_noted(home))]
    noted = [entry_of(_DONE[row.pop("kind")](**row)) for row in rows]
    wanted = [entry for entry in noted if entry is not None]
    kept = _in_the_diary(home)
    if kept != wanted:
        missing, double = Counter(wanted) - Counter(kept), Counter(kept) - Counter(wanted)
        first = next((n for n, (one, other) in enumerate(zip(kept, wanted, strict=False)) if one != other), None)
        lives.wrong.append(f"missing in the diary {[*missing]}, too much in it {[*double]}; it differs from {first} on")


def _in_the_diary(home: Path) -> list[Entry]:
    """What it has of what was done, without the times."""
    os.environ[folders.HOME_VARIABLE] = str(home)
    with Diary(diary_file()) as diary:
        entries = [entry for session in diary.sessions() for entry in session.entries]
    return [replace(entry, at_s=0.0) for entry in entries if entry.kind in {"held", "moved", "set done"}]


def main(count: int) -> None:
    """So many kills; prints what came of them, and fails where something was lost or doubled."""
    with tempfile.TemporaryDirectory() as folder:
        lives = kill_again_and_again(count, Path(folder) / "home")
    print(f"{lives.kills} kills, {lives.offers} offers to go on, {lives.rounds} routines done to their end")
    print(f"lost of a hold at most: {lives.most_lost_s:.2f} s")
    print(*lives.wrong, sep="\n")
    if lives.wrong:
        raise SystemExit("Something was lost or doubled.")
