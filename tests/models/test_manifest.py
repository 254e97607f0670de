from pathlib import Path
from urllib.parse import urlsplit

import pytest

import models
from models import MANIFEST, Model, read_manifest

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
    model = Model("tiny", "vosk", "en-us", "Apache-2.0", "https://models.invalid/tiny.zip", 1000, "0f" * 32)
    assert dict(read_manifest(ENTRY)) == {"tiny": model}


def test_models_keep_their_order_and_can_not_be_altered() -> None:
    read = read_manifest(ENTRY.replace("tiny", "small") + ENTRY)
    assert list(read) == ["small", "tiny"]
    with pytest.raises(TypeError):
        read["tiny"] = read["small"]  # type: ignore[index]


def test_a_manifest_may_be_empty() -> None:
    assert not read_manifest("")


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
        read_manifest(ENTRY.replace(old, new, 1))


def test_a_name_that_comes_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="tiny is listed twice"):
        read_manifest(ENTRY + ENTRY)


def test_the_real_manifest_begins_with_the_small_english_model() -> None:
    small = next(iter(MANIFEST.values()))
    assert (small.name, small.engine, small.language) == ("vosk-model-small-en-us-0.15", "vosk", "en-us")
    assert small.licence == "Apache-2.0"
    assert 30_000_000 < small.size_bytes < 60_000_000


@pytest.mark.parametrize("name", MANIFEST)
def test_each_model_comes_encrypted_and_is_described(name: str) -> None:
    address = urlsplit(MANIFEST[name].url)
    assert address.scheme == "https"
    assert address.path.endswith(f"/{name}.zip")
    assert f"| `{name}` |" in (models.folder() / "README.md").read_text(encoding="utf-8")


def test_the_folder_is_that_of_the_package() -> None:
    assert models.folder() == Path(models.__file__).parent
