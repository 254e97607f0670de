"""What a test may need that not every machine has."""

import shutil
from importlib.util import find_spec

import pytest

from assistant.voice.natural import natural_voices, piper_version
from scripts.testbed.speech import SPEECH

needs_people = pytest.mark.skipif(not SPEECH.is_dir(), reason="the recordings of people are not on this machine")
needs_pocketsphinx = pytest.mark.skipif(
    find_spec("pocketsphinx") is None, reason="pocketsphinx is an extra, with wheels for some Pythons only"
)
needs_flite = pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")
needs_natural = pytest.mark.skipif(
    piper_version() is None or not natural_voices(), reason="the extra 'natural' is not installed"
)

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium here for the tests of the screen: sudo apt-get install chromium"
)
