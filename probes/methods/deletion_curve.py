"""Deletion and insertion: the output as pixels go, or come, in the order of an attribution map.

Petsiuk, Das & Saenko, "RISE" (BMVC 2018), section 3.4. The area under the curve is the mean of the
output over the share of pixels that went: low where the map's first pixels are what counts, and for
insertion high.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quizproof.probes.methods.attribution_settings import Output
from quizproof.probes.methods.scores import scored
from quizproof.probes.models.classifiers import Classifier
from quizproof.probes.models.side_by_side import side_by_side

Numbers = NDArray[np.float64]


def order_of(relevance: Numbers, generator: np.random.Generator) -> NDArray[np.int64]:
    """The pixels of a map, (H, W), from the largest on; those that tie in an order by chance."""
    chance = generator.permutation(relevance.size)
    order: NDArray[np.int64] = np.lexsort((chance, -relevance.ravel()))
    return order


def curve(
    classifier: Classifier,
    begin: Tensor,
    end: Tensor,
    order: NDArray[np.int64],
    steps: int,
    target: int,
    output: Output,
) -> Numbers:
    """The output of ``target`` on the way from ``begin`` to ``end``, (3, H, W): (steps + 1,).

    The pixels of ``order`` change from the one to the other, about as many at each step.
    """
    place = np.empty(order.size, dtype=np.int64)
    place[order] = np.arange(order.size)
    places = torch.from_numpy(place).view(begin.shape[1:]).to(begin.device)
    gone = [round(step * order.size / steps) for step in range(steps + 1)]

    def outputs(some: Tensor) -> list[float]:
        changed = places < some[:, None, None].to(begin.device)
        with torch.inference_mode():
            pictures = torch.where(changed[:, None], end, begin)
            return scored(classifier(pictures), target, output).tolist()

    batches = torch.split(torch.tensor(gone), classifier.pace.pictures)
    return np.array([one for some in side_by_side(outputs, batches, begin.device) for one in some])


def area(values: Numbers) -> float:
    """The area under a curve over 0–1, by the trapezoidal rule."""
    return float((values[1:] + values[:-1]).mean() / 2)
