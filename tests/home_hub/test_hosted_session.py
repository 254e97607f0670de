"""A session on somebody else's speech and hearing: order, counting, silence, and when it is over."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
from hassil.parse_expression import parse_sentence
from hassil.sample import sample_expression

from assistant.dialogue.actions import Chime, ChimeKind, Hush, Say, Tick
from assistant.dialogue.line import Line
from assistant.dialogue.state.phases import GettingUp, Holding, Introducing, Phase, Positioning
from assistant.home import folders
from assistant.home.settings import Settings
from assistant.home_hub import ovos
from assistant.home_hub.ovos.hosted import HostedParts, HostedPerformer, HostedSession, WallClock, get_ready
from assistant.keeping.journal import Journal, Row
from assistant.keeping.only_session import AlreadyRunning
from assistant.loop.builder import begin
from assistant.loop.conversation import Conversation
from assistant.loop.library import load_library
from assistant.loop.session_keeper import guest
from assistant.routines.loading import load_exercises
from assistant.voice.wording import Wording
from scripts.testbed.product import own_vocabulary

LINE, OTHER, COUNT = Line("greeting.welcome"), Line("closing.quiet"), Line("hold.count", (("n", 5),))


class Later(Executor):
    """Its one thread is whoever calls `finish`."""

    def __init__(self) -> None:
        self.calls: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.calls.append((future, lambda: fn(*args, **kwargs)))
        return future

    def finish(self) -> None:
        future, call = self.calls.pop(0)
        future.set_result(call())


class Host:
    """Notes what it is told; its speech is over when `Later` says so."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.sounded = threading.Event()

    def speak(self, text: str) -> None:
        self.done.append(text)

    def sound(self, kind: ChimeKind) -> None:
        self.done.append(f"({kind})")
        self.sounded.set()

    def hush(self) -> None:
        self.done.append("(hush)")


class World:
    """A performer with a clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.host, self.later = Host(), Later()
        self.rows: list[Row] = []
        clock = WallClock(lambda: self.now)
        self.performer = HostedPerformer(
            self.host, Wording(), Journal(self.rows.append), clock, self.later, lambda: None
        )

    def at(self, now: float) -> None:
        self.now = now
        self.performer.advance()


@pytest.fixture
def world() -> World:
    return World()


def test_lines_wait_for_each_other_and_each_is_told_when_it_has_been_said(world: World) -> None:
    world.performer.say(Say(LINE))
    world.performer.say(Say(OTHER))
    world.performer.advance()
    assert len(world.later.calls) == 1
    assert world.performer.collect() == []
    world.later.finish()
    assert [event.line for event in world.performer.collect()] == [LINE]
    world.performer.advance()
    world.later.finish()
    assert [event.line for event in world.performer.collect()] == [OTHER]
    assert not world.performer.busy


def test_counts_and_tones_come_at_their_time_and_no_count_into_a_line(world: World) -> None:
    world.performer.say(Say(COUNT, at=2.0))
    world.performer.tick(Tick(5, at=2.0))
    world.performer.say(Say(COUNT, at=3.0))
    world.performer.chime(Chime("end", at=3.5))
    assert world.performer.next_at == 2.0
    world.at(1.9)
    assert not world.later.calls
    world.at(2.1)
    assert len(world.later.calls) == 1
    world.at(3.2)  # the count before is still being said
    assert len(world.later.calls) == 1
    world.at(3.6)
    world.later.finish()
    assert world.performer.collect() == []
    assert world.host.done == ["(end)", "five"]
    world.performer.say(Say(COUNT, at=9.0))
    world.performer.say(Say(LINE))  # what would be counted into it is dropped
    assert world.performer.next_at is None


def test_hush_cuts_what_is_said_and_forgets_what_waits(world: World) -> None:
    world.performer.say(Say(LINE))
    world.performer.say(Say(OTHER))
    world.performer.chime(Chime("end", at=5.0))
    world.performer.advance()
    world.performer.hush(Hush(scheduled=False))
    assert world.performer.next_at == 5.0
    world.performer.say(Say(OTHER))
    world.performer.advance()
    assert len(world.later.calls) == 1  # the host is still about the first
    world.later.finish()
    assert world.performer.collect() == []
    world.performer.advance()
    world.later.finish()
    assert [event.line for event in world.performer.collect()] == [OTHER]
    world.performer.hush(Hush())
    assert world.performer.next_at is None
    assert world.host.done[0] == "(hush)"
    assert [row["cut"] for row in world.rows if row["kind"] == "said"] == [True, False]


class Hosted:
    """A session in its own thread, its host prompt, its clock a hundred times as fast as the world's."""

    def __init__(self) -> None:
        self.host = Host()
        self.ended: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
        self.phases: queue.SimpleQueue[type[Phase]] = queue.SimpleQueue()
        self.session = HostedSession(self._make, self.ended.put)

    def _make(self, executor: Executor, wake: Callable[[], object]) -> HostedParts:
        clock, journal, keeper = WallClock(), Journal(), guest()
        routines, vocabulary = load_library(Settings()).routines, own_vocabulary()
        performer = HostedPerformer(self.host, Wording(), journal, clock, executor, wake)
        session = begin(Settings(), routines, load_exercises(), keeper)
        conversation = Conversation(session, clock, performer, vocabulary, journal, keeper)
        conversation.observers.append(lambda transition: self.phases.put(type(transition.after.phase)))
        return HostedParts(conversation, performer, clock)

    def until(self, phase: type[Phase]) -> None:
        while self.phases.get(timeout=60) is not phase:
            pass


@pytest.fixture
def hosted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hosted]:
    monkeypatch.setenv(folders.HOME_VARIABLE, str(tmp_path / "home"))
    hosted = Hosted()
    get_ready(own_vocabulary())
    hosted.session.begin()
    yield hosted
    hosted.session.close()


def test_a_question_is_a_session_of_one_sentence(hosted: Hosted) -> None:
    assert hosted.session.ask("which routines are there")
    assert hosted.session.ask("never mind")
    assert hosted.ended.get(timeout=60) is None
    assert "These are the routines." in hosted.host.done
    assert not [text for text in hosted.host.done if text.startswith("Hello")]  # it was asked something


def test_a_session_goes_on_by_itself_and_by_what_is_said_to_its_end(hosted: Hosted) -> None:
    assert hosted.session.ask("start gentle stretch")
    assert not hosted.session.ask("what time is it")
    assert not hosted.session.ask("louder")
    assert not hosted.session.ask("set a timer")
    for words in ("no", "ready"):
        assert hosted.session.ask(words)
    hosted.until(Positioning)
    assert hosted.session.ask("ready")
    hosted.until(Holding)
    assert hosted.host.sounded.wait(60)
    assert hosted.session.ask("stop")
    hosted.until(GettingUp)  # one move at a time
    assert hosted.session.ask("skip")
    assert hosted.ended.get(timeout=60) is None
    assert "(start)" in hosted.host.done


def test_one_session_at_a_time(hosted: Hosted) -> None:
    other = Hosted()
    with pytest.raises(AlreadyRunning):
        other.session.begin()


def test_whatever_breaks_it_the_host_is_told_that_it_is_over(hosted: Hosted) -> None:
    def speak(text: str) -> None:
        raise OSError(text)

    hosted.host.speak = speak  # type: ignore[method-assign]
    assert hosted.session.ask("which routines are there")  # what can't be said counts as said
    assert hosted.session.ask("never mind")
    assert hosted.ended.get(timeout=60) is None


def intents() -> Iterator[tuple[str, str]]:
    for file in sorted((Path(ovos.__file__).parent / "locale" / "en-US").glob("*.intent")):
        for template in file.read_text(encoding="utf-8").splitlines():
            filled = template.replace("{routine}", "lower back")
            for text in sample_expression(parse_sentence(filled).expression):
                yield file.stem, " ".join(text.split())


def test_what_ovos_listens_for_is_understood() -> None:
    sentences = own_vocabulary().of_phase(Introducing)
    meant = {(stem, text): sentences.match(text) for stem, text in intents()}
    assert len(meant) > 50
    assert [text for text, command in meant.items() if command is None] == []
    begins = {command.intent for (stem, _), command in meant.items() if stem == "start" and command}
    asks = {command.intent for (stem, _), command in meant.items() if stem == "ask" and command}
    assert begins == {"StartRoutine", "WhichRoutines"}
    assert asks == {"WhichRoutines", "MyPain", "MyWeek", "LastStretch", "LeftToday"}
