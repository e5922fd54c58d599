"""Which regions of a picture integrated gradients point at."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.probe import Draw, Map, Measure, probe

if TYPE_CHECKING:
    from quizproof.probes.bench import Bench


@probe(
    "integrated_gradients.regions",
    roles=("classifier", "pictures"),
    measures=(
        Measure(
            "density_{item}",
            "share ∕ share",
            0,
            math.inf,
            "share of the attribution's mass in the region ÷ its share of the picture's area",
            each="regions",
        ),
    ),
    tolerance=1e-3,
)
def integrated_gradients_regions(
    bench: Bench, *, picture: int, regions: list[str], steps: int
) -> Iterator[Draw]:
    """Density of the course's integrated gradients in each region; 1 = evenly spread.

    The mass of a pixel is Σ |gradient| over its colours, averaged over the path first: the logit
    can rest on a pixel that speaks against the class as well as on one that speaks for it. It is
    the true class's logit. The paper's attribution, with the factor picture − baseline, is shown
    but not measured. Raises NoMassError for gradients of zero everywhere.
    """
    from quizproof.probes.methods import integrated_gradients as ig
    from quizproof.probes.methods.localisation import density

    averaged = ig.averaged_gradients_of(bench, picture, steps)
    mass = averaged.abs().sum(dim=0).cpu().numpy()
    papers = ig.integrated_gradients(
        bench.classifier, bench.picture(picture), bench.label(picture), steps
    )
    outlined = tuple(regions)
    yield Draw(
        {f"density_{name}": density(mass, bench.region(picture, name)) for name in regions},
        (
            Map("size of the gradients averaged over the path", mass, picture, outlined),
            Map(
                "the paper's integrated gradients, with the factor picture − baseline",
                papers.sum(dim=0).cpu().numpy(),
                picture,
                outlined,
                signed=True,
            ),
        ),
    )
