"""Every script in this folder, one test each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dialogues.script import ScriptFailed, run_script

SCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_dialogue(path: Path) -> None:
    run_script(path)


def test_there_are_enough_of_them() -> None:
    assert len(SCRIPTS) >= 40


def test_a_script_that_does_not_hold_fails_and_says_where(tmp_path: Path) -> None:
    path = tmp_path / "wrong.txt"
    path.write_text("user: start sciatic stretch\nsays: Good night\n", encoding="utf-8")
    with pytest.raises(ScriptFailed, match="line 2"):
        run_script(path)
