"""What the settings' tables have in common: types of values that are checked on reading."""

from __future__ import annotations

import ipaddress
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

_LONGEST_NAME = 253
"""Characters of a name, as DNS takes it."""


def _host(text: str) -> str:
    with suppress(ValueError):
        return str(ipaddress.ip_address(text))
    if re.search(r"[\s/:@?#\[\]]", text) or len(text.encode("idna")) > _LONGEST_NAME:  # idna raises ValueError, too
        raise ValueError("no name of a machine")
    return text


def _usable(path: Path) -> Path:
    if "\0" in str(path) or path == Path():
        raise ValueError("no path")
    return Path(os.path.expanduser(path))  # noqa: PTH111 - Path.expanduser raises where there is no such user


_LINE = r"^[^\x00-\x1f]*[^\x00-\x1f\s][^\x00-\x1f]*$"
Text = Annotated[str, Field(strict=True, min_length=1, max_length=200, pattern=_LINE)]
"""Text on one line."""

Host = Annotated[Text, AfterValidator(_host)]
"""Name or address of a machine."""

NamedPath = Annotated[Path, AfterValidator(_usable)] | None
"""The path of a file or folder; ``~`` is the user's."""

Switch = Annotated[bool, Field(strict=True)]
"""``true`` or ``false``."""
