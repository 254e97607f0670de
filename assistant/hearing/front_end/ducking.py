"""Ducking: the voice steps back for somebody who speaks into it (barge-in) and whom it drowns.

Where its echo is cancelled, somebody is noticed within the first sound of a word, and of a voice four times as loud as
they are even a good canceller leaves enough to blur the rest. Where it can't be cancelled (drifting clocks, a rattling
loudspeaker), what arrives is mostly echo, as loud as the voice makes it; when it is more than that, somebody may be
speaking.
"""

from __future__ import annotations

from collections import deque

from assistant.audio.formats import RATE
from assistant.hearing.front_end.echo_canceller import LOUD_DBFS, Cleaned

DUCKED_GAIN = 10 ** (-12 / 20)
"""Gain of the voice while somebody else may be speaking."""

GIVES_WAY_GAIN = 10 ** (-18 / 20)
"""The same where the canceller is certain of it: for the length of a word the voice is hardly there."""

ALONE_S = 0.6
"""For so long the voice must have sounded alone before it steps back for somebody whom the canceller notices: a
television that goes on and on is not given way to."""

WORD_S = 0.5
"""How long the voice then stays down after the last block with somebody in it; twice that at most in one go, however
long they speak."""

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
        self._held_gain = 1.0
        self._silent = self._alone = self._given_way = 0  # samples

    @property
    def gain(self) -> float:
        """Gain of the voice: 1.0, `DUCKED_GAIN` or `GIVES_WAY_GAIN`."""
        return self._held_gain if self._held else 1.0

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
        self._given_way = self._given_way + count if self._held else 0
        self._silent = 0 if block.reference_dbfs >= LOUD_DBFS else self._silent + count
        if self._silent > ALONE_S * RATE:
            self._alone = 0
        if block.reference_dbfs < LOUD_DBFS:
            return self.gain
        coupling = block.microphone_dbfs - block.reference_dbfs
        usual = self._usual()
        if block.works:
            self._give_way(usual is not None and block.clearly_somebody, count)
        else:
            suspicious = usual is not None and coupling > usual + SUSPICIOUS_DB
            self._suspicious = self._suspicious + count if suspicious else 0
            if self._suspicious >= SUSPICIOUS_S * RATE:
                self._held, self._held_gain = round(HOLD_S * RATE), DUCKED_GAIN
        self._remember(coupling, count)
        return self.gain

    def _give_way(self, somebody: bool, count: int) -> None:
        self._suspicious = 0
        if not somebody:
            self._alone += count
            return
        if self._alone >= ALONE_S * RATE or 0 < self._given_way < WORD_S * RATE:
            self._held, self._held_gain = round(WORD_S * RATE), GIVES_WAY_GAIN
        self._alone = 0

    def _usual(self) -> float | None:
        """The echo against the voice in dB; None where it is not known yet or too faint."""
        usual = self.echo_db
        return usual if usual is not None and usual > FAINTEST_ECHO_DB else None

    def _remember(self, coupling: float, count: int) -> None:
        self._coupling.append((coupling, count))
        self._remembered += count
        while self._remembered > _REMEMBERED_S * RATE:
            self._remembered -= self._coupling.popleft()[1]
