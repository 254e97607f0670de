"""Settings: what is written holds, what is wrong is named with key and line, and nothing else ever comes out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import AssistantError, SettingsInvalid
from assistant.home import folders
from assistant.home.settings import CONFIG_VARIABLE, LARGEST_FILE_BYTES, Settings, settings_file, settings_from
from assistant.voice.settings import FASTEST, SLOWEST, VoiceSettings


def load(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return Settings.load(file)


def test_without_a_file_everything_is_at_its_default() -> None:
    assert not settings_file().exists()
    assert Settings.load() == Settings()


def test_keys_are_taken_with_either_dash(tmp_path: Path) -> None:
    assert load(tmp_path, "ready-after = 20").ready_after_s == 20.0
    assert load(tmp_path, "ready_after = 20").ready_after_s == 20.0
    assert load(tmp_path, 'ready-after = "ask"').ready_after_s is None


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert load(tmp_path, "\N{ZERO WIDTH NO-BREAK SPACE}rate = 170").rate == 170


def test_a_pipe_in_place_of_the_usual_file_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(folders.HOME_VARIABLE, str(tmp_path))
    settings_file().parent.mkdir(parents=True)
    os.mkfifo(settings_file())
    with pytest.raises(SettingsInvalid) as failure:
        Settings.load()
    assert "pipe" in failure.value.why


def test_relative_paths_count_from_the_files_folder(tmp_path: Path) -> None:
    settings = load(tmp_path, 'routines = "mine"\nmodel = "/somewhere/model"')
    assert settings.routines == tmp_path / "mine"
    assert settings.model == Path("/somewhere/model")


@pytest.mark.parametrize(
    ("text", "why", "advice"),
    [
        ("rate = 150\nvolumne = 1.0", "'volumne' in line 2 is not known", "Did you mean 'volume'?"),
        ("rate = 150.0", "'rate' in line 1 is 150.0", "a whole number from 80 to 300"),
        ('rate = "fast"', "'rate' in line 1 is 'fast'", "a whole number from 80 to 300"),
        ("\n\nvolume = 1.5", "'volume' in line 3 is 1.5", "from 0, silent, to 1"),
        ('count = "some"', "'count' in line 1 is 'some'", '"last five"'),
        ("ready-after = 4", "'ready-after' in line 1 is 4", '"ask"'),
        ("ready-after = 9\nready_after = 9", "'ready_after' in line 2 is there twice", "Write it once"),
        ("[voice]\nname = 1", "'voice' in line 1", "the name of a voice"),
        ('routines = ""', "'routines' in line 1", "the path of a folder"),
        ('voice = "a\\u0000b"', "'voice' in line 1", "the name of a voice"),
        ('microphone = "\\u0000"', "'microphone' in line 1", "the number of a device"),
        ("rate = ", "not valid TOML", "Write lines such as"),
        ("day = 2026-13-45", "not valid TOML", "Write lines such as"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, why: str, advice: str) -> None:
    with pytest.raises(SettingsInvalid) as failure:
        load(tmp_path, text)
    assert str(tmp_path / "settings.toml") in failure.value.what
    assert why in failure.value.why
    assert advice in failure.value.fix


def test_a_file_that_was_named_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "none.toml"))
    with pytest.raises(SettingsInvalid, match=r"none\.toml"):
        Settings.load()


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(b"rate = 1\xff")
    with pytest.raises(SettingsInvalid) as failure:
        Settings.load(file)
    assert "UTF-8" in failure.value.why
    file.write_bytes(b"#" * (LARGEST_FILE_BYTES + 1))
    with pytest.raises(SettingsInvalid) as failure:
        Settings.load(file)
    assert "larger" in failure.value.why
    with pytest.raises(SettingsInvalid):
        Settings.load(tmp_path)


def test_options_come_before_the_file_and_are_checked_alike(tmp_path: Path) -> None:
    settings = load(tmp_path, "rate = 170")
    assert settings.with_options(rate=None, volume=0.5) == Settings(rate=170, volume=0.5)
    assert settings.with_options(rate=120).rate == 120
    with pytest.raises(SettingsInvalid) as failure:
        settings.with_options(rate=1_000)
    assert "the command line" in failure.value.what
    assert "'--rate'" in failure.value.why
    assert failure.value.exit_code == 2


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_KEYS = st.sampled_from(list(Settings.__dataclass_fields__)) | st.text(max_size=12)


@given(st.dictionaries(_KEYS, _VALUES, max_size=4))
def test_any_values_give_settings_or_an_error_of_ours(values: dict[str, object]) -> None:
    try:
        settings = settings_from(values, "here")
    except AssistantError as error:
        assert error.what
        assert error.why
        assert error.fix
    else:
        VoiceSettings(settings.rate, settings.voice, settings.volume)  # the voice takes all of it


@pytest.mark.parametrize(
    ("rate", "taken"), [(SLOWEST - 1, False), (SLOWEST, True), (FASTEST, True), (FASTEST + 1, False)]
)
def test_the_rates_that_may_be_set_are_those_that_the_voice_takes(rate: int, taken: bool) -> None:
    if taken:
        assert settings_from({"rate": rate}, "here").rate == rate
    else:
        with pytest.raises(SettingsInvalid):
            settings_from({"rate": rate}, "here")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_file_gives_settings_or_an_error_of_ours(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any-settings.toml"
    file.write_bytes(content)
    try:
        Settings.load(file)
    except AssistantError as error:
        assert "any-settings.toml" in error.what


@pytest.mark.parametrize("number", ["112", "020 7946 0000", "020-7946-0000"])
def test_a_household_number_is_digits(tmp_path: Path, number: str) -> None:
    assert load(tmp_path, f'household-number = "{number}"').household_number == number


@pytest.mark.parametrize("number", ['"+44 20"', '"my son"', '""', '"1"', "112", '"1  12"', '"020 7946 0000 "'])
def test_what_cannot_be_dialled_is_no_household_number(tmp_path: Path, number: str) -> None:
    with pytest.raises(SettingsInvalid) as failure:
        load(tmp_path, f"household-number = {number}")
    assert "a telephone number" in failure.value.fix


def test_defaults_of_the_caller_hold_where_the_file_names_nothing(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("rate = 140\n")
    assert Settings.load(file, voice="auto", rate=200) == Settings(voice="auto", rate=140)
    file.write_text('voice = "en-us"\n')
    assert Settings.load(file, voice="auto").voice == "en-us"
    assert Settings.load(file, voice=None) == Settings(voice="en-us")
