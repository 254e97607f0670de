"""What the settings' tables have in common: types of values that are checked on reading."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field


def _usable(path: Path) -> Path:
    if "\0" in str(path) or path == Path():
        raise ValueError("no path")
    return Path(os.path.expanduser(path))  # noqa: PTH111 - Path.expanduser raises where there is no such user


_LINE = r"^[^\x00-\x1f]*[^\x00-\x1f\s][^\x00-\x1f]*$"
Text = Annotated[str, Field(strict=True, min_length=1, max_length=200, pattern=_LINE)]
"""Text on one line."""

NamedPath = Annotated[Path, AfterValidator(_usable)] | None
"""The path of a file or folder; ``~`` is the user's."""

Switch = Annotated[bool, Field(strict=True)]
"""``true`` or ``false``."""
