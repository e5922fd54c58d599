"""Which solid the hot pixels of a saliency map look like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.probe import Draw, Map, Measure, probe

if TYPE_CHECKING:
    from quizproof.probes.bench import Bench

_SOLIDS = ("cube", "sphere", "cylinder", "pyramid", "tetrahedron")


@probe(
    "saliency.silhouette",
    roles=("classifier", "pictures"),
    measures=tuple(
        Measure(
            f"iou_{solid}",
            "intersection ∕ union",
            0,
            1,
            f"the outline of the hot pixels with that of a {solid} in its best pose",
        )
        for solid in _SOLIDS
    ),
    tolerance=0.01,
)
def saliency_silhouette(bench: Bench, *, picture: int, hot: float = 0.1) -> Iterator[Draw]:
    """How well the outlines of five solids fit that of the hot pixels of ``picture``.

    Hot is the share ``hot`` of pixels with the largest saliency; stray ones and small groups of
    them are left out, and what remains is filled to its convex hull. The tolerance is that of
    poses some degrees apart and outlines drawn 64 pixels wide.
    """
    import numpy as np

    from quizproof.probes.methods.localisation import hot_pixels
    from quizproof.probes.methods.saliency import shown_saliency
    from quizproof.probes.methods.silhouettes import best_match, dense_part, hull

    shown = shown_saliency(bench, picture)
    dense = dense_part(hot_pixels(shown, hot))
    outline = hull(dense)
    yield Draw(
        {f"iou_{solid}": best_match(outline, solid) for solid in _SOLIDS},
        maps=(
            Map("saliency", shown.astype(np.float32), picture),
            Map("hot pixels, without stray ones", dense.astype(np.float32), picture),
        ),
    )
