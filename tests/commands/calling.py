"""Commands as they are typed."""

import sys

import pytest

from assistant.commands import command_line


def call(*arguments: str) -> int:
    """Type ``stretch-assistant``; its exit code."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as left:
        patch.setattr(sys, "argv", ["stretch-assistant", *arguments])
        command_line.main()
    assert isinstance(left.value.code, int)
    return left.value.code
