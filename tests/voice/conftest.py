from collections.abc import Iterator

import pytest

from assistant.voice.renderer import Renderer


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    """The real engine, shared by the tests of a module that do it no harm."""
    renderer = Renderer()
    yield renderer
    renderer.close()
