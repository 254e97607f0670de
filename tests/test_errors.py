"""Errors survive the way from a worker's process to the one that shows them."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from assistant.errors import AssistantError, ModelCorrupt, RoutineInvalid, UsageError

ERRORS = (
    UsageError("There is no such routine.", "Its name is unknown.", "Say which routines."),
    ModelCorrupt("The model can't be used.", "A file is damaged.", "Install it anew."),
    RoutineInvalid(Path("back.yaml"), "steps", 3, "It has none.", "Add one."),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_is_the_same_in_another_process(error: AssistantError) -> None:
    restored = pickle.loads(pickle.dumps(error))
    assert type(restored) is type(error)
    assert restored.lines() == error.lines()
    assert str(restored) == str(error)
    assert restored.exit_code == error.exit_code
