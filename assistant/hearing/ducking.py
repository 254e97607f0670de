"""The voice steps back for somebody whom it drowns, where its echo can't be cancelled.

Drifting clocks or a rattling loudspeaker defeat a canceller. What it leaves is then mostly echo, as loud as the
voice makes it; when more arrives than that, somebody may be speaking, and a softer voice lets them be heard.
"""

from __future__ import annotations

from collections import deque

from assistant.audio.formats import RATE
from assistant.hearing.echo import LOUD_DBFS, Cleaned

DUCKED_GAIN = 10 ** (-12 / 20)
"""Of the voice while somebody else may be speaking."""

WORKS_DB = 10.0
"""A canceller that removes this much needs no help."""

SUSPICIOUS_DB = 4.0
"""More at the microphone than the voice explains by this much is suspected to be speech."""

SUSPICIOUS_S = 0.06
"""How long it must last: a knock on the floor is shorter."""

HOLD_S = 1.0
"""How long the voice stays down after the last suspicion: a command and its endpoint."""

FAINTEST_ECHO_DB = -30.0
"""An echo fainter than this against the voice drowns nobody: headphones."""

_REMEMBERED_S = 4.0
_LEAST_S = 0.5


class Ducking:
    """Decides block by block how loud the voice shall be. Deterministic: time is the number of samples."""

    def __init__(self) -> None:
        self._coupling: deque[tuple[float, int]] = deque()  # microphone against reference in dB, and samples
        self._remembered = 0
        self._suspicious = 0
        self._held = 0

    @property
    def gain(self) -> float:
        """Of the voice, 1.0 or `DUCKED_GAIN`."""
        return DUCKED_GAIN if self._held else 1.0

    @property
    def echo_db(self) -> float | None:
        """How loud the voice usually comes back, against what is played; None before it is known."""
        if self._remembered < _LEAST_S * RATE:
            return None
        values = sorted(value for value, _ in self._coupling)
        return values[len(values) // 2]

    def note(self, block: Cleaned) -> float:
        """Take in a block and give the gain from now on."""
        count = len(block.samples)
        self._held = max(0, self._held - count)
        if block.reference_dbfs < LOUD_DBFS:
            return self.gain
        works = block.removed_db is not None and block.removed_db >= WORKS_DB
        coupling = block.microphone_dbfs - block.reference_dbfs
        usual = None if works else self._usual()
        suspicious = usual is not None and coupling > usual + SUSPICIOUS_DB
        self._suspicious = self._suspicious + count if suspicious else 0
        if self._suspicious >= SUSPICIOUS_S * RATE:
            self._held = round(HOLD_S * RATE)
        self._remember(coupling, count)
        return self.gain

    def _usual(self) -> float | None:
        """The echo against the voice in dB; None where it is not known yet or too faint."""
        usual = self.echo_db
        return usual if usual is not None and usual > FAINTEST_ECHO_DB else None

    def _remember(self, coupling: float, count: int) -> None:
        self._coupling.append((coupling, count))
        self._remembered += count
        while self._remembered > _REMEMBERED_S * RATE:
            self._remembered -= self._coupling.popleft()[1]
