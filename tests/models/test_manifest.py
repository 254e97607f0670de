import hashlib
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import models
from assistant.voice.natural import natural_voices
from models import MODELS, VOICES, Model, Voice, read_manifest

ENTRY = f"""
[[model]]
name = "tiny"
engine = "vosk"
language = "en-us"
licence = "Apache-2.0"
url = "https://models.invalid/tiny.zip"
size_bytes = 1_000
sha256 = "{"0f" * 32}"
"""


def test_an_entry_is_read() -> None:
    model = Model("tiny", "https://models.invalid/tiny.zip", 1000, "0f" * 32, "vosk", "en-us", "Apache-2.0")
    assert dict(read_manifest(ENTRY, Model)) == {"tiny": model}


def test_models_keep_their_order_and_can_not_be_altered() -> None:
    read = read_manifest(ENTRY.replace("tiny", "small") + ENTRY, Model)
    assert list(read) == ["small", "tiny"]
    with pytest.raises(TypeError):
        read["tiny"] = read["small"]  # type: ignore[index]


def test_a_manifest_may_be_empty() -> None:
    assert not read_manifest("", Model)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[[model]]", "[[model]", "Expected"),
        ("[[model]]", "[model.tiny]", "keys"),
        ("[[model]]", "model = 1\n[x]", "keys"),
        ("[[model]]", "model = [1]\n[x]", "keys"),
        ('engine = "vosk"\n', "", "keys"),
        ("engine", "motor", "keys"),
        ('engine = "vosk"', "engine = 1", "keys"),
        ("1_000", '"1000"', "keys"),
        ("1_000", "1000.0", "keys"),
        ("1_000", "true", "keys"),
        ("1_000", "0", "0 bytes"),
        ("1_000", "-1", "-1 bytes"),
        ("0f0f", "0F0F", "SHA-256"),
        ("0f0f", "0f", "SHA-256"),
        ("0f0f", "0f0g", "SHA-256"),
        ('"tiny"', '""', "folder"),
        ('"tiny"', '".."', "folder"),
        ('"tiny"', '"../tiny"', "folder"),
        ('"tiny"', '"/tiny"', "folder"),
        ('"tiny"', '"a\\\\b"', "folder"),
        ('"tiny"', '"tiny\\n"', "folder"),
        ('"tiny"', '".hidden"', "folder"),
        ('"tiny"', f'"{"x" * 101}"', "folder"),
    ],
)
def test_what_can_not_be_is_refused(old: str, new: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_manifest(ENTRY.replace(old, new, 1), Model)


def test_a_name_that_comes_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="tiny is listed twice"):
        read_manifest(ENTRY + ENTRY, Model)


def test_the_real_manifest_begins_with_the_small_english_model() -> None:
    small = next(iter(MODELS.values()))
    assert (small.name, small.engine, small.language) == ("vosk-model-small-en-us-0.15", "vosk", "en-us")
    assert small.licence == "Apache-2.0"
    assert 30_000_000 < small.size_bytes < 60_000_000


@pytest.mark.parametrize("name", MODELS)
def test_each_model_comes_encrypted_and_is_described(name: str) -> None:
    address = urlsplit(MODELS[name].url)
    assert address.scheme == "https"
    assert address.path.endswith(f"/{name}.zip")
    assert f"| `{name}` |" in (models.folder() / "README.md").read_text(encoding="utf-8")


VOICE = f"""
[[voice]]
name = "en_GB-somebody-low"
licence = "CC0-1.0"
url = "https://voices.invalid/en_GB-somebody-low.onnx"
size_bytes = 1_000
sha256 = "{"0f" * 32}"
config_size_bytes = 10
config_sha256 = "{"1e" * 32}"
"""


def test_a_voice_is_two_files_the_one_that_speaks_last() -> None:
    voice = read_manifest(ENTRY + VOICE, Voice)["en_GB-somebody-low"]
    config, model = voice.files()
    assert voice.speaker == "somebody"
    assert (model.name, model.url, model.size_bytes) == ("en_GB-somebody-low.onnx", voice.url, 1000)
    assert (config.name, config.url, config.size_bytes) == (f"{model.name}.json", f"{voice.url}.json", 10)


def test_each_voice_comes_encrypted_under_its_name_and_is_described() -> None:
    described = (models.folder() / "README.md").read_text(encoding="utf-8")
    for name, voice in VOICES.items():
        address = urlsplit(voice.url)
        language, speaker, quality = name.split("-")
        assert address.scheme == "https"
        assert address.path.endswith(f"/{language}/{speaker}/{quality}/{name}.onnx")
        assert f"| `{name}` |" in described
        assert voice.licence in described
    assert len({voice.speaker for voice in VOICES.values()}) == len(VOICES)


def test_the_voice_that_is_installed_has_the_sums_that_the_manifest_states() -> None:
    """The one voice whose files are at hand stands for the list from which all of them were taken."""
    installed = natural_voices()
    if "en_US-joe-medium" not in installed:
        pytest.skip("the extra natural is not installed")
    for listed in VOICES["en_US-joe-medium"].files():
        content = installed["en_US-joe-medium"].with_name(listed.name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (listed.size_bytes, listed.sha256)


def test_the_folder_is_that_of_the_package() -> None:
    assert models.folder() == Path(models.__file__).parent
