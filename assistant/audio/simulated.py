"""A sound card without hardware: deterministic, and as fast as the processor allows.

Nobody waits here. Whoever owns the card calls `SimulatedCard.advance`; each block asks the mixer what is played,
the microphone's source what is said, adds the echo of the room, and hands the sum to the listener.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, Protocol

import numpy as np

from assistant.audio.card import Hear, Render
from assistant.audio.formats import BLOCK, RATE, Samples, silence, to_int16
from assistant.audio.mixer import Mixer
from assistant.audio.room import Room, RoomEcho
from assistant.errors import AssistantError, MicrophoneUnavailable, SpeakerUnavailable

Side = Literal["microphone", "loudspeaker"]

Tap = Callable[[Samples, Samples], None]
"""Given each block of both sides: what the microphone brought (echo and all) and what the loudspeaker was given."""


class MicrophoneSource(Protocol):
    """What is said into a simulated microphone."""

    @property
    def exhausted(self) -> bool:
        """True once nothing but silence can follow."""

    def read(self, frames: int) -> Samples:
        """The next samples, int16 of shape ``(frames,)``."""


class SilentMicrophone:
    """A microphone in an empty room."""

    exhausted = True

    def read(self, frames: int) -> Samples:
        """Zeros."""
        return np.zeros(frames, np.int16)


class Recording:
    """A recording, and silence after its end.

    Args:
        blocks: The samples, or an iterator over blocks of any length, for instance `stream_recording`.
    """

    def __init__(self, blocks: Samples | Iterable[Samples]) -> None:
        self._blocks: Iterator[Samples] = iter([blocks] if isinstance(blocks, np.ndarray) else blocks)
        self._rest = silence(0)
        self._exhausted = False
        self._refill()

    @property
    def exhausted(self) -> bool:
        """True once the last sample was read."""
        return self._exhausted

    def read(self, frames: int) -> Samples:
        """The next samples of the recording, filled up with zeros at its end."""
        samples = np.zeros(frames, np.int16)
        done = 0
        while done < frames and not self._exhausted:
            part = self._rest[: frames - done]
            samples[done : done + len(part)] = part
            done += len(part)
            self._rest = self._rest[len(part) :]
            self._refill()
        return samples

    def _refill(self) -> None:
        while not len(self._rest) and not self._exhausted:
            block = next(self._blocks, None)
            if block is None:
                self._exhausted = True
            else:
                self._rest = block


class Speaker:
    """Someone who says things when told to: the user's part in a simulated session.

    `mixer` is this person's own timeline; its clock counts the samples that the microphone was read, which are
    those of the card's.
    """

    exhausted = False

    def __init__(self) -> None:
        self.mixer = Mixer()
        self._last = 0

    @property
    def silent(self) -> bool:
        """Whether nothing is being said, nor will be unless it is told to."""
        return self.mixer.clock >= self._last

    def say(self, samples: Samples, *, at: int | None = None, gain: float = 1.0) -> None:
        """Speak from sample ``at`` of the microphone's clock on, or (None) at once; speech may overlap."""
        begin = self.mixer.clock if at is None else max(at, self.mixer.clock)
        self._last = max(self._last, begin + len(samples))
        self.mixer.play(samples, None, at=at, gain=gain)

    def read(self, frames: int) -> Samples:
        """The next samples of what is said."""
        samples = self.mixer.render(frames)
        self.mixer.notices()  # nobody else asks for them
        return samples


class SimulatedCard:
    """A `SoundCard` that is driven by hand.

    Args:
        microphone: What is said; silence if None.
        room: What of the loudspeaker is heard in the microphone; nothing if None.
        tap: Is given every block of both sides, for instance to write a recording of two channels.
        block: Samples in a block.
    """

    def __init__(
        self,
        microphone: MicrophoneSource | None = None,
        *,
        room: Room | None = None,
        tap: Tap | None = None,
        block: int = BLOCK,
    ) -> None:
        self.microphone: MicrophoneSource = microphone or SilentMicrophone()
        self.blocks_advanced = 0
        self._echo = None if room is None else RoomEcho(room, block)
        self._delay = 0 if room is None else round(room.delay_s * RATE)
        self._rendered = 0
        self._tap = tap
        self._block = block
        self._render: Render | None = None
        self._hear: Hear | None = None
        self._gone: set[Side] = set()
        self._stale: set[Side] = set()

    @property
    def lost(self) -> str | None:
        """``"loudspeaker"`` or ``"microphone"`` while one of them has gone, else None."""
        if self._render is None:
            return None
        sides: tuple[Side, ...] = ("loudspeaker", "microphone")
        return next((side for side in sides if not self._works(side)), None)

    def open(self, render: Render, hear: Hear) -> None:
        """Start both sides.

        Raises:
            MicrophoneUnavailable: The microphone was lost before.
            SpeakerUnavailable: The loudspeaker was lost before.
        """
        self._check_present()
        self._stale.clear()
        self._render, self._hear = render, hear
        self._rendered = 0

    def reopen(self, *, interrupt: bool = True) -> None:
        """Start again what has come back.

        Args:
            interrupt: Of no matter: here this interrupts nothing.

        Raises:
            MicrophoneUnavailable: The microphone is still gone.
            SpeakerUnavailable: The loudspeaker is still gone.
        """
        del interrupt
        self._stale &= self._gone
        self._check_present()

    def close(self) -> None:
        """Stop both sides; `advance` is then an error."""
        self._render = self._hear = None

    def advance(self, blocks: int = 1) -> None:
        """Let so many blocks of time pass. A side that is lost brings nothing and takes nothing meanwhile.

        Raises:
            RuntimeError: The card is not open.
        """
        for _ in range(blocks):
            if self._render is None or self._hear is None:
                raise RuntimeError("the sound card is not open")
            # Where the loudspeaker is lost nothing sounds, and this sample has not been rendered.
            sounding = float(self._rendered - self._delay)
            if self._works("loudspeaker"):
                played = self._render(self._block)
                self._rendered += self._block
            else:
                played = np.zeros(self._block, np.int16)
            said = self.microphone.read(self._block)  # also while it is lost: people speak on
            heard = said if self._echo is None else _sum(said, self._echo.hear(played))
            if not self._works("microphone"):
                heard = np.zeros(self._block, np.int16)
            self.blocks_advanced += 1
            if self._tap is not None:
                self._tap(heard, played)
            if self._works("microphone"):
                self._hear(heard, sounding)

    def lose(self, side: Side) -> None:
        """Pull the plug: from the next block on nothing comes from there, or nothing is asked for there."""
        self._gone.add(side)

    def restore(self, side: Side | None = None, *, by_itself: bool = True) -> None:
        """Put the plug back, of one side or (None) of both.

        Args:
            side: Which.
            by_itself: True for a device that goes on where it stopped (a suspended one); False for one that is
                dead until `reopen` is called (an unplugged one).
        """
        back = self._gone if side is None else self._gone & {side}
        if not by_itself:
            self._stale |= back
        self._gone = self._gone - back

    def _works(self, side: Side) -> bool:
        return side not in self._gone and side not in self._stale

    def _check_present(self) -> None:
        for side, error, name in _SIDES:
            if side in self._gone:
                raise error(f"The {name} cannot be opened.", "It has gone.", "Plug it in again.")


_SIDES: tuple[tuple[Side, type[AssistantError], str], ...] = (
    ("loudspeaker", SpeakerUnavailable, "loudspeaker"),
    ("microphone", MicrophoneUnavailable, "microphone"),
)


def _sum(said: Samples, echo: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Samples:
    return to_int16(said + echo)
