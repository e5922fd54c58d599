"""Copies of a picture with some of its segments hidden, and what a classifier makes of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quizproof.probes.models.side_by_side import side_by_side


def outputs_of_copies(
    classifier: Callable[[Tensor], Tensor],
    on: NDArray[np.generic],
    shown: Tensor,
    hidden: Tensor,
    segments: NDArray[np.int64],
    batch: int,
) -> Tensor:
    """The outputs for a copy each of the rows of ``on``, (copies, segments), on the CPU in float64.

    A segment looks as in ``shown``, (3, H, W), where it is on, and as in ``hidden`` where not.
    ``batch`` copies go through ``classifier`` at a time.
    """
    place = torch.from_numpy(segments.ravel()).to(shown.device)
    # numbers, not booleans: torch mixes numbers many at a time
    shows = torch.from_numpy(on).to(shown)

    def of(rows: Tensor) -> Tensor:
        with torch.inference_mode():
            shows_pixel = rows.index_select(1, place).view(-1, 1, *segments.shape)
            copies = torch.lerp(hidden, shown, shows_pixel)
            return classifier(copies).double().cpu()

    batches = torch.split(shows, batch)
    return torch.cat(list(side_by_side(of, batches, shown.device)))
