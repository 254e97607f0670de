"""Satellites by Wyoming's own client: what they are told, what becomes of a session, and what hostile ones can't do."""

from __future__ import annotations

import asyncio
import json
import queue
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import pytest
from wyoming.asr import Transcript
from wyoming.client import AsyncTcpClient
from wyoming.event import Event
from wyoming.handle import Handled, NotHandled
from wyoming.info import Describe, Info
from wyoming.ping import Ping, Pong
from zeroconf import Zeroconf

from assistant.audio.paced import PacedCard
from assistant.commands.wyoming import Desk, Lingering
from assistant.dialogue.events import Started
from assistant.dialogue.state.phases import Done, Screening
from assistant.dialogue.state.session import Session
from assistant.dialogue.state.takes import TAKES
from assistant.errors import AssistantError, MicrophoneUnavailable
from assistant.hearing.front_end.front_end import DeafFrontEnd
from assistant.hearing.listener import Utterance
from assistant.home import folders
from assistant.home.settings import Settings
from assistant.home_hub import wyoming_server
from assistant.home_hub.reception import TEACHES, TELLS, WARNS, Reply
from assistant.home_hub.wyoming_server import MOST_CLIENTS, SERVICE, WyomingServer
from assistant.keeping.journal import Journal
from assistant.loop.builder import assemble
from assistant.loop.library import Library, load_library
from assistant.loop.live import Inbox, LiveSession
from assistant.loop.observers import Transition
from assistant.loop.session_keeper import guest
from assistant.loop.supervised_recogniser import LoadedFrontEnd, SupervisedRecogniser
from assistant.stage.soundless import SoundlessVoice
from scripts.testbed.product import own_vocabulary

IN_ROOM = "It goes on where the assistant has its own microphone. Talk to it there."
UNKNOWN = "I know nothing but stretches, and this I did not understand."
LOOPBACK = "127.0.0.1"


class Room:
    """Where sessions are: without sound, at the pace at which it would be played.

    Attributes:
        error: Why none can be begun, if so.
        seen: The phases that a session has come to.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self.error: AssistantError | None = None
        self.seen: queue.SimpleQueue[type] = queue.SimpleQueue()

    def __call__(self, inbox: Inbox, watch: Lingering) -> bool:
        if self.error is not None:
            raise self.error
        routines, vocabulary = self._library.routines, own_vocabulary()
        keeper = guest(known=False)
        parts = assemble(Settings(), routines, SoundlessVoice(), Journal(), keeper, vocabulary=vocabulary)
        parts.conversation.observers += [watch, lambda transition: self.seen.put(type(transition.after.phase))]
        deaf = SupervisedRecogniser(
            lambda _: LoadedFrontEnd(DeafFrontEnd(), lambda: None), parts.conversation.sentences, inbox.put
        )
        LiveSession(parts, PacedCard(), inbox, deaf, lambda _: None).run()
        return parts.conversation.finished

    def until(self, phase: type) -> None:
        while self.seen.get(timeout=30) is not phase:
            pass


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(Settings())


@pytest.fixture
def room(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setenv(folders.HOME_VARIABLE, str(tmp_path / "home"))
    return Room(library)


@contextmanager
def serving(room: Room, library: Library, *, tell_health: bool = False) -> Iterator[int]:
    desk = Desk(Settings(), library, own_vocabulary(), room, pytest.fail, tell_health=tell_health)
    threading.Thread(target=desk.work, daemon=True).start()
    with WyomingServer(desk.ask, host=LOOPBACK, port=0, announce=False) as server:
        yield server.port


@pytest.fixture
def port(room: Room, library: Library) -> Iterator[int]:
    with serving(room, library) as port:
        yield port


async def exchange(client: AsyncTcpClient, event: Event) -> Event:
    await client.write_event(event)
    answer = await asyncio.wait_for(client.read_event(), 30)
    assert answer is not None
    return answer


def say(port: int, *texts: str) -> list[str]:
    """What a satellite is told to each of these, on a connection each; ``-`` before what was not handled."""

    async def one(text: str) -> str:
        async with AsyncTcpClient(LOOPBACK, port) as client:
            event = await exchange(client, Transcript(text=text, language="en").event())
        if Handled.is_type(event.type):
            return Handled.from_event(event).text or ""
        assert NotHandled.is_type(event.type)
        return f"-{NotHandled.from_event(event).text}"

    async def each() -> list[str]:
        return [await one(text) for text in texts]

    return asyncio.run(each())


def test_it_says_what_it_is_and_that_it_is_there(port: int) -> None:
    async def ask() -> tuple[Info, Pong]:
        async with AsyncTcpClient(LOOPBACK, port) as client:
            info = Info.from_event(await exchange(client, Describe().event()))
            return info, Pong.from_event(await exchange(client, Ping("here").event()))

    info, pong = asyncio.run(ask())
    assert not (info.asr or info.tts or info.wake or info.intent or info.satellite)
    (program,) = info.handle
    assert program.installed
    assert [model.languages for model in program.models] == [["en"]]
    assert pong.text == "here"


def test_what_needs_no_session_begins_none(room: Room, port: int) -> None:
    routines, safe, stop, coffee = say(port, "Which routines?", "is this safe", "stop", "make me a coffee")
    assert "Two: lower back stretch" in routines
    assert "number" not in routines
    assert safe.startswith("I tell you the cautions")
    assert stop == "Very well."
    assert coffee == f"-{UNKNOWN}"
    assert room.seen.empty()


def test_a_session_is_begun_steered_and_ended_from_elsewhere(room: Room, port: int) -> None:
    assert say(port, "start lower back stretch") == [IN_ROOM]
    room.until(Screening)
    assert say(port, "make me a coffee", "how long left") == [f"-{UNKNOWN}"] * 2
    assert say(port, "no", "what can I say") == [IN_ROOM] * 2
    assert say(port, "stop", "goodbye") == ["Very well.", ""]
    room.until(Done)
    assert say(port, "start sciatic stretch") == [IN_ROOM]
    room.until(Screening)
    say(port, "goodbye")
    room.until(Done)


def test_what_to_do_about_a_sign_is_told_wherever_it_was_said(room: Room, port: int) -> None:
    room.error = MicrophoneUnavailable("No microphone can be opened.", "None is there.", "Plug one in.")
    told, refused = say(port, "my chest hurts", "start sciatic stretch")
    assert "Call the emergency number now" in told
    assert refused == "-A session needs a microphone and a loudspeaker of its own. No microphone can be opened."


def test_another_session_that_runs_is_told(room: Room, port: int) -> None:
    room.error = AssistantError("Another session is running already.", "It is process 1.", "Say goodbye to it.")
    assert say(port, "start sciatic stretch") == ["-Another session is running already. It is process 1."]


def test_what_the_diary_says_is_told_to_satellites_only_if_that_is_wanted(room: Room, library: Library) -> None:
    questions = ("how is my pain", "how did I do this week", "when did I last stretch")
    room.error = MicrophoneUnavailable("No microphone can be opened.", "None is there.", "Plug one in.")
    with serving(room, library) as port:
        assert all(answer.startswith("-A session needs") for answer in say(port, *questions))
    with serving(room, library, tell_health=True) as port:
        assert not [answer for answer in say(port, *questions) if answer.startswith("-") or not answer]


def test_words_that_nobody_waits_for_any_more_do_nothing(room: Room, library: Library) -> None:
    desk = Desk(Settings(), library, own_vocabulary(), room, pytest.fail)
    assert desk.ask("start sciatic stretch").cancel()
    asked = desk.ask("which routines")
    threading.Thread(target=desk.work, daemon=True).start()
    assert asked.result(30).handled
    assert room.seen.empty()


def test_what_a_satellite_is_told_is_of_commands_that_there_are() -> None:
    taken = {intent for intents in TAKES.values() for intent in intents}
    assert taken >= TELLS | TEACHES | WARNS


def event_line(**fields: object) -> bytes:
    return json.dumps(fields).encode() + b"\n"


GARBAGE = {
    "bytes": b"\x00\xff\xfe\r\n\n",
    "no event": b"[]\n",
    "no type": b"{}\n",
    "a type that is none": event_line(type=1),
    "another protocol": b"GET / HTTP/1.1\r\nHost: here\r\n\r\n",
    "deep": b"[" * 60_000 + b"\n",
    "an endless line": b"x" * 2_000_000,
    "endless data": event_line(type="transcript", data_length=10**12) + b"x" * 100_000,
    "endless payload": event_line(type="transcript", payload_length=10**12) + b"x" * 100_000,
    "length of words": event_line(type="transcript", data_length="ten"),
    "data that is none": event_line(type="transcript", data_length=2) + b"[]",
    "no words": event_line(type="transcript", data={}),
    "words that are none": event_line(type="transcript", data={"text": ["stop"]}),
    "half an event": event_line(type="transcript", data_length=50) + b"{",
}


@pytest.fixture(scope="module")
def echo() -> Iterator[WyomingServer]:
    """A server that answers with the words; they are told in `asked`, too."""
    with echoing() as server:
        yield server


def echoing() -> WyomingServer:
    """One that is not open yet."""

    def answer(text: str) -> Future[Reply]:
        asked.put(text)
        reply: Future[Reply] = Future()
        reply.set_result(Reply(True, text))
        return reply

    return WyomingServer(answer, host=LOOPBACK, port=0, announce=False)


asked: queue.SimpleQueue[str] = queue.SimpleQueue()


@pytest.mark.parametrize("sent", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_ends_its_own_connection_and_is_no_command(echo: WyomingServer, sent: bytes) -> None:
    with socket.create_connection((LOOPBACK, echo.port), timeout=30) as client:
        try:
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
            while client.recv(1 << 16):
                pass
        except OSError:
            pass  # it was hung up on while it was still sending
    assert say(echo.port, "are you there") == ["are you there"]
    heard = [asked.get() for _ in range(asked.qsize())]
    assert heard == ["are you there"]


def test_a_long_speech_is_cut(echo: WyomingServer) -> None:
    assert len(say(echo.port, "stop " * 5_000)[0]) == wyoming_server.LONGEST_TEXT


def test_several_at_once_are_told_apart_and_nobody_waits_for_who_is_silent() -> None:
    async def ask(port: int) -> tuple[Event, Event]:
        silent = [await asyncio.open_connection(LOOPBACK, port) for _ in range(MOST_CLIENTS - 2)]
        async with AsyncTcpClient(LOOPBACK, port) as one, AsyncTcpClient(LOOPBACK, port) as other:
            first = exchange(one, Transcript("first").event())
            second = exchange(other, Transcript("second").event())
            answers = await asyncio.gather(first, second)
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            assert await asyncio.wait_for(reader.read(), 30) == b""  # one too many
            for _, connection in [*silent, (reader, writer)]:
                connection.close()
        return answers[0], answers[1]

    with echoing() as server:  # of its own: one that has just been hung up on may still count
        answers = asyncio.run(ask(server.port))
    assert [Handled.from_event(event).text for event in answers] == ["first", "second"]


def test_who_is_silent_too_long_is_hung_up_on(echo: WyomingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wyoming_server, "IDLE_S", 0.01)
    with socket.create_connection((LOOPBACK, echo.port), timeout=30) as client:
        assert client.recv(1) == b""


def test_a_port_that_is_taken_is_told(echo: WyomingServer) -> None:
    with (
        pytest.raises(AssistantError, match=f"on port {echo.port}"),
        WyomingServer(lambda _: Future(), host=LOOPBACK, port=echo.port),
    ):
        pass


@pytest.mark.parametrize("host", ["a..b", "x" * 300, "\udcff"])
def test_what_is_no_address_is_told(host: str) -> None:
    with pytest.raises(AssistantError, match="can't be served"), WyomingServer(lambda _: Future(), host=host, port=0):
        pass


def test_it_is_found_by_itself_and_no_longer_when_it_is_gone() -> None:
    with Zeroconf(interfaces=[LOOPBACK]) as looking:
        name = f"stretch-assistant-{socket.gethostname().partition('.')[0]}.{SERVICE}"
        with WyomingServer(lambda _: Future(), host=LOOPBACK, port=0) as server:
            info = looking.get_service_info(SERVICE, name, timeout=20_000)
            assert info is not None
            assert (info.port, info.parsed_addresses()) == (server.port, [LOOPBACK])


def test_a_session_that_nobody_goes_on_with_is_said_goodbye_to(library: Library) -> None:
    inbox: Inbox = queue.SimpleQueue()
    session = Session(library.routines)
    lingering = Lingering(inbox, lingers_s=0.0)
    lingering(Transition(Started(), session, session, 3.0, ()))
    item = inbox.get(timeout=30)
    assert isinstance(item, Utterance)
    assert item.command is not None
    assert item.command.intent == "Goodbye"
