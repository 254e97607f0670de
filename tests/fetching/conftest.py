from collections.abc import Iterator

import pytest

from tests.fetching.archives import TINY
from tests.fetching.model_server import ModelServer


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """A server of the tiny model."""
    with ModelServer(TINY) as running:
        yield running
