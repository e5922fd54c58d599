"""The densities of regions as probes measure them: each beside what chance gives at most."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from quizproof.probes.probe import Draw, Map, Measure, Unsure
from quizproof.probes.units import DENSITY
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes.methods.region_densities import Density


def chance(each: str) -> Measure:
    """The measure of how dense chance makes a map in each region."""
    return Measure(
        "chance_{item}",
        DENSITY,
        0,
        math.inf,
        Text(
            en=(
                "density in the region that maps of the same values and grain, but at random "
                "places, "
                "exceed once in 3,000 times"
            ),
            zh_hant="數值與紋理相同、位置隨機的圖，在 3,000 次中只有一次會超過的區域密度",
        ),
        each=each,
    )


def density(help: Text) -> Measure:
    """The measure of how dense something is in each region, against the picture's average."""
    return Measure("density_{item}", DENSITY, 0, math.inf, help, each="regions")


def drawn(found: Mapping[str, Density], maps: tuple[Map, ...]) -> Draw:
    """The draw of what ``methods.region_densities`` found."""
    values = {f"density_{name}": one.there for name, one in found.items()}
    return beside_chance(values, found, maps)


def beside_chance(
    values: Mapping[str, float],
    found: Mapping[str, Density],
    maps: tuple[Map, ...],
    *,
    exact: bool = True,
) -> Draw:
    """The draw of ``values``, beside what chance gives at most.

    What chance gives more of once in 300 times and not once in 3,000 an ``exact`` draw leaves open:
    it is too much for chance to be sure of, and too little to be sure that it is not.
    """
    chance = {f"chance_{name}": one.hardly_ever for name, one in found.items()}
    if not exact:
        return Draw({**values, **chance}, maps)
    between = {n: one for n, one in found.items() if one.seldom < one.there <= one.hardly_ever}
    within = {f"chance_{name}": (one.seldom, one.hardly_ever) for name, one in between.items()}
    unsure = Unsure(within, _maybe_chance(list(between))) if between else None
    return Draw({**values, **chance}, maps, unsure=unsure)


def _maybe_chance(regions: list[str]) -> Text:
    named = ", ".join(name.replace("_", " ") for name in regions)
    return Text(
        en=f"{named}: denser than chance makes it once in 300 times, not once in 3,000",
        zh_hant=f"{named}：其密度超過隨機 300 次中的一次，但未超過 3,000 次中的一次",
    )
