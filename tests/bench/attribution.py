"""The rows about attribution methods: against Captum at its best batch, and against the floor.

Each is the method as a question asks for it, settings and all; Captum is given the network as a
person loads it. Of methods that sample, Captum's draws are others, so that means are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from quizproof.probes.bench import Bench
from quizproof.probes.methods.attribution import attribution
from quizproof.probes.methods.fills import cut
from quizproof.probes.models.view import View
from tests.bench import today
from tests.bench.methods import SEED, Floor, Sizes, equal
from tests.bench.pairs import Row, best
from tests.planted import view

_LIKE = 0.5  # ‖ours − theirs‖ ∕ ‖theirs‖ of means over different draws
_GRID: Any = {"name": "grid", "rows": 4, "columns": 4}
_WINDOW, _STRIDE = 16, 8


@dataclass(frozen=True)
class Asked:
    """A method with its settings, the same by Captum in batches, and the passes it takes."""

    work: str
    method: Any
    theirs: Callable[[int], Any]
    passes: int
    backward: bool
    same: Callable[[Any, Any], str]


def rows(bench: Bench, number: int, sizes: Sizes) -> Iterator[Row]:
    """The rows for picture ``number`` of the bench's pack."""
    shown = view(bench)
    classifier, picture, label = shown.model, shown.picture(number), shown.label(number)
    floor = Floor(classifier, sizes.batches)
    for asked in _asked(shown, number, sizes):
        ours = partial(attribution, classifier, picture, label, asked.method, SEED)
        batches = [each for each in sizes.batches if each <= asked.passes]
        size = best(asked.theirs, batches, turns=2)
        theirs = partial(asked.theirs, size)
        yield Row(asked.work, f"Captum, batch {size}", ours, theirs, asked.same, 1.0)
        yield floor.row(asked.work, classifier, ours, asked.passes, backward=asked.backward)


def _asked(shown: View, number: int, sizes: Sizes) -> Iterator[Asked]:
    plain, picture = today.Plain(shown.model), shown.picture(number)
    label, segments = shown.label(number), cut(shown.picture(number), _GRID)
    path: Any = {"name": "integrated_gradients", "output": "logit", "colours": "sum"}
    path |= {"steps": sizes.steps, "rule": "gauss", "baseline": "black", "times_difference": True}
    yield Asked(
        f"integrated gradients by Gauss, {sizes.steps} steps",
        path,
        lambda size: today.captum_path_by_gauss(plain, picture, label, sizes.steps, size),
        sizes.steps,
        True,
        equal,
    )
    expected: Any = {"name": "gradient_shap", "output": "logit", "colours": "sum"}
    expected |= {"samples": sizes.shap, "noise": 0.1, "baselines": ["black"]}
    yield Asked(
        f"gradient SHAP, {sizes.shap} samples",
        expected,
        lambda size: today.captum_gradient_shap(plain, picture, label, sizes.shap, 0.1, SEED),
        sizes.shap,
        True,
        alike,
    )
    window: Any = {"name": "occlusion", "output": "logit", "fill": "black"}
    window |= {"window": [_WINDOW, _WINDOW], "stride": [_STRIDE, _STRIDE]}
    places = [-(-(side - _WINDOW) // _STRIDE) + 1 for side in shown.model.size]
    yield Asked(
        f"occlusion, windows of {_WINDOW} every {_STRIDE}",
        window,
        lambda size: today.captum_occlusion(plain, picture, label, _WINDOW, _STRIDE, size),
        1 + places[0] * places[1],
        False,
        equal,
    )
    values: Any = {"name": "kernel_shap", "output": "logit", "samples": sizes.shap}
    values |= {"segments": _GRID, "fill": "black", "pixels": "whole"}
    theirs = partial(today.captum_kernel_shap, plain, picture, label, sizes.shap, segments, SEED)
    yield Asked(f"kernel SHAP, {sizes.shap} samples", values, theirs, sizes.shap, False, alike)


def alike(ours: Any, theirs: Any) -> str:
    """Asserts that means over different draws are one another's but for chance."""
    one, other = (np.asarray(each, dtype=np.float64) for each in (ours, theirs))
    apart = float(np.linalg.norm(one - other) / np.linalg.norm(other))
    assert apart <= _LIKE, f"the results are {apart:.1g} of their size apart"
    return f"alike to {apart:.0e}, by other draws"
