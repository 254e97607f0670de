"""Servers for the tests of several rooms, and patience with busy machines."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from scripts.testbed.archives import TINY
from scripts.testbed.model_server import ModelServer
from scripts.testbed.sound_server import SoundServer, missing, sound_server

# A busy machine must not fail a property by being slow.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def soundserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    """The sound server, one for all tests of a worker; skips where it cannot run."""
    if reason := missing():
        pytest.skip(reason)
    with sound_server(tmp_path_factory.mktemp("pulse")) as server:
        yield server


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """A server of the tiny model."""
    with ModelServer(TINY) as running:
        yield running
