"""Between which voices a user may choose by voice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.home import folders
from assistant.home.settings import Settings
from assistant.loop.speaking import SYSTEM_VOICES, voices_here
from assistant.voice.natural import chosen, config_of, speaker
from tests.needs import needs_natural


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(folders.HOME_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("voice", ["en-gb", "en-us+f3"])
def test_what_is_set_comes_first_and_no_voice_twice(voice: str) -> None:
    here = voices_here(Settings(voice=voice))
    assert here[0] == voice
    assert set(SYSTEM_VOICES) <= set(here)
    assert len(set(here)) == len(here)


@needs_natural
def test_a_natural_voice_goes_by_its_name_also_one_that_was_fetched() -> None:
    joe = Path(chosen("auto"))
    folders.voices().mkdir(parents=True)
    own = folders.voices() / "en_GB-somebody-low.onnx"
    own.symlink_to(joe)
    shutil.copy(config_of(joe), config_of(own))
    assert voices_here(Settings(voice="auto")) == (speaker(joe.stem), "somebody", *SYSTEM_VOICES)
    assert voices_here(Settings(voice=str(own)))[0] == "somebody"
    for name in voices_here(Settings(voice="somebody")):
        assert chosen(name, [folders.voices()]) in {str(joe), str(own), *SYSTEM_VOICES}
