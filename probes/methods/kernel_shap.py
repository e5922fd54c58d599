"""Kernel SHAP: Shapley values of a picture's segments by regression on coalitions at random.

Lundberg & Lee, "A unified approach to interpreting model predictions" (NeurIPS 2017), section 4.1.
Coalitions are drawn as Captum draws them, a size k of M segments with probability ∝
(M − 1) ∕ (k (M − k)) and then which they are; all of them and none have a weight that makes the
values add up. Captum makes one copy after another, which takes a third of the network's own time on
a small one, draws from torch's global stream and fits in float32.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from quizproof.probes.methods.attribution_settings import KernelShap
from quizproof.probes.methods.fills import hidden
from quizproof.probes.methods.scores import MethodError, scored
from quizproof.probes.methods.segment_copies import outputs_of_copies
from quizproof.probes.models.classifiers import Classifier

Numbers = NDArray[np.float64]

_HEAVY = 1e6  # of all segments and of none, against 1 of any other coalition: as in Captum


def coalitions(number: int, samples: int, generator: np.random.Generator) -> NDArray[np.bool_]:
    """Which of ``number`` segments are on in each sample: first all, then none, then by chance."""
    sizes = np.arange(1, number)
    chance = (number - 1) / (sizes * (number - sizes))
    drawn = generator.choice(sizes, size=samples - 2, p=chance / chance.sum())
    places = generator.random((samples - 2, number)).argsort(axis=1).argsort(axis=1)
    rest = places < drawn[:, None]
    return np.concatenate([np.ones((1, number), bool), np.zeros((1, number), bool), rest])


def kernel_shap(
    classifier: Classifier,
    picture: Tensor,
    target: int,
    says: KernelShap,
    segments: NDArray[np.int64],
    seed: int,
) -> Numbers:
    """Each segment's Shapley value at its pixels: (H, W), signed.

    Raises MethodError for fewer samples than there are values to be found.
    """
    number = int(segments.max()) + 1
    if says["samples"] < number + 2:
        raise MethodError(
            f"{says['samples']} samples do not determine the values of {number} segments; "
            f"ask for {number + 2} or more"
        )
    on = coalitions(number, says["samples"], np.random.default_rng(seed))
    outputs = outputs_of_copies(
        lambda copies: scored(classifier(copies), target, says["output"]),
        on,
        picture,
        hidden(picture, says["fill"], segments),
        segments,
        classifier.pace.pictures,
    ).numpy()
    weights = np.sqrt(np.where(np.arange(len(on)) < 2, _HEAVY, 1.0))
    unknowns = np.column_stack([np.ones(len(on)), on])
    found, *_ = np.linalg.lstsq(unknowns * weights[:, None], outputs * weights, rcond=None)
    values: Numbers = found[1:][segments]
    return values
