"""What is remembered comes back; damage is told and set aside, never lost, and never ends a session."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.facts import (
    ActivitiesLeft,
    ActivityRated,
    AimSet,
    CautionHeard,
    Cleared,
    DisclaimerHeard,
    DoseChanged,
    Fact,
    FormTaken,
    HealthAnswer,
    HealthForgotten,
    LeftOut,
    LegAnswer,
    LegSettled,
    Met,
    PainSaid,
    Prescribed,
    RoutineBegun,
    RoutineMade,
    ScreeningComplete,
    SetDone,
    SignNoticed,
    SoreSide,
    VoiceTuned,
    WithinReachHeard,
    WordsChosen,
)
from assistant.dialogue.state.practice import Added
from assistant.dialogue.state.session import VoiceSteps
from assistant.dialogue.state.user import Health
from assistant.home import folders
from assistant.keeping.memory import Memory, load_remembered, save_remembered, usual_memory
from assistant.keeping.remembered import Remembered


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(folders.HOME_VARIABLE, str(tmp_path / "home"))


def test_facts_come_back_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRETCH_ASSISTANT_HOME", str(tmp_path))
    memory = usual_memory()
    memory.note(SoreSide("left"))
    memory.note(DisclaimerHeard())
    assert memory.notice is None
    assert usual_memory().known == Remembered("left", disclaimer_heard=True)


MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def remembering(folder: Path, *facts: Fact) -> Remembered:
    """What is known, through the file, after facts that were noted on Monday."""
    memory = Memory(folder / "remembered.json", today=lambda: MONDAY)
    for fact in facts:
        memory.note(fact)
    assert memory.notice is None
    return load_remembered(folder / "remembered.json")[0]


def test_habit_grows_by_the_day_and_is_gone_after_a_pause() -> None:
    day = MONDAY
    memory = Memory(None, today=lambda: day)
    for _ in range(5):
        for fact in (RoutineBegun("sciatic-nerve"), Met("nerve-glide"), SetDone("nerve-glide"), SetDone("nerve-glide")):
            memory.note(fact)
        day += timedelta(days=1)
    practice = memory.known.user(day).practice
    assert (practice.sessions, practice.away, practice.days_done) == (5, 1, {"nerve-glide": 5})
    assert practice.knows_by_name("nerve-glide")
    assert memory.known.user(day + timedelta(days=6)).practice.in_habit, "a week is no pause"
    later = memory.known.user(day + timedelta(days=7))
    assert not later.practice.in_habit
    assert (later.practice.days_done, later.met) == ({}, frozenset())
    day += timedelta(days=7)
    memory.note(SetDone("nerve-glide"))
    assert memory.known.days_done == {"nerve-glide": 1}


@pytest.mark.parametrize(
    "news", [HealthAnswer("fall", yes=True), SignNoticed("dizziness", None), LegAnswer("press-up", "lower")]
)
def test_a_caution_is_heard_for_a_week_unless_something_changes(news: Fact) -> None:
    memory = Memory(None, today=lambda: MONDAY)
    memory.note(CautionHeard("Mind the gap."))
    assert memory.known.practice(TUESDAY).cautions_heard == {"Mind the gap."}
    assert memory.known.practice(MONDAY + timedelta(days=6)).cautions_heard
    assert not memory.known.practice(MONDAY + timedelta(days=7)).cautions_heard
    memory.note(news)
    assert not memory.known.practice(TUESDAY).cautions_heard


def test_a_clock_that_was_far_ahead_leaves_nothing_out_once_it_is_right() -> None:
    day = MONDAY + timedelta(days=400)
    memory = Memory(None, today=lambda: day)
    facts: tuple[Fact, ...] = (
        *(RoutineBegun("sciatic-nerve"), Met("nerve-glide"), SetDone("nerve-glide")),
        *(LegAnswer("press-up", "lower"), CautionHeard("Mind the gap.")),
    )
    for fact in facts:
        memory.note(fact)
    user = memory.known.user(MONDAY)
    assert not user.practice.cautions_heard
    assert not user.practice.in_habit
    assert (user.met, user.practice.days_done) == (frozenset(), {})
    assert user.health.worse_before == {"press-up"}
    day = MONDAY
    memory.note(CautionHeard("Mind the gap."))
    assert memory.known.practice(MONDAY).cautions_heard == {"Mind the gap."}


def test_a_form_that_goes_well_is_counted_by_the_day_until_it_hurts_or_changes() -> None:
    day = MONDAY
    memory = Memory(None, today=lambda: day)
    for fact in (RoutineBegun("chair"), FormTaken("bridge", "easier"), SetDone("bridge"), SetDone("bridge")):
        memory.note(fact)
    day = TUESDAY
    memory.note(SetDone("bridge"))
    assert memory.known.practice(day).went_well == {"bridge": 2}
    memory.note(PainSaid("bridge", 3, in_leg=False))
    assert memory.known.practice(day).went_well == {"bridge": 2}, "up to three goes on"
    memory.note(PainSaid("bridge", 4, in_leg=False))
    assert memory.known.practice(day).went_well == {}


def test_what_was_stronger_than_usual_is_not_taken_up_after_a_pause() -> None:
    memory = Memory(None, today=lambda: MONDAY)
    for fact in (
        RoutineBegun("chair"),
        FormTaken("bridge", "easier"),
        FormTaken("hamstring", "harder"),
        DoseChanged("chair", "hamstring", 10, 0, 0),
    ):
        memory.note(fact)
    assert memory.known.practice(TUESDAY).forms == {"bridge": "easier", "hamstring": "harder"}
    assert memory.known.practice(TUESDAY).added == {("chair", "hamstring"): Added(seconds=10)}
    later = memory.known.practice(MONDAY + timedelta(days=8))
    assert (later.forms, later.added) == ({"bridge": "easier"}, {})


def test_wishes_come_back_through_the_file(tmp_path: Path) -> None:
    known = remembering(
        tmp_path,
        VoiceTuned(-1, 2),
        WordsChosen("full"),
        AimSet(3),
        RoutineMade("evening routine", (Prescribed("press-up", 8, "reps"),)),
    )
    assert (known.voice_steps, known.wordiness, known.aim) == ((-1, 2), "full", 3)
    assert known.user(TUESDAY).own_routines == {"evening routine": (Prescribed("press-up", 8, "reps"),)}


def test_a_voice_chosen_by_voice_holds_until_another_one_is_set_or_it_is_gone(tmp_path: Path) -> None:
    known = remembering(tmp_path, VoiceTuned(0, 1, "alba", "joe", clear=False))
    assert known.voice_of(["joe", "alba"]) == VoiceSteps(0, 1, "alba", clear=False)
    assert known.voice_of(["joe", "en-gb"]).name is None
    assert known.voice_of(["en-gb", "joe", "alba"]).name is None
    assert known.voice_of([], clear=True) == VoiceSteps(0, 1, None, clear=True)


def test_what_the_leg_did_not_like_is_left_out_for_the_day_and_asked_about_the_next_day_until_it_has_settled(
    tmp_path: Path,
) -> None:
    known = remembering(tmp_path, LegAnswer("press-up", "lower"), LeftOut("press-up"), LegAnswer("on-elbows", "higher"))
    assert known.left_out_today(MONDAY) == {"press-up"}
    assert known.health(MONDAY).worse_before == frozenset()
    assert known.left_out_today(TUESDAY) == frozenset()
    assert known.health(TUESDAY).worse_before == {"press-up"}
    assert remembering(tmp_path, LegSettled("press-up")).health(TUESDAY).worse_before == frozenset()


def test_answers_about_health_come_back_until_they_are_erased_and_a_sign_makes_them_due_again(tmp_path: Path) -> None:
    answers = (HealthAnswer("fall", yes=False), HealthAnswer("surgery", yes=True), Cleared("surgery", yes=True))
    health = remembering(tmp_path, *answers, ScreeningComplete()).health(MONDAY)
    assert health == Health({"fall": False, "surgery": True}, frozenset({"surgery"}), complete=True)
    again = remembering(tmp_path, SignNoticed("dizziness", None)).health(MONDAY)
    assert (again.complete, again.answers) == (False, health.answers)
    assert remembering(tmp_path, HealthForgotten()).health(MONDAY) == Health()


def test_sets_are_counted_by_day_and_the_last_word_of_the_physio_counts(tmp_path: Path) -> None:
    dose = Prescribed("press-up", 10, "reps", 3)
    known = remembering(tmp_path, Prescribed("press-up", 8, "reps"), dose, SetDone("press-up"), SetDone("press-up"))
    assert known.prescribed == (dose,)
    assert known.done_today(MONDAY) == {"press-up": 2}
    assert known.done_today(TUESDAY) == {}


def test_it_is_for_the_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "deep" / "remembered.json"
    assert save_remembered(Remembered("right"), path) is None
    assert path.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in (path.parent, path.parent.parent)} == {0o700}
    assert [file.name for file in path.parent.iterdir()] == ["remembered.json"]


def test_nothing_is_kept_without_a_file() -> None:
    memory = Memory(None)
    memory.note(SoreSide("left"))
    assert memory.known.sore_side == "left"
    assert memory.notice is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"sore_side": "up"}',
        b'{"disclaimer_heard": "yes"}',
        b"\xff\xfe",
        b"[" * 60_000,
        b"0" * 70_000,
    ],
)
def test_a_damaged_file_is_told_and_set_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "remembered.json"
    path.write_bytes(content)
    known, notice = load_remembered(path)
    assert known == Remembered()
    assert notice is not None
    (aside,) = tmp_path.iterdir()
    assert aside.name in notice
    assert aside.read_bytes() == content


def test_keys_of_another_version_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "remembered.json"
    path.write_text('{"sore_side": "left", "favourite": 7}', encoding="utf-8")
    assert load_remembered(path) == (Remembered("left"), None)


def test_where_it_cannot_be_written_it_is_told_and_the_session_goes_on(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way", encoding="utf-8")
    memory = Memory(tmp_path / "data" / "remembered.json")
    memory.note(SoreSide("right"))
    assert memory.known.sore_side == "right"
    assert memory.notice is not None
    assert "can't be" in memory.notice


@given(st.builds(Remembered, st.sampled_from([None, "left", "right"]), st.booleans()))
def test_what_is_saved_is_what_is_loaded(tmp_path_factory: pytest.TempPathFactory, known: Remembered) -> None:
    path = tmp_path_factory.getbasetemp() / "remembered.json"
    assert save_remembered(known, path) is None
    assert load_remembered(path) == (known, None)


def test_what_has_to_be_within_reach_is_said_on_three_days_and_then_weekly(tmp_path: Path) -> None:
    day, due = date(2026, 3, 1), []
    memory = Memory(tmp_path / "remembered.json", lambda: day)
    for number in range(20):
        day = date(2026, 3, 1) + timedelta(days=number)
        if memory.known.user(day).reach_due:
            due.append(number)
            memory.note(WithinReachHeard())
            assert not memory.known.user(day).reach_due, "once a day is enough"
    assert due == [0, 1, 2, 9, 16]
    again = Memory(tmp_path / "remembered.json", lambda: day).known
    assert again.reach_heard == len(due)


def test_what_is_hard_is_asked_for_from_the_second_session_on_and_every_two_weeks(tmp_path: Path) -> None:
    day, asked = date(2026, 3, 1), []
    memory = Memory(tmp_path / "remembered.json", lambda: day)
    for number in range(40):
        day = date(2026, 3, 1) + timedelta(days=number)
        if memory.known.user(day).activities_due:
            asked.append(number)
            chosen = memory.known.activities or ("walking", "socks")
            memory.note(ActivityRated("walking", 4, chosen) if len(asked) != 2 else ActivitiesLeft())
        memory.note(RoutineBegun("bad-day"))
    assert asked == [1, 15, 29]
    again = Memory(tmp_path / "remembered.json", lambda: day).known
    assert again.user(day).activities == ("walking", "socks")
