"""The objective: lattice-free maximum mutual information (LF-MMI), from a flat start.

How probable the network makes the words that were said (numerator), over how probable it makes anything at all that
phones can make up (denominator). Both are sums over all ways through a graph of phones, one frame at a time; the
gradient of their logarithm is how probable each phone is at each frame, which the backward pass finds.

Source: Povey et al., "Purely sequence-trained neural networks for ASR based on lattice-free MMI", Interspeech 2016;
flat start: Hadian et al., "End-to-end speech recognition using lattice-free MMI", Interspeech 2018.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from scripts.train_model.phone_graphs import SILENCE, PhoneBigramHistory, PhoneGraph

_FLOOR = 1e-30
_SILENT_FRAMES_BEFORE, _SILENT_FRAMES_AFTER = 2, 3  # output frames; `padded` puts at least so much there


@dataclass(frozen=True)
class NumeratorBatch:
    """The graphs of a batch of utterances, padded to the largest.

    Attributes:
        phones: Phone of each state, shape (batch, states).
        steps: Probability of the step from state to state, shape (batch, states, states).
        initial: Probability to begin there, shape (batch, states).
        final: Probability to end there, shape (batch, states).
    """

    phones: Tensor
    steps: Tensor
    initial: Tensor
    final: Tensor

    @staticmethod
    def of(graphs: Sequence[PhoneGraph], device: torch.device | str = "cpu") -> NumeratorBatch:
        """Put graphs together, in double precision: the paths lie far more apart than in the denominator."""
        size = max(len(graph.phones) for graph in graphs)
        phones = np.zeros((len(graphs), size), np.int64)
        steps = np.zeros((len(graphs), size, size))
        initial = np.zeros((len(graphs), size))
        final = np.zeros((len(graphs), size))
        for place, graph in enumerate(graphs):
            states = len(graph.phones)
            phones[place, :states] = graph.phones
            steps[place, :states, :states] = graph.steps
            initial[place, :states] = graph.initial
            final[place, :states] = graph.final
        return NumeratorBatch(*(torch.from_numpy(array).to(device) for array in (phones, steps, initial, final)))


class _Numerator(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, scores: Tensor, lengths: Tensor, graphs: NumeratorBatch) -> Tensor:
        batch, frames = scores.shape[:2]
        top = scores.amax(dim=(2, 3))
        likely = (scores - top[..., None, None]).double().exp()
        index = graphs.phones[:, None, :].expand(batch, frames, -1)
        enter = likely[..., 0].gather(2, index).transpose(0, 1)  # (frames, batch, states)
        stay = likely[..., 1].gather(2, index).transpose(0, 1)
        live = (torch.arange(frames, device=scores.device)[:, None] < lengths[None]).unsqueeze(2)
        all_live = int(lengths.min())  # up to here nothing needs masking

        def normalised(reached: Tensor) -> tuple[Tensor, Tensor]:
            total = reached.sum(1, keepdim=True).clamp_min(1e-300)
            return reached / total, total

        alpha, total = normalised(graphs.initial * enter[0])
        alphas, entered, totals = [alpha], [graphs.initial], [total]
        for t in range(1, frames):
            arriving = torch.bmm(alpha.unsqueeze(1), graphs.steps).squeeze(1)
            new, total = normalised(arriving * enter[t] + alpha * stay[t])
            alpha = new if t < all_live else torch.where(live[t], new, alpha)
            alphas.append(alpha)
            entered.append(arriving)
            totals.append(total if t < all_live else torch.where(live[t], total, torch.ones_like(total)))
        end = (alpha * graphs.final).sum(1, keepdim=True)
        possible = end > 0
        scale = torch.cat(totals, 1).log().sum(1) + end.clamp_min(1e-300).squeeze(1).log()
        log_total = scale + (top * live.squeeze(2).transpose(0, 1)).sum(1).double()

        beta = torch.where(possible, graphs.final / end.clamp_min(1e-300), torch.zeros_like(graphs.final))
        first, further = torch.zeros_like(enter), torch.zeros_like(enter)
        back = graphs.steps.transpose(1, 2)
        for t in range(frames - 1, -1, -1):
            weighted = beta / totals[t]
            coming = enter[t] * weighted
            first[t] = entered[t] * coming * live[t]
            if t == 0:
                break
            staying = stay[t] * weighted
            further[t] = alphas[t - 1] * staying * live[t]
            earlier = torch.bmm(coming.unsqueeze(1), back).squeeze(1) + staying
            beta = earlier if t < all_live else torch.where(live[t], earlier, beta)
        gradient = torch.zeros_like(scores, dtype=torch.float64)
        gradient[..., 0].scatter_add_(2, index, first.transpose(0, 1))
        gradient[..., 1].scatter_add_(2, index, further.transpose(0, 1))
        ctx.save_for_backward(gradient.to(scores.dtype))
        return torch.where(possible.squeeze(1), log_total, torch.full_like(log_total, -torch.inf)).to(scores.dtype)

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor, None, None]:
        (gradient,) = ctx.saved_tensors
        return gradient * upstream[:, None, None, None], None, None


class _Denominator(torch.autograd.Function):
    """States are pairs of the present phone and the one before; arrays of them are (present, batch, before)."""

    @staticmethod
    def forward(ctx: Any, scores: Tensor, lengths: Tensor, history: PhoneBigramHistory) -> Tensor:
        batch, frames, phones, _ = scores.shape
        top = scores.amax(dim=(2, 3))
        likely = (scores - top[..., None, None]).exp().permute(1, 2, 0, 3)  # (frames, phones, batch, 2)
        enter, stay = likely[..., 0].unsqueeze(3).contiguous(), likely[..., 1].unsqueeze(3).contiguous()
        live = (torch.arange(frames, device=scores.device)[:, None] < lengths[None])[:, None, :, None]
        all_live = int(lengths.min())
        steps = history.steps.permute(1, 0, 2).contiguous()  # (present, before, next)
        initial = torch.zeros(phones, batch, phones, device=scores.device)
        initial[:, :, 0] = history.initial[:, None]  # what is before the first phone counts as silence
        final = history.final.transpose(0, 1).unsqueeze(1)  # (present, 1, before)

        def normalised(reached: Tensor) -> tuple[Tensor, Tensor]:
            total = reached.sum((0, 2), keepdim=True).clamp_min(_FLOOR)
            return reached / total, total

        alpha, total = normalised(initial * enter[0])
        alphas, entered, totals = [alpha], [initial], [total]
        for t in range(1, frames):
            arriving = (
                torch.bmm(alpha, steps).permute(2, 1, 0).contiguous()
            )  # a new phone; the present one is now before it
            new, total = normalised(arriving * enter[t] + alpha * stay[t])
            alpha = new if t < all_live else torch.where(live[t], new, alpha)
            alphas.append(alpha)
            entered.append(arriving)
            totals.append(total if t < all_live else torch.where(live[t], total, torch.ones_like(total)))
        end = (alpha * final).sum((0, 2), keepdim=True).clamp_min(_FLOOR)
        scale = torch.stack(totals).log().sum(0) + end.log()
        log_total = scale.reshape(batch) + (top * live[:, 0, :, 0].transpose(0, 1)).sum(1)

        gradient = torch.zeros(frames, phones, batch, 2, device=scores.device)
        beta = (final / end).expand(phones, batch, phones)
        back = steps.transpose(1, 2).contiguous()
        for t in range(frames - 1, -1, -1):
            weighted = beta / totals[t]
            coming = enter[t] * weighted
            gradient[t, :, :, 0] = (entered[t] * coming).sum(2) * live[t, :, :, 0]
            if t == 0:
                break
            staying = stay[t] * weighted
            gradient[t, :, :, 1] = (alphas[t - 1] * staying).sum(2) * live[t, :, :, 0]
            earlier = torch.bmm(coming.permute(2, 1, 0), back) + staying
            beta = earlier if t < all_live else torch.where(live[t], earlier, beta)
        ctx.save_for_backward(gradient.permute(2, 0, 1, 3))
        return log_total

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor, None, None]:
        (gradient,) = ctx.saved_tensors
        return gradient * upstream[:, None, None, None], None, None


def numerator(scores: Tensor, lengths: Tensor, graphs: NumeratorBatch) -> Tensor:
    """Logarithm of the sum over all ways to say what was said.

    Args:
        scores: Of each phone's first and further frames, shape (batch, frames, phones, 2).
        lengths: Frames of each utterance, shape (batch,).
        graphs: What was said.

    Returns:
        Shape (batch,); minus infinity, with no gradient, where the utterance is too short for what was said.
    """
    result: Tensor = _Numerator.apply(scores, lengths, graphs)
    return result


def denominator(scores: Tensor, lengths: Tensor, history: PhoneBigramHistory) -> Tensor:
    """Logarithm of the sum over all rows of phones, weighted by how usual they are; shapes as in `numerator`."""
    result: Tensor = _Denominator.apply(scores, lengths, history)
    return result


def silence_loss(scores: Tensor, lengths: Tensor) -> Tensor:
    """How far the frames at both ends of each utterance, which are silent, are from being heard as silence.

    LF-MMI by itself doesn't mind if a word's last phone goes on for as long as it is quiet afterwards; after an hour
    of training all phones went on as readily as silence, and the decoder found no end of any utterance.

    Args:
        scores: Shape (batch, frames, phones, 2).
        lengths: Frames of each utterance, shape (batch,).

    Returns:
        Cross-entropy of silence among all phones: going on in the first and last frames, entered in the first.
    """
    frames = torch.arange(scores.shape[1], device=scores.device)[None]
    ends = (frames < _SILENT_FRAMES_BEFORE) | (frames >= lengths[:, None] - _SILENT_FRAMES_AFTER)
    ends &= frames < lengths[:, None]
    going_on = scores[..., 1].log_softmax(2)[..., SILENCE][ends].mean()
    entered = scores[:, 0, :, 0].log_softmax(1)[:, SILENCE].mean()
    return -going_on - entered
