"""How saliency is spread over the regions of a picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.probe import Draw, Map, Measure, probe

if TYPE_CHECKING:
    from quizproof.probes.bench import Bench


@probe(
    "saliency.regions",
    roles=("classifier", "pictures"),
    measures=(
        Measure(
            "contrast_{item}",
            "(inside − outside) ∕ (inside + outside)",
            -1,
            1,
            "mean saliency in the region against that in the rest of the picture",
            each="regions",
        ),
    ),
    tolerance=0.001,
)
def saliency_regions(bench: Bench, *, picture: int, regions: list[str]) -> Iterator[Draw]:
    """How much denser the saliency of ``picture`` is in each region than outside it.

    0 for saliency that is everywhere alike, ⅓ where it is twice as dense inside, 1 where all of it
    is inside. An error for a region that covers the picture.
    """
    import numpy as np

    from quizproof.probes.methods.localisation import contrast
    from quizproof.probes.methods.saliency import shown_saliency

    shown = shown_saliency(bench, picture)
    seen = Map("saliency", shown.astype(np.float32), picture, tuple(regions))
    yield Draw(
        {f"contrast_{r}": contrast(shown, bench.region(picture, r)) for r in regions}, maps=(seen,)
    )
