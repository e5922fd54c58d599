"""On which side of a thing a part sticks out, judged from the saliency on it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.probe import Draw, Map, Measure, probe

if TYPE_CHECKING:
    from quizproof.probes.bench import Bench

_HALVES = "half the body's extent"


@probe(
    "saliency.side",
    roles=("classifier", "pictures"),
    measures=(
        Measure(
            "part_contrast",
            "(part − outside) ∕ (part + outside)",
            -1,
            1,
            "mean saliency on the part against that outside the whole",
        ),
        Measure(
            "offset_right",
            _HALVES,
            -math.inf,
            math.inf,
            "how far right of the body's middle the part's saliency has its centre",
        ),
        Measure(
            "offset_down",
            _HALVES,
            -math.inf,
            math.inf,
            "how far below the body's middle the part's saliency has its centre",
        ),
    ),
    tolerance=0.01,
)
def saliency_side(bench: Bench, *, picture: int, whole: str, body: str) -> Iterator[Draw]:
    """Where the saliency on ``whole`` but off its ``body`` has its centre, seen from the body.

    Offsets are from the middle of the body's bounding box in halves of its width and height: at 1
    the centre is on the box's edge. A part without any saliency has offsets of 0 and a contrast
    that is not positive. An error where the body covers the whole, or the whole the picture.
    """
    import numpy as np

    from quizproof.probes.methods.localisation import centroid, contrast
    from quizproof.probes.methods.saliency import shown_saliency

    shown = shown_saliency(bench, picture)
    on_whole, on_body = bench.region(picture, whole), bench.region(picture, body)
    part = on_whole & ~on_body
    visible = contrast(shown, part, ~on_whole)
    offsets = []
    for axis, centre in enumerate(centroid(shown * part) if (shown * part).any() else ()):
        along = np.flatnonzero(on_body.any(axis=1 - axis))
        first, end = along[0] / shown.shape[axis], (along[-1] + 1) / shown.shape[axis]
        offsets.append(float((centre - (first + end) / 2) / ((end - first) / 2)))
    down, right = offsets or (0.0, 0.0)
    seen = Map("saliency", shown.astype(np.float32), picture, (whole, body))
    yield Draw({"part_contrast": visible, "offset_right": right, "offset_down": down}, maps=(seen,))
