"""Natural voices: Piper in the engine's process, which voice is meant, and what happens when none can speak."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import VoiceUnavailable
from assistant.voice import natural
from assistant.voice.natural import FALLBACK, chosen, config_of, natural_voices
from assistant.voice.renderer import Renderer
from assistant.voice.settings import VoiceSettings
from assistant.voice.synthesiser import Synthesiser
from tests.needs import needs_natural


@pytest.fixture(scope="module")
def joe() -> str:
    return chosen("auto")


@pytest.fixture
def own(joe: str, tmp_path: Path) -> Path:
    """A voice of the user's own, of which the tests damage what they like."""
    file = tmp_path / "own.onnx"
    file.symlink_to(joe)
    shutil.copy(config_of(Path(joe)), config_of(file))
    return file


@pytest.fixture
def made_anew() -> Iterator[Renderer]:
    renderer = Renderer()
    yield renderer
    renderer.close()


def seconds(renderer: Renderer, text: str, voice: str, rate: int = 150) -> float:
    sound, samples_a_second = renderer.render(text, voice, rate)
    assert np.abs(sound).max() > 0.05
    return len(sound) / samples_a_second


@needs_natural
def test_texts_follow_each_other_slow_and_fast_from_one_process(renderer: Renderer, joe: str) -> None:
    text = "Lie on your back. Bend both of your knees."
    slow, fast = seconds(renderer, text, joe, 110), seconds(renderer, text, joe, 220)
    pid = renderer.pid
    assert 1.7 < slow / fast < 2.4
    assert seconds(renderer, "One.", joe) < 1.0
    assert renderer.pid == pid


@needs_natural
def test_a_count_is_always_the_same_and_a_dash_is_silence(renderer: Renderer, joe: str) -> None:
    one, again = (renderer.render("One.", joe, 150)[0] for _ in range(2))
    assert np.array_equal(one, again)
    assert not renderer.render("–", joe, 150)[0].any()


@needs_natural
def test_the_system_s_voice_takes_over_and_back(renderer: Renderer, joe: str) -> None:
    assert seconds(renderer, "Hello.", joe) > 0.2
    first = renderer.pid
    assert seconds(renderer, "Hello.", FALLBACK) > 0.2
    assert renderer.pid != first
    assert renderer.engine(FALLBACK) != renderer.engine(joe)
    assert seconds(renderer, "Hello.", joe) > 0.2


@needs_natural
def test_a_file_of_one_s_own_speaks(made_anew: Renderer, own: Path) -> None:
    assert seconds(made_anew, "Hello.", str(own)) > 0.2


def _no_file(file: Path) -> None:
    file.unlink()


def _no_config(file: Path) -> None:
    config_of(file).unlink()


def _another_config(file: Path) -> None:
    config_of(file).write_text('{"audio": []}')


def _text(file: Path) -> None:
    file.unlink()
    file.write_text("no voice")


def _half(file: Path) -> None:
    whole = file.read_bytes()
    file.unlink()
    file.write_bytes(whole[: len(whole) // 2])


def _another_network(file: Path) -> None:
    import piper  # noqa: PLC0415 - where it is installed

    file.unlink()
    file.symlink_to(Path(piper.__file__).parent / "tashkeel" / "model.onnx")


@needs_natural
@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (_no_file, "No such file"),
        (_no_config, "own.onnx.json"),
        (_another_config, "own.onnx.json"),
        (_text, "no ONNX file"),
        (_half, "damaged"),
        (_another_network, "no voice of Piper"),
    ],
)
def test_what_is_no_voice_is_refused_with_a_reason_and_the_rest_goes_on(
    renderer: Renderer, joe: str, own: Path, damage: object, told: str
) -> None:
    assert callable(damage)
    damage(own)
    with pytest.raises(VoiceUnavailable) as caught:
        renderer.engine(str(own))
        renderer.render("Hello.", str(own), 150)
    assert "own" in caught.value.what
    assert told in caught.value.why
    assert "voices" in caught.value.fix
    assert seconds(renderer, "Hello.", joe) > 0.2


def test_without_the_extra_the_fallback_speaks_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(natural, "version", missing)
    assert chosen("auto") == FALLBACK
    told: list[VoiceUnavailable] = []
    settings = VoiceSettings(150, str(tmp_path / "own.onnx"))
    with (
        Synthesiser(settings, tmp_path / "clips", tell=told.append) as wanted,
        Synthesiser(replace(settings, voice=FALLBACK)) as fallback,
    ):
        for text in ("One.", "Two."):
            assert np.array_equal(wanted.clip(text).samples, fallback.clip(text).samples)
    (error,) = told
    assert "extra" in error.why
    assert "stretch-assistant[natural]" in error.fix


def test_where_no_voice_at_all_can_speak_it_is_not_said_that_another_one_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pyttsx3.py").write_text("raise ImportError('it is not there')")
    monkeypatch.syspath_prepend(str(tmp_path))
    told: list[VoiceUnavailable] = []
    with (
        Synthesiser(VoiceSettings(150, "nobody"), tell=told.append) as synthesiser,
        pytest.raises(VoiceUnavailable) as caught,
    ):
        synthesiser.clip("One.")
    assert "it is not there" in caught.value.why
    assert told == []


def test_piper_that_does_not_load_is_said_and_the_fallback_speaks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "piper.py").write_text("raise ImportError('no wheel for this processor')")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(natural, "version", lambda name: "1.8.0")
    monkeypatch.setattr("assistant.voice.unavailable.piper_version", lambda: "1.8.0")
    told: list[VoiceUnavailable] = []
    with Synthesiser(VoiceSettings(150, str(tmp_path / "own.onnx")), tell=told.append) as synthesiser:
        assert synthesiser.clip("One.").seconds > 0.2
    (error,) = told
    assert "no wheel for this processor" in error.why


def test_voices_are_found_by_name_speaker_and_path(tmp_path: Path) -> None:
    for name in ("en_GB-alan-low.onnx", "en_US-amy-medium.onnx", "unfinished.onnx"):
        (tmp_path / name).touch()
        if name != "unfinished.onnx":
            config_of(tmp_path / name).touch()
    assert set(natural_voices([tmp_path])) >= {"en_GB-alan-low", "en_US-amy-medium"}
    assert "unfinished" not in natural_voices([tmp_path])
    for wanted in ("alan", "Alan", "en_GB-alan-low", "EN_gb-alan-low"):
        assert chosen(wanted, [tmp_path]) == str(tmp_path / "en_GB-alan-low.onnx")
    assert chosen("en-us+f3", [tmp_path]) == "en-us+f3"
    assert chosen("~/own.onnx") == str(Path("~/own.onnx").expanduser())
