"""The rows about attribution methods: against Captum at its best batch, and against the floor.

Each is the method as a question asks for it, settings and all; Captum is given the network as a
person loads it. Of methods that sample, Captum's draws are others, so that totals are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from quizproof.probes.bench import Bench
from quizproof.probes.methods.attribution import attribution
from quizproof.probes.methods.fills import cut
from tests.bench import today
from tests.bench.methods import SEED, Floor, Sizes, equal
from tests.bench.pairs import Row, best
from tests.planted import view

_LIKE = 0.5  # ‖ours − theirs‖ ∕ ‖theirs‖ of means over different draws
_LOGIT = {"output": "logit"}


def rows(bench: Bench, number: int, sizes: Sizes) -> Iterator[Row]:
    """The rows for picture ``number`` of the bench's pack."""
    shown = view(bench)
    classifier, picture, label = shown.model, shown.picture(number), shown.label(number)
    plain, floor = today.Plain(classifier), Floor(classifier, sizes.batches)
    segments: Any = {"name": "grid", "rows": 4, "columns": 4}
    asked: dict[str, tuple[Any, Callable[[int], Any], int, bool, Any]] = {
        f"integrated gradients by Gauss, {sizes.steps} steps": (
            {
                "name": "integrated_gradients",
                **_LOGIT,
                "steps": sizes.steps,
                "rule": "gauss",
                "baseline": "black",
                "times_difference": True,
                "colours": "sum",
            },
            lambda size: today.captum_path_by_gauss(plain, picture, label, sizes.steps, size),
            sizes.steps,
            True,
            equal,
        ),
        f"gradient SHAP, {sizes.shap} samples": (
            {
                "name": "gradient_shap",
                **_LOGIT,
                "samples": sizes.shap,
                "noise": 0.1,
                "baselines": ["black"],
                "colours": "sum",
            },
            lambda size: today.captum_gradient_shap(plain, picture, label, sizes.shap, 0.1, SEED),
            sizes.shap,
            True,
            alike,
        ),
        "occlusion, windows of 16 every 8": (
            {
                "name": "occlusion",
                **_LOGIT,
                "window": [16, 16],
                "stride": [8, 8],
                "fill": "black",
            },
            lambda size: today.captum_occlusion(plain, picture, label, 16, 8, size),
            226,
            False,
            equal,
        ),
        f"kernel SHAP, {sizes.shap} samples": (
            {
                "name": "kernel_shap",
                **_LOGIT,
                "samples": sizes.shap,
                "segments": segments,
                "fill": "black",
                "pixels": "whole",
            },
            lambda size: today.captum_kernel_shap(
                plain, picture, label, sizes.shap, cut(picture, segments), SEED, size
            ),
            sizes.shap,
            False,
            alike,
        ),
    }
    for work, (method, theirs, passes, backward, same) in asked.items():
        ours = partial(attribution, classifier, picture, label, method, SEED)
        size = best(theirs, [each for each in sizes.batches if each <= passes], turns=2)
        yield Row(
            work,
            f"Captum, batch {size}",
            ours,
            partial(theirs, size),
            same,
            1.0,
            repeat=sizes.pairs,
        )
        yield floor.row(work, classifier, ours, passes, backward=backward)


def alike(ours: Any, theirs: Any) -> str:
    """Asserts that means over different draws are one another's but for chance."""
    one, other = (np.asarray(each, dtype=np.float64) for each in (ours, theirs))
    apart = float(np.linalg.norm(one - other) / np.linalg.norm(other))
    assert apart <= _LIKE, f"the results are {apart:.1g} of their size apart"
    return f"alike to {apart:.0e}, by other draws"
