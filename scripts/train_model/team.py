"""Several processes that train one network together, each on its own part of the batches.

A process uses one core well and two cores no better: most of a step is a row of small operations, frame after frame.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import distributed, multiprocessing, nn


@dataclass(frozen=True)
class Team:
    """A member's view of the team; the default is a team of one.

    Attributes:
        rank: This member's number; 0 reports and saves.
        size: How many there are.
    """

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this is the member that reports and saves."""
        return self.rank == 0

    def share_gradients(self, parameters: Iterable[nn.Parameter], number: float) -> float:
        """Give every member the mean of all gradients, and of a number that goes with them, which is returned."""
        if self.size == 1:
            return number
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        flat = torch.cat([*(gradient.reshape(-1) for gradient in gradients), torch.tensor([number])])
        distributed.all_reduce(flat)
        flat /= self.size
        start = 0
        for gradient in gradients:
            gradient.copy_(flat[start : start + gradient.numel()].view_as(gradient))
            start += gradient.numel()
        return float(flat[-1])


def run_team(size: int, work: Callable[..., None], *arguments: Any) -> None:
    """Call ``work(team, *arguments)`` in so many processes and wait for all of them.

    Args:
        size: How many; 1 works in this process.
        work: A function of a module (it is sent to other processes).
        arguments: What can be sent to other processes.
    """
    if size == 1:
        work(Team(), *arguments)
        return
    with tempfile.TemporaryDirectory() as folder:
        meeting = Path(folder, "meeting").as_uri()
        multiprocessing.spawn(_member, (size, meeting, work, arguments), nprocs=size)


def _member(rank: int, size: int, meeting: str, work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    distributed.init_process_group("gloo", init_method=meeting, rank=rank, world_size=size)
    try:
        work(Team(rank, size), *arguments)
    finally:
        distributed.destroy_process_group()
