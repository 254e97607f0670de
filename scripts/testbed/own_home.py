"""Measurements keep their hands off the user's folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.home.folders import HOME_VARIABLE


@contextmanager
def own_home(folder: Path) -> Iterator[None]:
    """This takes the place of the user's folders, here and in the processes that are begun meanwhile.

    Args:
        folder: Made where it is first written to.
    """
    before = os.environ.get(HOME_VARIABLE)
    os.environ[HOME_VARIABLE] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[HOME_VARIABLE]
        else:
            os.environ[HOME_VARIABLE] = before
