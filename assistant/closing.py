"""What is closed when its ``with`` ends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self


class ClosedAfterUse(ABC):
    """Something of which a ``with`` closes nothing but itself, however it ends."""

    @abstractmethod
    def close(self) -> None:
        """Let go of everything."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
