from hypothesis import settings

from .soundserver import soundserver

__all__ = ["soundserver"]

# A busy machine must not fail a property by being slow.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
