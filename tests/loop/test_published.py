"""What may be known of a session elsewhere is complete at any time, true to the sample, and says nothing of health."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files

import pytest
import yaml

from assistant.audio.simulated import SimulatedCard
from assistant.dialogue.events import DeadlineReached, Event, SoundBack, SoundLost
from assistant.dialogue.state.care_phases import Alerted
from assistant.dialogue.state.phases import Choosing, Holding, Phase, Screening
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.takes import TAKES
from assistant.home.settings import Settings
from assistant.keeping.journal import Journal, Row
from assistant.loop.builder import assemble
from assistant.loop.buttons import Buttons
from assistant.loop.discretion import HEALTH_GROUPS, OPEN_GROUPS, may_show_heard, may_show_line
from assistant.loop.library import load_library
from assistant.loop.observers import Transition
from assistant.loop.published import Published
from assistant.loop.publisher import LONGEST_SAID, Publisher
from assistant.loop.session_keeper import guest
from assistant.loop.typed import Typed
from assistant.stage.simulated_session import Cue, SimulatedSession
from assistant.stage.soundless import SoundlessVoice
from assistant.voice.wording import Wording

ROUTINES = load_library(Settings()).routines

ANSWERS = {
    "greeting.welcome": ("start lower back stretch",),
    "screening.news": ("no",),
    "step.say_when_there": ("ready",),
    "leg.ask": ("further down", "no pain", "no pain"),
    "leg.ask_short": ("no pain",),
    "read_back.none": ("yes",),
}


@dataclass
class Played:
    """A session without sound, with all that was published of it.

    Attributes:
        states: What was published, each with its time and the session's phase.
        rows: The journal's.
    """

    publisher: Publisher
    states: list[tuple[float, Phase, Published]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def in_condition(self, condition: str) -> list[tuple[float, Phase, Published]]:
        return [entry for entry in self.states if entry[2].condition == condition]


def play(answers: Mapping[str, tuple[str, ...]], *timed: Callable[[Row], list[Cue]]) -> Played:
    """A session of somebody who answers each line with these words in turn, the last of them again and again."""
    script: list[Cue] = []
    seen: dict[str, int] = {}
    journal = Journal()
    parts = assemble(Settings(), ROUTINES, SoundlessVoice(), journal, guest())
    conversation = parts.conversation
    put = queue.SimpleQueue[Typed]().put
    publisher = Publisher(conversation.session, parts.performer.text_of, put, lambda: conversation.now)
    played = Played(publisher)

    def answer(row: Row) -> None:
        if row["kind"] == "said" and row["line"] in answers and not row["cut"]:
            words, n = answers[row["line"]], seen.get(row["line"], 0)
            seen[row["line"]] = n + 1
            script.append(Cue(row["t"] + 1.0, words[min(n, len(words) - 1)]))
        for say in timed:
            script.extend(say(row))

    def note(_: object) -> None:
        if not played.states or played.states[-1][2] is not publisher.state:
            played.states.append((conversation.now, conversation.session.phase, publisher.state))

    for sink in (played.rows.append, publisher, answer, note):
        journal.add(sink)
    conversation.observers += [publisher.observe, note]
    SimulatedSession(parts, SimulatedCard(), script=script).run()
    return played


@pytest.fixture(scope="module")
def lower_back() -> Played:
    """A whole routine: with a pause in a set and one in a hold, what is no phrase, and a sign of danger in the end."""

    def at(kind: str, n: int, *said: tuple[float, str], **fields: object) -> Callable[[Row], list[Cue]]:
        left = [n]

        def say(row: Row) -> list[Cue]:
            if row["kind"] == kind and all(row.get(name) == value for name, value in fields.items()):
                left[0] -= 1
                return [Cue(row["t"] + after, words) for after, words in said] if not left[0] else []
            return []

        return say

    return play(
        ANSWERS,
        at("said", 3, (0.5, "pause"), (4.0, "please flurb"), (12.0, "resume"), line="reps.count"),
        at("tick", 1, (0.3, "pause"), (8.0, "resume"), remaining=3),
        at("tick", 1, (0.2, "i have chest pain"), (26.0, "goodbye for now"), remaining=12),
    )


def test_each_hold_ends_on_the_sample_that_was_published(lower_back: Played) -> None:
    holds = {state.countdown for _, phase, state in lower_back.in_condition("holding") if isinstance(phase, Holding)}
    ended = {row["t"] for row in lower_back.rows if row["kind"] == "chime" and row["tone"] == "end"}
    assert len(holds) >= 4
    left_early = [hold for hold in holds if hold is not None and round(hold.ends, 6) not in ended]
    assert len(left_early) == 2, "the one that was paused, and the one that was left for a sign"
    ticks = {
        (round(hold.ends - row["remaining"], 3), row["remaining"])
        for hold in holds
        if hold
        for row in lower_back.rows
        if row["kind"] == "tick"
    }
    told = {(round(row["t"], 3), row["remaining"]) for row in lower_back.rows if row["kind"] == "tick"}
    assert told <= ticks


def test_each_rep_that_is_counted_aloud_is_the_one_that_is_published(lower_back: Played) -> None:
    counted = [row for row in lower_back.rows if row["kind"] == "said" and row["line"] == "reps.count"]
    assert len(counted) >= 8
    for row in counted:
        number = ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"].index(
            row["text"].split(",")[0].title()
        )
        before = [state for at, _, state in lower_back.states if at <= row["start"]][-1]
        assert before.rep_at(row["start"] + 1e-4) == number + 1
        assert before.rep_at(row["start"] - 1e-4) == number
        assert before.rep is not None
        assert before.rep.beats[0].lower() in row["text"].lower()


def test_what_stands_still_tells_how_much_is_left(lower_back: Played) -> None:
    paused = [state for _, _, state in lower_back.in_condition("paused")]
    assert {state.rep.number for state in paused if state.rep} == {3}
    assert all(state.rep.began is None for state in paused if state.rep)
    left = {state.left for state in paused if state.left}
    assert [(round(each.seconds, 1), each.of) for each in left] == [(2.7, 5)]


def test_a_line_is_published_from_its_beginning_to_its_end(lower_back: Played) -> None:
    said = [row for row in lower_back.rows if row["kind"] == "said" and row["line"].startswith(("step.", "caution."))]
    assert len(said) > 10
    for row in said:
        assert any(state.line == row["text"] and state.line_at == row["start"] for _, _, state in lower_back.states)
        after = [state for at, _, state in lower_back.states if at >= row["end"]]
        assert after[0].line != row["text"]
        assert not [at for at, _, state in lower_back.states if row["start"] < at < row["end"] and state.line is None]


def test_the_whole_way_is_told(lower_back: Played) -> None:
    conditions = {state.condition for _, _, state in lower_back.states}
    told = {"idle", "asking", "caution", "getting-ready", "repeating", "paused", "resting", "holding", "alert", "ended"}
    assert conditions == told
    for _, _, state in lower_back.states:
        under_way = state.condition in {"getting-ready", "holding", "repeating", "resting"}
        assert (state.exercise is not None) >= under_way
        assert (state.step is not None) == (state.exercise is not None)
        assert state.phase != "asking-leg"
        assert (state.alert is not None) == (state.condition == "alert")
        assert (state.countdown is not None) == (state.condition in {"holding", "resting"})
        assert (state.rep is None) or state.condition in {"repeating", "getting-ready", "paused", "asking"}
        assert json.loads(json.dumps(state.data(1.5)))["clock"] == 1.5


def test_what_comes_is_the_other_side_then_the_next_exercise(lower_back: Played) -> None:
    seen = {(s.exercise.id, s.side, s.next_side, s.next) for _, _, s in lower_back.states if s.exercise}
    assert ("single-knee-to-chest", "left", "right", "child's pose") in seen
    assert ("single-knee-to-chest", "right", None, "child's pose") in seen
    caution = lower_back.in_condition("caution")[0][2]
    assert (caution.step, caution.next) == (None, "press up")


def test_answers_about_health_are_taken_and_not_shown(lower_back: Played) -> None:
    shown = {state.heard.words for _, _, state in lower_back.states if state.heard}
    assert shown == {None, "start lower back stretch", "ready", "pause", "resume", "goodbye for now"}
    refused = [state.heard for _, _, state in lower_back.states if state.heard and not state.heard.taken]
    assert {(heard.words, heard.why) for heard in refused} == {(None, "Not something I know at this point")}
    published = json.dumps([state.data(0) for _, _, state in lower_back.states if state.condition != "alert"])
    assert "chest pain" not in published


def test_every_group_of_lines_is_told_or_kept_on_purpose() -> None:
    lines = yaml.safe_load((files("intents") / "en" / "lines.yaml").read_text(encoding="utf-8"))
    groups = {group for group in lines if not group.startswith("again_")}
    apart = {
        "button",
        "button_whole",
        "not_taken",
        "listing",
        "microphone",
        "satellite",
        "when",
    }  # parts of lines, and what no session says
    assert groups - apart == OPEN_GROUPS | HEALTH_GROUPS
    assert not OPEN_GROUPS & HEALTH_GROUPS
    kept = ("diary.pain_today", "health.yes_to", "taking_back.ask", "pain.milder", "read_back.none", "activities.rate")
    assert not [key for key in kept if may_show_line(key)]
    told = (
        "rating.ask",
        "hurts.how_bad",
        "leg.ask_side",
        "screening.news_short",
        "alert.emergency",
        "again_pain.missed",
    )
    assert all(may_show_line(key) for key in told)
    assert not may_show_line("a_new_group.ask")


def test_every_intent_is_shown_or_kept_on_purpose() -> None:
    kept = {
        *("Yes", "No", "NotSure", "Number", "Hurts", "Symptom", "PainLevel", "NoPain", "LegPain", "SinceLast"),
        *("RatePain", "RateActivities", "Activity", "TellPhysio", "Prescription", "HealthAnswers", "ForgetHealth"),
        *("HardToRise", "FalseAlarm", "MyWeek", "MyAim", "MyPain", "LeftToday", "LastStretch"),
    }
    taken = {intent for intents in TAKES.values() for intent in intents}
    assert {one for one in taken if not may_show_heard("words", one, object.__new__(Holding))} == kept


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("stop it hurts", "Stop"),
        ("my leg is numb", "Symptom"),
        ("no pain", "NoPain"),
        ("seven", "Number"),
        ("yes", "Yes"),
    ],
)
def test_what_somebody_tells_of_their_pain_is_not_shown(words: str, intent: str) -> None:
    assert not may_show_heard(words, intent, object.__new__(Holding))
    assert not may_show_heard("anything at all", None, object.__new__(Holding))
    assert may_show_heard("please stop", "Stop", object.__new__(Screening))
    assert may_show_heard("two", "Number", Choosing())


def test_what_is_needed_most_in_a_hold_comes_first() -> None:
    in_hold = Buttons(Wording()).of(Session(ROUTINES, phase=object.__new__(Holding)))
    assert [button.label for button in in_hold[:4]] == ["Stop", "Pause", "It hurts", "How long left"]
    assert [button.urgent for button in in_hold[:4]] == [True, True, True, False]


def test_what_is_missing_is_told_and_hides_no_sign_of_danger() -> None:
    publisher, idle = _publisher(), Session(ROUTINES)
    alerted = Session(ROUTINES, phase=Alerted("chest_pain"))

    def after(event: Event, session: Session) -> tuple[str, str | None, str | None]:
        publisher.observe(Transition(event, idle, session, 1.0, ()))
        state = publisher.state
        return state.condition, state.lost, state.alert

    assert after(SoundLost("microphone"), idle) == ("lost", "microphone", None)
    condition, lost, told = after(DeadlineReached(), alerted)
    assert (condition, lost) == ("alert", "microphone")
    assert told == "alert.emergency alert.again"
    assert after(SoundBack(), idle) == ("idle", None, None)


def _publisher(put: Callable[[Typed], object] = lambda _: None) -> Publisher:
    return Publisher(Session(ROUTINES), lambda line: line.key, put, lambda: 0.0)


def test_a_slow_reader_gets_the_latest_state_at_once_and_the_end() -> None:
    publisher = _publisher()
    reader = publisher.subscribe()
    first = reader.next()
    assert first is not None
    assert first.condition == "idle"
    assert reader.next(0.0) is None
    for n in range(1_000):
        publisher({"kind": "saying", "t": float(n), "line": "step.movement", "text": f"line {n}"})
    latest = reader.next(0.0)
    assert latest is not None
    assert latest.line == "line 999"
    assert reader.next(0.0) is None
    publisher.close()
    last = reader.next()
    assert last is not None
    assert (last.condition, reader.over, reader.next()) == ("ended", True, None)


def test_a_waiting_reader_is_woken() -> None:
    publisher = _publisher()
    reader = publisher.subscribe()
    reader.next()
    got: queue.Queue[Published | None] = queue.Queue()
    thread = threading.Thread(target=lambda: got.put(reader.next(30.0)))
    thread.start()
    publisher({"kind": "saying", "t": 1.0, "line": "hold.halfway", "text": "Halfway."})
    state = got.get(timeout=30.0)
    thread.join()
    assert state is not None
    assert state.line == "Halfway."


def test_words_come_in_as_typed_by_itself_and_bounded() -> None:
    put: list[Typed] = []
    publisher = _publisher(put.append)
    for words in ("stop", "  ", "a\nb\x00c", "x" * 5_000):
        publisher.say(words)
    assert put == [Typed("stop", alone=True), Typed("a b c", alone=True), Typed("x" * LONGEST_SAID, alone=True)]
