"""Choosing the recogniser: one that is not installed is told, and the product does without it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from assistant.errors import EngineMissing
from assistant.hearing.dictionary import cmudict
from assistant.hearing.pronunciation import pronounce
from assistant.loop.engines import load_recogniser


@pytest.fixture(autouse=True)
def without_pocketsphinx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    monkeypatch.delitem(sys.modules, "assistant.hearing.pocketsphinx", raising=False)


def test_pocketsphinx_where_it_is_not_installed_is_told_with_what_to_do() -> None:
    with pytest.raises(EngineMissing) as told:
        load_recogniser("pocketsphinx", None)
    assert "pip install 'stretch-assistant[pocketsphinx]'" in told.value.fix


def test_the_product_hears_and_pronounces_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRETCH_ASSISTANT_HOME", str(tmp_path))
    cmudict.cache_clear()
    assert pronounce("hamstring")[0][:3] == ("HH", "AE", "M")
    recogniser = load_recogniser("auto", None)
    assert recogniser.name.startswith("vosk")
    recogniser.close()


def test_the_dictionary_comes_with_its_licence() -> None:
    assert "Carnegie Mellon" in cmudict().path.with_name("LICENSE").read_text(encoding="utf-8")
