"""The real engine in its real process, and what happens when either fails."""

import ctypes
import os
import select
import signal
import subprocess
import sys
import threading
import wave
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import VoiceUnavailable
from assistant.voice.renderer import Renderer

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="uses POSIX signals")
SENTENCE = "Lie on your back and bend both of your knees."


def seconds(renderer: Renderer, text: str = SENTENCE, voice: str = "en-gb", rate: int = 160) -> float:
    sound, samples_a_second = renderer.render(text, voice, rate)
    return len(sound) / samples_a_second


def pid_of(renderer: Renderer) -> int:
    pid = renderer.pid
    assert pid is not None
    return pid


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def module(folder: Path, name: str, source: str) -> None:
    """Put a module in the way of the one that is installed, for this process and the engine's."""
    (folder / f"{name}.py").write_text(source)


def test_a_text_becomes_sound(renderer: Renderer) -> None:
    sound, rate = renderer.render("Hello there.", "en-gb", 160)
    assert sound.dtype == np.float32
    assert 0.5 < len(sound) / rate < 2.0
    assert np.abs(sound).max() > 0.1


def test_fifty_texts_in_a_row_come_from_one_process_each_at_its_own_rate(renderer: Renderer) -> None:
    slow, fast = seconds(renderer, rate=120), seconds(renderer, rate=240)
    assert slow > 1.6 * fast
    pid = renderer.pid
    for number in range(50):
        rate, expected = [(120, slow), (240, fast)][number % 2]
        assert seconds(renderer, rate=rate) == pytest.approx(expected, rel=0.05)
    assert renderer.pid == pid


def test_voices_and_their_variants_differ(renderer: Renderer) -> None:
    sounds = [renderer.render(SENTENCE, voice, 160)[0] for voice in ("en-gb", "en-us", "en-us+f3")]
    for one, other in [(0, 1), (0, 2), (1, 2)]:
        length = min(len(sounds[one]), len(sounds[other]))
        assert abs(np.corrcoef(sounds[one][:length], sounds[other][:length])[0, 1]) < 0.9


@pytest.mark.parametrize(("voice", "offered"), [("dothraki", "en-gb"), ("en-us+f33", "en-us+f3")])
def test_an_unknown_voice_names_some_that_there_are(renderer: Renderer, voice: str, offered: str) -> None:
    renderer.engine()
    pid = renderer.pid
    with pytest.raises(VoiceUnavailable) as caught:
        renderer.render("Hello.", voice, 160)
    assert voice in caught.value.what
    assert offered in caught.value.why
    assert seconds(renderer, "Hello.") > 0.3
    assert renderer.pid == pid


@pytest.mark.parametrize("text", ["…", "?!", "<speak>", "[[h@l'oU]]", "naïve Übung", "x" * 2000, "Wait. " * 200])
def test_odd_texts_do_no_harm(renderer: Renderer, text: str) -> None:
    renderer.engine()
    pid = renderer.pid
    renderer.render(text, "en-gb", 300)
    assert seconds(renderer, "Hello.") > 0.3
    assert renderer.pid == pid


@POSIX
def test_a_process_killed_in_the_middle_of_a_text_is_replaced() -> None:
    renderer = Renderer(render_deadline_s=60.0)
    renderer.engine()
    victim = pid_of(renderer)
    os.kill(victim, signal.SIGSTOP)  # so that the text is surely under way
    answers: list[float] = []
    asking = threading.Thread(target=lambda: answers.append(seconds(renderer)))
    asking.start()
    os.kill(victim, signal.SIGKILL)
    asking.join()
    assert answers[0] > 2.0
    assert renderer.pid != victim
    renderer.close()


@POSIX
def test_a_process_that_hangs_is_replaced_after_the_deadline() -> None:
    renderer = Renderer(render_deadline_s=0.5)
    renderer.engine()
    victim = pid_of(renderer)
    os.kill(victim, signal.SIGSTOP)
    assert seconds(renderer) > 2.0
    assert renderer.pid != victim
    assert not is_running(victim)
    renderer.close()


@POSIX
def test_a_process_that_stops_reading_cannot_block_a_long_request() -> None:
    renderer = Renderer(render_deadline_s=0.5, tries=1)
    renderer.engine()
    os.kill(pid_of(renderer), signal.SIGSTOP)
    with pytest.raises(VoiceUnavailable):
        renderer._insist({"text": "", "voice": "en-gb" * 100_000, "rate": 160})  # more than a pipe holds
    renderer.close()


HANGING_ENGINE = """
import os, time
from types import SimpleNamespace
def save_to_file(text, path):
    with open(os.environ["STARTS"], "a") as file:
        file.write("x")
    while True:
        time.sleep(1)
voice = SimpleNamespace(id="en", name="en", languages=["en-gb"])
driver = SimpleNamespace(getProperty=lambda name: [voice], setProperty=lambda name, value: None)
def init():
    return SimpleNamespace(driver_name="hanging", proxy=SimpleNamespace(_driver=driver, setBusy=lambda busy: None),
                           connect=lambda topic, callback: None, save_to_file=save_to_file)
"""


def test_an_engine_that_always_hangs_is_given_up_and_then_tried_only_once_a_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module(tmp_path, "pyttsx3", HANGING_ENGINE)
    monkeypatch.syspath_prepend(str(tmp_path))
    starts = tmp_path / "starts"
    monkeypatch.setenv("STARTS", str(starts))
    renderer = Renderer(render_deadline_s=0.4, tries=2)
    with pytest.raises(VoiceUnavailable) as caught:
        renderer.render("Hi", "en-gb", 160)
    assert "2 times" in caught.value.why
    assert "within 0.44 s" in caught.value.why
    assert starts.read_text() == "xx"
    with pytest.raises(VoiceUnavailable):
        renderer.render("Hi", "en-gb", 160)
    assert starts.read_text() == "xxx"
    renderer.close()


def test_without_an_engine_it_says_what_to_do_and_does_not_insist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = tmp_path / "starts"
    module(tmp_path, "pyttsx3", f"open({str(starts)!r}, 'a').write('x')\nraise RuntimeError('no eSpeak here')")
    monkeypatch.syspath_prepend(str(tmp_path))
    renderer = Renderer()
    with pytest.raises(VoiceUnavailable) as caught:
        renderer.engine()
    assert "no eSpeak here" in caught.value.why
    assert caught.value.fix.endswith(("libespeak-ng1", "scripts/setup."))
    assert starts.read_text() == "x"
    renderer.close()


def test_nothing_that_the_engine_prints_gets_between_the_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = "import os; print('hello', flush=True); os.system('echo hello'); os.write(1, b'hello')"
    module(tmp_path, "espeakng_loader", f"{noise}\nraise ImportError")
    module(tmp_path, "wave", f"{noise}\n" + Path(wave.__file__).read_text())
    monkeypatch.syspath_prepend(str(tmp_path))
    renderer = Renderer(tries=1)
    try:
        assert seconds(renderer) > 2.0
    except VoiceUnavailable as error:
        if "eSpeak" in error.why:
            pytest.skip("the library of the system is not installed")
        raise
    finally:
        renderer.close()


@pytest.mark.skipif(sys.platform != "linux", reason="espeak-ng is for Linux")
def test_the_library_of_the_system_serves_where_pip_installed_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        ctypes.CDLL("libespeak-ng.so.1")
    except OSError:
        pytest.skip("the library of the system is not installed: apt install libespeak-ng1")
    module(tmp_path, "espeakng_loader", "raise ImportError")
    monkeypatch.syspath_prepend(str(tmp_path))
    renderer = Renderer()
    assert renderer.engine().startswith("espeak-ng ")
    assert seconds(renderer) > 2.0
    renderer.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the bundled library is for Linux")
def test_the_bundled_library_works_in_a_folder_whose_path_is_longer_than_espeak_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loader = pytest.importorskip("espeakng_loader")
    deep = tmp_path / ("d" * 120) / ("e" * 120)
    deep.mkdir(parents=True)
    (deep / "espeakng_loader").symlink_to(Path(loader.__file__).parent)
    monkeypatch.syspath_prepend(str(deep))
    renderer = Renderer()
    assert renderer.engine() == "espeak-ng 1.52.0"
    assert seconds(renderer) > 2.0
    renderer.close()


@POSIX
def test_ctrl_c_does_not_reach_the_engine(renderer: Renderer) -> None:
    renderer.engine()
    pid = pid_of(renderer)
    assert os.getsid(pid) != os.getsid(0)
    os.kill(pid, signal.SIGINT)
    assert seconds(renderer) > 2.0
    assert renderer.pid == pid


def test_closing_leaves_no_process_behind() -> None:
    renderer = Renderer()
    renderer.engine()
    pid = pid_of(renderer)
    renderer.close()
    assert not is_running(pid)
    assert renderer.pid is None
    with pytest.raises(VoiceUnavailable):
        renderer.render("Hello.", "en-gb", 160)


@POSIX
def test_closing_ends_a_wait_for_an_engine_that_hangs() -> None:
    renderer = Renderer(render_deadline_s=600.0)
    renderer.engine()
    os.kill(pid_of(renderer), signal.SIGSTOP)
    errors: list[VoiceUnavailable] = []

    def ask() -> None:
        try:
            renderer.render("Hello.", "en-gb", 160)
        except VoiceUnavailable as error:
            errors.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    renderer.close()
    asking.join()
    assert len(errors) == 1


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for a process that is not a child: Linux")
@pytest.mark.parametrize("text", [None, "word " * 3000], ids=["idle", "at-work"])
def test_the_engine_ends_with_an_assistant_that_is_killed(text: str | None) -> None:
    assistant = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from assistant.voice.renderer import Renderer\n"
            "renderer = Renderer(); renderer.engine(); print(renderer.pid, flush=True)\n"
            f"{text!r} and renderer.render({text!r}, 'en-gb', 160)\n"
            "input()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert assistant.stdout is not None
    engine = os.pidfd_open(int(assistant.stdout.readline()))
    assistant.kill()
    assistant.communicate()
    ended, _, _ = select.select([engine], [], [], 20.0)
    os.close(engine)
    assert ended
