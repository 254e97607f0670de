"""What was done when the process was killed is in the diary once, and whole where it was gone on with."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.dialogue.facts import Fact, RoutineBegun, SetDone, SignNoticed
from assistant.dialogue.state.plan import Task
from assistant.dialogue.state.unfinished import HoldLeft, Unfinished
from assistant.diary.entries import Entry
from assistant.keeping.diary_facts import entry_of
from assistant.keeping.diary_keeper import APART_S
from assistant.keeping.progress import FactNumber
from tests.keeping.diary_user import HELD, DiaryUser

BEGUN = RoutineBegun("after-activity")
PART = replace(HELD, seconds=11.0, whole=False)
LEFT = Unfinished("after-activity", ("hamstring",), Task(0, "left", 1, 1), moment=HoldLeft(20.0, remaining=9.0))


def killed_in_mid_hold(user: DiaryUser) -> None:
    keeper = user.keeper()
    keeper.note(BEGUN, 1.0)
    keeper.note_so_far(PART, 30.0)
    keeper.close()
    user.clock += timedelta(minutes=40)


def numbered(*facts: Fact, first: int = 1) -> list[tuple[FactNumber, Fact]]:
    return [(FactNumber("killed", n), fact) for n, fact in enumerate(facts, first)]


def entries(*facts: Fact) -> list[Entry | None]:
    return [entry_of(fact) for fact in facts]


def timeless(user: DiaryUser) -> list[list[Entry]]:
    return [[replace(entry, at_s=0.0) for entry in written] for _, written in user.written()]


def test_a_hold_that_is_gone_on_with_after_a_kill_is_written_once(user: DiaryUser) -> None:
    killed_in_mid_hold(user)
    keeper = user.keeper()
    keeper.take_up(LEFT, [])
    keeper.note_so_far(replace(PART, seconds=15.0), 20.0)
    keeper.note(HELD, 25.0)
    keeper.note(SetDone("hamstring"), 25.0)
    keeper.close()
    assert timeless(user) == [entries(BEGUN, HELD, SetDone("hamstring"))]
    (_, written), *_ = user.written()
    assert [entry.at_s for entry in written] == sorted(entry.at_s for entry in written)


def test_a_hold_that_ended_as_the_process_was_killed_is_written_once(user: DiaryUser) -> None:
    killed_in_mid_hold(user)
    keeper = user.keeper()
    keeper.take_up(replace(LEFT, moment="before"), numbered(HELD, SetDone("hamstring"), first=2))
    keeper.close()
    assert timeless(user) == [entries(BEGUN, HELD, SetDone("hamstring"))]


def test_of_two_rounds_the_second_that_ended_as_the_process_was_killed_is_written_whole(user: DiaryUser) -> None:
    keeper = user.keeper()
    for number, fact in numbered(BEGUN, HELD):
        keeper.note(fact, 30.0, number)
    keeper.note_so_far(PART, 60.0)
    keeper.close()
    again = user.keeper()
    again.take_up(replace(LEFT, moment="before"), numbered(HELD, first=3))
    again.close()
    assert timeless(user) == [entries(BEGUN, HELD, HELD)]


def test_what_was_held_before_it_was_begun_anew_stays(user: DiaryUser) -> None:
    keeper = user.keeper()
    for fact in (BEGUN, PART):  # "repeat", and killed before a second of it was counted
        keeper.note(fact, 30.0)
    keeper.close()
    again = user.keeper()
    again.take_up(replace(LEFT, moment=HoldLeft(20.0, remaining=19.6)), [])
    again.note(HELD, 20.0)
    again.close()
    assert timeless(user) == [entries(BEGUN, PART, HELD)]


def test_what_was_left_yesterday_stays_there_and_today_is_another_session(user: DiaryUser) -> None:
    killed_in_mid_hold(user)
    keeper = user.keeper()
    keeper.take_up(replace(LEFT, stale=True), [])
    keeper.note(PART, 2.0)
    keeper.note(BEGUN, 60.0)
    keeper.close()
    assert timeless(user) == [entries(BEGUN, PART), entries(BEGUN)]


@pytest.mark.parametrize("written_before_the_kill", [1, 2, 3])
def test_what_the_killed_process_owed_is_neither_missing_nor_double(
    user: DiaryUser, written_before_the_kill: int
) -> None:
    keeper = user.keeper()
    owed: list[Fact] = [HELD, SetDone("hamstring")]
    for number, fact in numbered(BEGUN, *owed)[:written_before_the_kill]:
        keeper.note(fact, 40.0, number)
    keeper.close()
    again = user.keeper()
    again.take_up(replace(LEFT, moment="before"), numbered(*owed, first=2))
    again.close()
    assert timeless(user) == [entries(BEGUN, *owed)]


@pytest.mark.parametrize("written_before_the_kill", [True, False])
def test_what_is_owed_may_be_the_same_as_what_came_before_it(user: DiaryUser, written_before_the_kill: bool) -> None:
    keeper = user.keeper()
    sign = SignNoticed("both_legs", None)
    facts = numbered(sign, sign)
    for number, fact in facts if written_before_the_kill else facts[:1]:
        keeper.note(fact, 40.0, number)
    keeper.close()
    again = user.keeper()
    again.take_up(None, facts[1:])
    again.close()
    assert timeless(user) == [entries(sign, sign)]


def test_the_session_that_was_written_last_is_gone_on_with_though_the_clock_was_set_back(user: DiaryUser) -> None:
    keeper = user.keeper()
    keeper.note(HELD, 0.0)
    user.clock -= timedelta(days=3)
    facts = numbered(BEGUN, SetDone("hamstring"))
    keeper.note(facts[0][1], 2 * APART_S, facts[0][0])
    keeper.close()
    again = user.keeper()
    again.take_up(LEFT, facts)
    again.close()
    assert timeless(user) == [entries(*(fact for _, fact in facts)), entries(HELD)]


def test_what_was_owed_of_the_very_first_session_is_written(user: DiaryUser) -> None:
    keeper = user.keeper()
    keeper.take_up(LEFT, numbered(BEGUN))
    keeper.note(HELD, 1.0)
    keeper.close()
    assert timeless(user) == [entries(BEGUN, HELD)]


def test_what_was_owed_is_written_though_the_same_was_done_before(user: DiaryUser) -> None:
    keeper = user.keeper()
    for number, fact in numbered(BEGUN, HELD):
        keeper.note(fact, 40.0, number)
    keeper.close()
    again = user.keeper()
    again.take_up(replace(LEFT, moment="before"), numbered(BEGUN, first=3))
    again.close()
    assert timeless(user) == [entries(BEGUN, HELD, BEGUN)]
