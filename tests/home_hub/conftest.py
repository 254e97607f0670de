"""A real broker for the tests of the house."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.testbed.mosquitto import Mosquitto, missing


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """A broker that anybody on this machine may use; skips where there is none."""
    if reason := missing():
        pytest.skip(reason)
    with Mosquitto(tmp_path) as broker:
        yield broker
