"""Where things lie on the user's machine; one environment variable moves them all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import platformdirs

APP = "stretch-assistant"
HOME_VARIABLE = "STRETCH_ASSISTANT_HOME"
"""Names a folder that takes the place of the system's usual ones: for tests, and for carrying all on a stick."""


def config() -> Path:
    """Folder of the settings file."""
    return _inside_home("config") or platformdirs.user_config_path(APP, appauthor=False)


def data() -> Path:
    """Folder of what the user owns: routines of their own, models, what is remembered."""
    return _inside_home("data") or platformdirs.user_data_path(APP, appauthor=False)


def voices() -> Path:
    """Folder of natural voices that were fetched."""
    return data() / "voices"


def cache() -> Path:
    """Folder of what can be made again: rendered speech."""
    return _inside_home("cache") or platformdirs.user_cache_path(APP, appauthor=False)


def state() -> Path:
    """Folder of what is kept from run to run and that nobody would miss: logs."""
    return _inside_home("state") or platformdirs.user_state_path(APP, appauthor=False)


def make_private(folder: Path) -> Path:
    """Make a folder, and those above it that are missing, for the user alone. One that is there stays as it is.

    Raises:
        OSError: It can't be made.
    """
    if not folder.is_dir():
        # Path.mkdir gives its mode to the last folder only, and what lies above would be open to everybody.
        make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def private_cache(name: str) -> Path:
    """A folder of the cache, in one that only the user can look into, where the disk allows that."""
    with suppress(OSError):
        make_private(cache())
    return cache() / name


def _inside_home(kind: str) -> Path | None:
    home = os.environ.get(HOME_VARIABLE)
    # Unlike Path.expanduser this raises nothing where there is no such user.
    return Path(os.path.abspath(os.path.expanduser(home))) / kind if home else None  # noqa: PTH100, PTH111
