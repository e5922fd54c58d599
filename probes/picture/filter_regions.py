"""Where in a picture one filter is activated."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.probe import Draw, Map, Measure, probe

if TYPE_CHECKING:
    from quizproof.probes.bench import Bench


@probe(
    "filter.regions",
    roles=("classifier", "pictures"),
    measures=(
        Measure(
            "density_{item}",
            "share ∕ share",
            0,
            math.inf,
            "share of the filter's activation in the region ÷ its share of the picture's area",
            each="regions",
        ),
    ),
    tolerance=1e-3,
)
def filter_regions(
    bench: Bench, *, picture: int, layer: str, filter: int, regions: list[str]
) -> Iterator[Draw]:
    """Density of one filter's activation in each region; 1 = evenly spread over the picture.

    What activates a filter makes it answer above 0, so of a signed layer the positive part counts,
    and behind a ReLU that is all of it. The map is stretched over the picture bilinearly. A filter
    that nothing in the picture activates has density 0 everywhere.
    """
    from quizproof.probes.methods import filters
    from quizproof.probes.methods.localisation import density

    maps = filters.activation(bench.classifier, layer, filter, bench.picture(picture)[None])
    stretched = filters.over_picture(maps, bench.classifier.size)[0].cpu().numpy()
    activated = stretched.clip(min=0)
    shown = Map(
        f"activation of filter {filter} of {layer}",
        stretched,
        picture,
        tuple(regions),
        signed=bool(stretched.min() < 0),
    )
    yield Draw(
        {
            f"density_{name}": density(activated, mask) if activated.any() else 0.0
            for name, mask in ((name, bench.region(picture, name)) for name in regions)
        },
        (shown,),
    )
