"""How far the session is, on disk at every moment: a process that is killed loses a second at the most.

After each event the file says where the routine stands, and which facts the event has brought. It is written before
those facts are handed to whoever remembers them, each with a number that is never used twice. So after a kill in
between they are handed over again, and who has seen their numbers ignores them: nothing is missing, nothing double.

Written with every counted second it would wear out a flash disk if each time were forced onto it. So only steps and
facts are; seconds lie in the system's memory for a moment, which a power cut may take, but no kill of the process.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import BeforeValidator, TypeAdapter, ValidationError

from assistant.dialogue.exercising.going_on import unfinished_of
from assistant.dialogue.facts import Fact
from assistant.dialogue.state.ladder import Rating
from assistant.dialogue.state.phases import Done
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.under_way import StepSoFar
from assistant.dialogue.state.unfinished import HoldLeft, RepsLeft, Unfinished
from assistant.home import folders
from assistant.home.private_file import remove_parts, write_private
from intents.reading import opened

STALE_AFTER = timedelta(hours=12)
"""After so long nobody means to go on in the middle of an exercise."""

SAME_SESSION_WITHIN = timedelta(hours=1)
"""Whoever starts the assistant again so soon is not asked again whether anything is new."""

_LARGEST_BYTES = 64 << 10
_LONGEST_HOLD_S, _MOST_REPS, _MOST_ADDED = 3600.0, 1000, 1000
_FACTS = {kind.__name__: TypeAdapter(kind) for kind in get_args(Fact)}


@dataclass(frozen=True, slots=True)
class FactNumber:
    """What a fact is known by.

    Attributes:
        run: The process that it arose in.
        number: Counted from 1 there.
    """

    run: str
    number: int


def _of_this_version(left: Any) -> Any:
    """Where a routine stood, also as it was written before it had parts: everything side by side."""
    moment = left.get("moment") if isinstance(left, dict) else None
    if not isinstance(moment, str) or "step" not in left:
        return left
    of_moment = {"hold": ("seconds", "remaining"), "reps": ("rep",)}.get(moment)
    here = {name: left.get(name) for name in ("step", "side", "round", "evens")} | {"rounds": left.get("round")}
    return {
        **{name: left[name] for name in ("routine", "steps", "stale") if name in left},
        "here": None if moment == "cautions" else here,
        "so_far": {part.name: left[part.name] for part in fields(StepSoFar) if part.name in left},
        "moment": {name: left.get(name) for name in of_moment} if of_moment else moment.replace("cautions", "before"),
    }


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file says.

    Attributes:
        at: When it was written, in UTC.
        run: The process that wrote it.
        count: How many facts have arisen in it.
        owed: The facts of the last event: handed over perhaps.
        unfinished: Where the routine stood.
        screened: Whether the questions before a routine had been asked.
        left_out: Exercises that are not done for what was said about them.
        ratings: The pain as it was rated in this session.
        milder: Whether exercises begin in their milder form.
        no_leg_pain: Whether the leg doesn't hurt.
        barred_by: The sign for which nothing is begun.
    """

    at: datetime
    run: str
    count: int = 0
    owed: tuple[dict[str, Any], ...] = ()
    unfinished: Annotated[Unfinished | None, BeforeValidator(_of_this_version)] = None
    screened: bool = False
    left_out: tuple[str, ...] = ()
    ratings: tuple[Rating, ...] = ()
    milder: bool = False
    no_leg_pain: bool = False
    barred_by: str | None = None


_ADAPTER = TypeAdapter(Kept)


def usual_path() -> Path:
    """The file in the user's state folder."""
    return folders.state() / "progress.json"


@dataclass
class Progress:
    """Keeps how far the session is. No session fails for want of it.

    Args:
        path: The file; None keeps nothing.
        tell: Called with a sentence for the user where it can't be kept or read.
        now: The time of day, in UTC; it may jump.
    """

    path: Path | None
    tell: Callable[[str], None] = lambda _: None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _kept: Kept | None = field(default=None, init=False)
    _given: int = field(default=0, init=False)
    refused: bool = field(default=False, init=False)
    """Whether the disk has refused the last time."""

    def __post_init__(self) -> None:
        self.run = secrets.token_hex(8)
        self.before = None if self.path is None else self._load(self.path)

    def owed(self) -> list[tuple[FactNumber, Fact]]:
        """The facts that the process before may not have handed over."""
        before = self.before
        if before is None:
            return []
        first = before.count - len(before.owed) + 1
        found = [(FactNumber(before.run, first + i), _fact(owed)) for i, owed in enumerate(before.owed)]
        return [(number, fact) for number, fact in found if fact is not None]

    def taken_up(self, session: Session) -> Session:
        """A new session with what is known from the one before, where that was left in the middle."""
        before = self.before
        if before is None:
            return session
        age = abs(self.now() - before.at)  # a clock that was set back tells no more than that some time has passed
        if age > STALE_AFTER:
            return replace(session, unfinished=before.unfinished and replace(before.unfinished, stale=True))
        user = session.user
        just_now = before.screened and user.health.complete and age <= SAME_SESSION_WITHIN
        user = replace(
            user,
            screened=user.screened or just_now,
            left_out=user.left_out | set(before.left_out),
            ratings=before.ratings,
            milder=before.milder,
            no_leg_pain=user.no_leg_pain or before.no_leg_pain,
            barred_by=user.barred_by or before.barred_by,
        )
        return replace(session, unfinished=before.unfinished, user=user)

    def keep(self, session: Session, now: float, facts: Sequence[Fact]) -> None:
        """Write where a session stands after an event, before its facts are handed over.

        Args:
            session: The session.
            now: Seconds on the sample clock.
            facts: What the event has brought.
        """
        if self.path is None:
            return
        over = isinstance(session.phase, Done)
        last = self._kept
        count = (last.count if last else 0) + len(facts)
        kept = Kept(
            at=last.at if last else self.now(),
            run=self.run,
            count=count,
            owed=tuple({"kind": type(fact).__name__, **asdict(fact)} for fact in facts),
            unfinished=unfinished_of(session, now),
            screened=session.user.screened,
            left_out=() if over else tuple(sorted(session.user.left_out)),
            ratings=() if over else session.user.ratings,
            milder=session.user.milder and not over,
            no_leg_pain=session.user.no_leg_pain and not over,
            barred_by=None if over else session.user.barred_by,
        )
        if last is not None and kept == replace(last, owed=()) and not self.refused:
            return  # nothing new; that the last facts have been handed over by now need not be written
        kept = replace(kept, at=self.now())
        self._write(self.path, kept, durable=bool(facts) or last is None or _place(kept) != _place(last))
        self._kept = kept

    def number(self) -> FactNumber:
        """The number of the next fact that is handed over."""
        self._given += 1
        return FactNumber(self.run, self._given)

    def _write(self, path: Path, kept: Kept, *, durable: bool) -> None:
        try:
            write_private(path, _ADAPTER.dump_json(kept), durable=durable)
        except OSError as error:
            if not self.refused:
                self.tell(f"Where you are can't be kept, in case I am ended: {path}: {error.strerror or error}.")
            self.refused = True
        else:
            self.refused = False

    def _load(self, path: Path) -> Kept | None:
        remove_parts(path)
        try:
            with opened(path) as file:
                content = file.read(_LARGEST_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            self.tell(f"Where you were can't be read: {path}: {error.strerror}.")
            return None
        try:
            return _parsed(content)
        except ValueError:
            self.tell(f"Where you were can't be read: {path} is damaged. I begin anew.")
            return None


def _parsed(content: bytes) -> Kept:
    """What a file says.

    Raises:
        ValueError: It is damaged, or says what can't be.
    """
    if len(content) > _LARGEST_BYTES:
        raise ValueError("too long")
    kept = _ADAPTER.validate_json(content)
    left = kept.unfinished
    if kept.at.tzinfo is None or kept.count < len(kept.owed):
        raise ValueError("no time of day, or more facts than there were")
    if left is not None and not _is_possible(left):
        raise ValueError("no such place in a routine")
    return kept


def _is_possible(left: Unfinished) -> bool:
    match left.moment:
        case HoldLeft(seconds=seconds, remaining=remaining):
            in_time = 0.0 <= remaining <= seconds <= _LONGEST_HOLD_S
        case RepsLeft(rep=rep, seconds=seconds):
            in_time = 1 <= rep <= _MOST_REPS and 0.0 <= seconds <= _LONGEST_HOLD_S
        case _:
            in_time = True
    here, so_far = left.here, left.so_far
    return (
        in_time
        and (here is None or (0 <= here.step < len(left.steps) and 1 <= (here.evens or 1) <= _LONGEST_HOLD_S))
        and max(map(abs, (so_far.extra_seconds, so_far.extra_reps, so_far.extra_pace, so_far.already))) <= _MOST_ADDED
        and all(0 <= amount <= _LONGEST_HOLD_S for _, amount in so_far.given)
    )


def _place(kept: Kept) -> object:
    left = kept.unfinished
    return left and (left.routine, left.here, left.moment if isinstance(left.moment, str) else type(left.moment))


def _fact(owed: dict[str, Any]) -> Fact | None:
    fields = dict(owed)
    adapter = _FACTS.get(str(fields.pop("kind", "")))
    if adapter is None:
        return None  # of another version
    try:
        fact: Fact = adapter.validate_json(json.dumps(fields))
    except ValidationError:
        return None
    return fact
