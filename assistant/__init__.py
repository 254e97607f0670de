"""A voice at the side of somebody who stretches on the floor."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("stretch-assistant")
except PackageNotFoundError:  # a bare checkout that nobody installed
    __version__ = "0+unknown"
