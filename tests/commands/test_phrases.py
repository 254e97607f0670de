"""What may be said, as it stands in the README and on the command line: from the same data as what help teaches."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.commands.phrases import GROUPS, as_markdown
from assistant.dialogue.state.phases import Idle
from assistant.dialogue.state.takes import TAKES
from assistant.voice.wording import Wording
from scripts.testbed.product import own_vocabulary
from tests.commands.calling import call

README = Path(__file__).parents[2] / "README.md"


def test_the_readme_says_what_may_be_said() -> None:
    assert as_markdown() in README.read_text(encoding="utf-8"), "put there what phrases --markdown prints"


def test_every_command_stands_in_one_group() -> None:
    grouped = [intent for _, intents in GROUPS for intent in intents]
    taken = {intent for intents in TAKES.values() for intent in intents}
    assert sorted(grouped) == sorted(taken - {"Help", "OutOfScope"})


def said_by(taught: str) -> list[str]:
    """What somebody says who was taught this, which may be in words about words: "left, or right"."""
    if ", and " in taught or taught == "the number of a routine":
        named = re.sub(r", and the name of a routine$", " the lower back stretch", taught)
        return [re.sub(r"(, and a|the) number( of a routine)?$", " three", named)]
    return re.split(r", or |, ", taught.partition(", for instance ")[2] or taught)


@pytest.mark.parametrize("intent", [intent for _, intents in GROUPS for intent in intents])
def test_what_is_taught_is_understood_where_it_is_for(intent: str) -> None:
    taking = [phase for phase, intents in TAKES.items() if intent in intents and phase is not Idle]
    sentences = own_vocabulary().of_phase(min(taking, key=lambda phase: len(TAKES[phase])))
    for said in said_by(Wording().templates(f"help.{intent}")[0]):
        command = sentences.match(said)
        assert command is not None and command.intent == intent, (said, command)


def test_the_command_prints_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("phrases") == 0
    assert "  stop; pause; resume; goodbye\n" in capsys.readouterr().out
    assert call("phrases", "--markdown") == 0
    assert capsys.readouterr().out == as_markdown() + "\n"
