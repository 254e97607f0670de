from .soundserver import soundserver

__all__ = ["soundserver"]
