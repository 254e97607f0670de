"""Which version this is."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("stretch-assistant")
except PackageNotFoundError:  # a bare checkout that nobody installed
    VERSION = "0+unknown"
