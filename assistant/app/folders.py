"""Where things lie on the user's machine; one environment variable moves them all."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

APP = "stretch-assistant"
HOME_VARIABLE = "STRETCH_ASSISTANT_HOME"


def config() -> Path:
    """Folder of the settings file."""
    return _inside_home("config") or platformdirs.user_config_path(APP)


def data() -> Path:
    """Folder of what the user owns: routines of their own, models, what is remembered."""
    return _inside_home("data") or platformdirs.user_data_path(APP)


def cache() -> Path:
    """Folder of what can be made again: rendered speech."""
    return _inside_home("cache") or platformdirs.user_cache_path(APP)


def make_private(folder: Path) -> Path:
    """Make a folder, for the user alone, if it isn't there.

    Raises:
        OSError: It can't be made.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _inside_home(kind: str) -> Path | None:
    home = os.environ.get(HOME_VARIABLE)
    return Path(home).expanduser() / kind if home else None
