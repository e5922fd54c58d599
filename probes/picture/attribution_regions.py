"""Regions of a picture that an attribution method points at."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from quizproof.probes.methods.attribution_settings import SAMPLED, Method
from quizproof.probes.models.view import View
from quizproof.probes.parameters import REGION, Index, Name, Regions, distinct
from quizproof.probes.picture import attribution_likeness, region_densities
from quizproof.probes.picture.attribution_likeness import Mass
from quizproof.probes.probe import Draw, Map, Measure, Sampled, probe
from quizproof.probes.units import DENSITY, SHARE
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

Scale: TypeAlias = Literal["as_computed", "min_max"]
SomeRegions: TypeAlias = Annotated[list[Name], distinct, REGION]


@probe(
    "attribution.regions",
    finding=Text(
        en=(
            "In picture {picture}, these shares of the map’s mass lie in the regions: "
            "{share_{item}}. Their densities, where 1 is the picture’s average, are: "
            "{density_{item}}. Of the map’s largest pixels, these shares lie there: "
            "{pointed_{item}}."
        ),
        zh_hant=(
            "圖片 {picture} 的歸因總量，落在各區域內的比例為：{share_{item}}。各區域的密度（全圖平"
            "均為 1）為：{density_{item}}。最大的像素落在各區域內的比例為：{pointed_{item}}。"
        ),
    ),
    measures=(
        Measure(
            "share_{item}",
            SHARE,
            0,
            1,
            Text(
                en="share of the whole map's mass that lies in the region",
                zh_hant="該區域占整張圖歸因總量的比例",
            ),
            each="regions",
        ),
        Measure(
            "density_{item}",
            DENSITY,
            0,
            math.inf,
            Text(
                en=(
                    "share of the map's mass in the region ÷ share of the picture's area; 1 is "
                    "evenly spread"
                ),
                zh_hant="該區域的歸因總量占比 ÷ 面積占比；1 為均勻分布",
            ),
            each="regions",
        ),
        Measure(
            "contrast_{item}",
            Text(en="(inside − outside) ∕ (inside + outside)", zh_hant="（內 − 外）∕（內 + 外）"),
            -1,
            1,
            Text(
                en="mean of the mass inside the region against the mean outside it",
                zh_hant="區域內的平均歸因量與區域外的平均歸因量之對比",
            ),
            each="regions",
        ),
        Measure(
            "pointed_{item}",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "share of the map's largest pixels that lie in the region: 1 or 0 where one "
                    "pixel is the largest (the pointing game)"
                ),
                zh_hant=(
                    "圖中最大的像素落在該區域的比例：最大像素只有一個時為 1 或 0（pointing game）"
                ),
            ),
            each="regions",
        ),
        region_densities.chance("beyond_chance"),
    ),
    stochastic=Sampled("method", SAMPLED),
    tolerance=1e-3,
    example="""
        kind: single
        points: 1
        about: model
        prompt: Does Grad-CAM of picture 6 fall on the food?
        probe:
          name: attribution.regions
          with:
            picture: 6
            regions: [food]
            method:
              {name: grad_cam, output: logit, layer: cnn.34, rectified: true, stretched: bilinear}
            mass: positive
            scale: as_computed
        thresholds:
          twice: {value: 2, from: twice as much is what an eye sees without measuring}
        options:
          a: {text: It is twice as dense there, rule: density_food >= twice}
          b: {text: It is not, rule: density_food < twice}
        expected: [a]
    """,
)
def attribution_regions(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    picture: Index,
    regions: Regions,
    method: Method,
    target: Name | None = None,
    mass: Mass,
    scale: Scale,
    beyond_chance: SomeRegions = [],  # noqa: B006 (YAML's, which nobody changes)
) -> Iterator[Draw]:
    """Share, density and contrast of an attribution's mass in each region, and the pointing game.

    ``method`` has all its settings; for one that draws (smoothgrad, gradient_shap, kernel_shap,
    lime) the question needs an ``estimate``, ``share`` or ``mean``. ``target`` is a
    class by its name, "predicted" the likeliest, and the picture's own where it is left out.
    ``mass`` is the part of a signed map that counts.
    ``scale: min_max`` stretches the map to 0–1 first, as notebooks show it: what was least is
    nothing then, and a map that is the same everywhere is evenly spread. For the regions of
    ``beyond_chance`` it is told how dense chance makes maps of these values and this grain. Of
    several largest pixels the share that lies inside is pointed at (Zhang et al. 2018). Raises
    NoMassError for a map of zeros, EmptyRegionError for a region of a pixel or of all of them.
    """
    import numpy as np

    from quizproof.probes.methods import localisation
    from quizproof.probes.methods.attribution import attribution_of
    from quizproof.probes.methods.region_densities import densities, require_part, require_parts
    from quizproof.probes.methods.saliency import normalise_map

    view = View(bench, model, photos)
    if beyond_chance:
        require_parts(view.picture(picture), picture)
    masks = {name: view.region(picture, name) for name in regions}
    for name, mask in masks.items():
        require_part(name, mask)
    far = {name: view.region(picture, name) for name in beyond_chance}
    number = view.target(picture, target)
    for draw in count() if method["name"] in SAMPLED else (None,):
        raw = attribution_of(view, picture, number, method, draw)
        shown = normalise_map(raw) if scale == "min_max" else raw
        if scale == "min_max" and not shown.any():
            shown = np.ones_like(shown)  # the same everywhere, and so evenly spread
        values: dict[str, float] = {}
        for name, mask in masks.items():
            values |= {
                f"share_{name}": localisation.mass_share(shown, mask, mass),
                f"density_{name}": localisation.density(shown, mask, mass),
                f"contrast_{name}": localisation.contrast(shown, mask, of=mass),
                f"pointed_{name}": localisation.pointing_game(shown, mask, mass),
            }
        generator = np.random.default_rng(bench.fixed_seed)
        chance = densities(localisation.part_of(shown, mass), far, generator) if far else {}
        seen = Map(
            attribution_likeness.title(method["name"], model.classes[number]),
            raw.astype(np.float32),
            picture=picture,
            regions=tuple(regions),
            signed=bool(raw.min() < 0),
        )
        yield region_densities.beside_chance(values, chance, (seen,), exact=draw is None)
