"""What must hold in every session, whatever happens: looked at after every event."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from assistant.audio.formats import RATE
from assistant.audio.mixer import FADE
from assistant.dialogue.events import Event, Heard, SoundLost, SpeechFinished
from assistant.dialogue.exercising.counting import LEAD_S
from assistant.dialogue.exercising.going_on import unfinished_of
from assistant.dialogue.exercising.setting_out import ruled_out
from assistant.dialogue.facts import Fact, Held, Moved
from assistant.dialogue.state.care_phases import Alerting
from assistant.dialogue.state.doses import dose_of
from assistant.dialogue.state.phases import (
    AskingWhetherToStop,
    ChangingSides,
    Closing,
    Confirming,
    ConfirmingDose,
    GettingReady,
    Holding,
    Idle,
    Instructing,
    Introducing,
    Moving,
    OfferingToGoOn,
    Paused,
    Phase,
    Positioning,
    Resting,
)
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.takes import TAKES
from assistant.dialogue.state.unfinished import HoldLeft, Unfinished
from assistant.keeping.journal import Row
from assistant.routines import Hold, Reps

STOPS_WITHIN_S = FADE / RATE + 0.002
"""After the block in which it is obeyed."""

LOST_AT_MOST_S = LEAD_S + 0.15
"""What a kill may lose of a hold: the second that was being counted."""

GOES_ON_WITHIN_S = 3.0

_EXERCISING = (Positioning, Instructing, GettingReady, Holding, Moving, Resting, ChangingSides)
_LEADS_BACK = (Instructing, Paused, Confirming, ConfirmingDose, AskingWhetherToStop)
_CHANGES_LENGTH = {"Longer", "Shorter", "More"}
_MAY_LEAVE_STEP = {
    "Next",
    "PainLevel",
    "Number",
    "LegPain",
    "NoPain",
    "Ready",
    "ChairVersion",
    "UsualForm",
    "Side",
    "Hurts",
    "No",
    "Yes",
}
_MAY_END = _MAY_LEAVE_STEP | {"Stop", "Goodbye", "Symptom", "StartRoutine", "StartOver"}
_SLACK = 1e-6


class ViolatedError(AssertionError):
    """Something that must hold does not."""


class Judge:
    """Watches one process of a session; a journal's sink.

    Args:
        block_s: Seconds in a block.
    """

    def __init__(self, block_s: float) -> None:
        self._block_s = block_s
        self._now = 0.0
        self._spoken: list[Row] = []
        self._stopped_at: float | None = None
        self._tick: Row | None = None
        self._length_changed = False
        self._told: set[tuple[str, str]] = set()
        self._heard_ever: set[str] = set()
        self._interrupted = False
        self.held = 0.0
        self.events = 0
        self.told_lost = 0

    def __call__(self, row: Row) -> None:
        """Look at a row of the journal."""
        kind = row["kind"]
        if kind == "said":
            self._one_voice(row)
            self._silent_after_stop(row)
            if not row["cut"]:
                self._tell(row["line"], row["text"])
        elif kind == "voice-failed":
            self._tell("", row["text"])
        elif kind == "tick":
            self._exact(row)
        elif kind in {"phase", "heard", "lost"}:
            self._tick = None
        if kind == "lost":
            self.told_lost += 1

    def _tell(self, key: str, text: str) -> None:
        self._told.add((key, text))
        self._heard_ever.add(text.lower())

    def _one_voice(self, row: Row) -> None:
        for other in self._spoken:
            overlap = min(row["end"], other["end"]) - max(row["start"], other["start"])
            self._check(overlap <= FADE / RATE + _SLACK, f"two voices: {other['text']!r} and {row['text']!r}")
        self._spoken = [*self._spoken[-4:], row]

    def _silent_after_stop(self, row: Row) -> None:
        if self._stopped_at is not None and row["start"] < self._stopped_at - _SLACK:
            late = row["end"] - self._stopped_at
            self._check(late <= self._block_s + STOPS_WITHIN_S, f"stop was obeyed {late * 1000:.0f} ms late")

    def _exact(self, row: Row) -> None:
        last, self._tick = self._tick, row
        if last is not None and last["remaining"] == row["remaining"] + 1:
            apart = row["t"] - last["t"]
            self._check(abs(apart - 1.0) < 2e-6, f"ticks {apart:.6f} s apart")

    def event(self, event: Event, before: Session, after: Session, now: float, facts: Sequence[Fact]) -> None:
        """Look at an event that has been answered."""
        self.events += 1
        self._pass(before.phase, now)
        if isinstance(event, Heard) and event.command.intent in _CHANGES_LENGTH:
            self._length_changed = True
        if isinstance(event, Heard | SoundLost):
            self._interrupted = True
        self._held_as_planned(before, facts)
        self._stop_works(event, before, after, now)
        self._nothing_ruled_out(after)
        self._nothing_skipped(event, before, after, facts)
        self._told_before_it_begins(event, before, after)
        self._danger_ends_it(after)
        left = unfinished_of(after, now)
        if after.under_way is not None and not (left and isinstance(left.moment, HoldLeft)):
            self.held, self._length_changed = 0.0, False

    def _pass(self, phase: Phase, now: float) -> None:
        if isinstance(phase, Holding):
            self.held += max(0.0, min(now, phase.ends_at) - max(self._now, phase.starts_at))
        self._now = now

    def begin(self, left: Unfinished | None) -> None:
        """A process begins with what another one has left."""
        moment = left.moment if left else None
        self.held = moment.seconds - moment.remaining if isinstance(moment, HoldLeft) else 0.0

    def held_now(self, session: Session, now: float) -> float:
        """What has been held of the hold under way, up to now."""
        phase = session.phase
        if isinstance(phase, Holding):
            return self.held + max(0.0, min(now, phase.ends_at) - max(self._now, phase.starts_at))
        return self.held

    def _held_as_planned(self, before: Session, facts: Sequence[Fact]) -> None:
        for fact in facts:
            if isinstance(fact, Held):
                off = fact.seconds - self.held
                self._check(abs(off) < 1e-3, f"{fact.seconds} s are recorded of a hold of {self.held:.4f} s")
                phase = before.phase
                if fact.whole and isinstance(phase, Holding) and not self._length_changed:
                    dose = dose_of(phase.under_way)
                    wanted = dose.seconds if isinstance(dose, Hold) else -1
                    self._check(abs(fact.seconds - wanted) < 1e-3, f"held {fact.seconds} s, planned {wanted} s")
            elif isinstance(fact, Moved) and fact.whole and isinstance(before.phase, Moving):
                reps = dose_of(before.phase.under_way)
                wanted = reps.count if isinstance(reps, Reps) else -1
                self._check(fact.reps == wanted, f"moved {fact.reps} times, planned {wanted}")

    def _stop_works(self, event: Event, before: Session, after: Session, now: float) -> None:
        phase = after.phase
        taken = "Stop" in TAKES[type(before.phase)]
        if isinstance(event, Heard) and event.command.intent == "Stop" and taken:
            self._check(after.under_way is None and isinstance(phase, Closing), f"stop leads to {phase}")
            self._stopped_at = now
        elif not isinstance(event, Heard):
            pass
        if "Stop" not in TAKES[type(phase)]:
            self._check(isinstance(phase, Idle | Alerting) or type(phase).__name__ == "Done", f"no stop in {phase}")

    def _nothing_ruled_out(self, after: Session) -> None:
        step = after.step
        if isinstance(after.phase, _EXERCISING) and step is not None:
            before_today = replace(
                after, user=replace(after.user, done_today={})
            )  # the limit of a day is looked at on setting out
            self._check(not ruled_out(before_today, step), f"{step.key} was ruled out")

    def _danger_ends_it(self, after: Session) -> None:
        if after.under_way is not None:
            self._check(after.user.barred_by is None, "a routine in spite of a sign of danger")
            self._check(after.user.screened, "a routine before the questions")

    def _nothing_skipped(self, event: Event, before: Session, after: Session, facts: Sequence[Fact]) -> None:
        under_way, coming = before.under_way, after.exercising
        if under_way is None:
            return
        plan, here = under_way.plan, under_way.task if before.exercising else None
        intent = event.command.intent if isinstance(event, Heard) else None
        done = any(isinstance(fact, Held | Moved) and fact.whole for fact in facts)
        if after.under_way is None:
            rest = range((-1 if here is None else here) + 1, len(plan))
            over = done and all(ruled_out(after, under_way.step_of(task)) for task in rest)
            self._check(over or intent in _MAY_END, f"the routine ended in {before.phase} by {event}")
            return
        if here is None or coming is None or plan != coming.plan or coming.task <= here:
            return
        self._check(done or intent in _MAY_LEAVE_STEP, f"from {before.phase} to {after.phase} by {event}")
        skipped = [task for task in range(here + 1, coming.task) if not ruled_out(after, under_way.step_of(task))]
        same_step = intent is not None and all(plan[t].step == plan[here].step for t in skipped)
        self._check(not skipped or same_step, f"tasks {skipped} were skipped by {event}")

    def _told_before_it_begins(self, event: Event, before: Session, after: Session) -> None:
        """Before an exercise begins all that was to be said of it has been said, unless the user went on.

        Its caution may have been heard on an earlier day, or when it was told before; what counts as heard was heard.
        """
        anew = heard_cautions(after) - heard_cautions(before)
        if isinstance(event, SpeechFinished):
            unheard = {caution.lower() for caution in anew} - self._heard_ever
            self._check(not unheard, f"these cautions count as heard, and were not: {sorted(unheard)}")
        if isinstance(after.phase, Instructing) and not isinstance(before.phase, _LEADS_BACK):
            self._told.clear()
            self._interrupted = isinstance(event, SoundLost)
            return
        begins = isinstance(after.phase, Holding | Moving) and isinstance(before.phase, GettingReady)
        resumes = isinstance(before.phase, GettingReady) and (
            before.phase.remaining is not None or before.phase.rep > 1
        )
        if begins and not resumes and not self._interrupted and isinstance(event, SpeechFinished):
            step = after.step
            assert step is not None
            heard = {text.lower() for _, text in self._told}
            told = step.caution.lower() in heard or step.caution in heard_cautions(before) or not heard
            self._check(told, f"{step.key} begins, and its caution was not heard")

    def restarted(self, phase: Phase, left: Unfinished | None, *, stale: bool) -> None:
        """A process has been started after a kill."""
        if left is not None and not stale:
            self._check(isinstance(phase, OfferingToGoOn), f"it does not offer to go on at {left}: {phase}")
        else:
            self._check(isinstance(phase, Introducing), f"it offers to go on, and nothing was left: {phase}")

    def goes_on(self, session: Session, fine_since: float, now: float) -> None:
        """Sound has been there for some time: nothing may still wait for it."""
        if now - fine_since > GOES_ON_WITHIN_S:
            waits = isinstance(session.phase, Paused) and session.phase.for_sound
            self._check(not waits, f"still paused {now - fine_since:.1f} s after sound was back")

    def must(self, holds: bool, what: str) -> None:
        """Something else that must hold."""
        self._check(holds, what)

    def _check(self, holds: bool, what: str) -> None:
        if not holds:
            raise ViolatedError(f"at {self._now:.3f} s: {what}")


def heard_cautions(session: Session) -> frozenset[str]:
    """The words of the cautions that count as heard in the last week."""
    return session.user.practice.cautions_heard


def finite(session: Session) -> bool:
    """Whether no time in it has gone astray."""
    phase = session.phase
    times = [getattr(phase, name, 0.0) or 0.0 for name in ("ends_at", "starts_at", "remaining")]
    return all(math.isfinite(time) for time in (*times, session.waiting.due or 0.0))
