"""The densities of regions as probes measure them: each beside what chance gives at most."""

from __future__ import annotations

import math
from collections.abc import Mapping

from quizproof.probes.probe import Measure

CHANCE = Measure(
    "chance_{item}",
    "share ∕ share",
    0,
    math.inf,
    "what maps of these values and this grain, their places at random, exceed one time in 30,000",
    each="regions",
)


def density(of: str) -> Measure:
    """The measure of how dense ``of`` is in each region, against the picture's average."""
    said = f"share of the {of} in the region ÷ its share of the picture's area"
    return Measure("density_{item}", "share ∕ share", 0, math.inf, said, each="regions")


def measured(found: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """What ``methods.region_densities`` found, by the names of the measures."""
    return {f"density_{name}": there for name, (there, _) in found.items()} | {
        f"chance_{name}": most for name, (_, most) in found.items()
    }
