"""Errors a user may see: what happened, why, and what to do about it.

Adapters translate a library's exceptions into these with ``raise … from``; the command line prints the
three lines and nothing else, unless ``--verbose`` asks for the traceback. To be misheard is no error.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

INTERRUPTED = 130
"""The exit code of what Ctrl-C has ended, as shells have it."""


SERVICE_VARIABLE = "STRETCH_ASSISTANT_SERVICE"
"""Set where a failure is tried again by itself: what lasts has the exit code of a wrong call there."""


class AssistantError(Exception):
    """Something went wrong that a user can understand and act on.

    Args:
        what: What happened, one plain sentence.
        why: The cause as far as it is known.
        fix: What the user can do now.
    """

    exit_code = 1
    mends_itself = True
    """Whether it may be well when the same is tried again later; else only a person can put it right."""

    def __init__(self, what: str, why: str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.fix = fix

    def __reduce__(self) -> tuple[Any, ...]:
        """How it is handed from one process to another; a subclass may take other arguments than it keeps."""
        return _restored, (type(self), self.args, self.__dict__)

    def lines(self) -> tuple[str, str, str]:
        """The three lines a user is shown."""
        return self.what, self.why, self.fix


class UsageError(AssistantError):
    """The command was called with something it does not take; exit code 2."""

    exit_code = 2


class RecordingUnreadable(AssistantError):
    """A sound file is missing, damaged or of a kind that is not read."""


class FileUnwritable(AssistantError):
    """A result could not be written where the user wanted it."""


class OutputUnwritable(AssistantError):
    """Standard output is full, or takes nothing."""


class EngineMissing(AssistantError):
    """A recogniser was asked for that is not installed."""

    mends_itself = False


class ExtraMissing(AssistantError):
    """Something was switched on that needs packages which are not installed."""

    mends_itself = False


class ModelMissing(AssistantError):
    """A recogniser was asked for whose model is not on this machine."""

    mends_itself = False


class ModelCorrupt(AssistantError):
    """A model folder or archive is incomplete or not what its checksum says."""

    mends_itself = False


class DownloadFailed(AssistantError):
    """A model could not be fetched."""


class MicrophoneUnavailable(AssistantError):
    """No microphone can be opened."""


class SpeakerUnavailable(AssistantError):
    """No loudspeaker can be opened."""


class SoundLibraryMissing(AssistantError):
    """PortAudio is not installed, so no sound device can be opened."""


class RecogniserFailed(AssistantError):
    """The recogniser fails whenever it is started again."""


class VoiceUnavailable(AssistantError):
    """The text-to-speech engine cannot be started or does not answer."""


class SentencesInvalid(AssistantError):
    """A sentence file is not valid hassil, or contradicts itself."""


class SettingsInvalid(AssistantError):
    """The settings file holds an unknown key or a value out of range."""

    mends_itself = False


class ScriptInvalid(AssistantError):
    """A session script, or a file of utterances, has a line that is not ``SECONDS words``."""


class DiaryUnusable(AssistantError):
    """The diary can't be opened, read, written or erased."""


class DiaryFileInvalid(AssistantError):
    """A file that should be taken into the diary is none of ours, or holds a line that says nothing sensible."""


class ScreenUnavailable(AssistantError):
    """The screen can't be shown: its port is taken, there is no network, its certificate is wrong."""


class RoutineInvalid(AssistantError):
    """A routine file breaks the routine format.

    Args:
        path: The file.
        key: Dotted key within the file, for instance ``steps.2.hold``; empty for the whole file.
        line: Line number, from 1.
        why: What was found and what was expected.
        fix: What to do now.
    """

    def __init__(self, path: Path, key: str, line: int, why: str, fix: str) -> None:
        where = f"{path}, line {line}" + (f", key {key}" if key else "")
        super().__init__(f"The routine file is not valid: {where}.", why, fix)
        self.path = path
        self.key = key
        self.line = line


def _restored(kind: type[AssistantError], arguments: tuple[Any, ...], kept: dict[str, Any]) -> AssistantError:
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(kept)
    return error
