"""What may be said, as it stands in the README and on the command line: from the same data as what help teaches."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.commands.phrases import GROUPS, as_markdown
from assistant.dialogue.state.takes import TAKES
from tests.commands.calling import call

README = Path(__file__).parents[2] / "README.md"


def test_the_readme_says_what_may_be_said() -> None:
    assert as_markdown() in README.read_text(encoding="utf-8"), "put there what phrases --markdown prints"


def test_every_command_stands_in_one_group() -> None:
    grouped = [intent for _, intents in GROUPS for intent in intents]
    taken = {intent for intents in TAKES.values() for intent in intents}
    assert sorted(grouped) == sorted(taken - {"Help", "OutOfScope"})


def test_the_command_prints_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("phrases") == 0
    assert "  stop; pause; resume; goodbye\n" in capsys.readouterr().out
    assert call("phrases", "--markdown") == 0
    assert capsys.readouterr().out == as_markdown() + "\n"
