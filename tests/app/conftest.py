from collections.abc import Iterator

import pytest

from tests.app.archives import TINY
from tests.app.model_server import ModelServer


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """A server of the tiny model."""
    with ModelServer(TINY) as running:
        yield running
