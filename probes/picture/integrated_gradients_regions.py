"""Regions of a picture that integrated gradients point at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.models.view import View
from quizproof.probes.parameters import Count, Index, Regions
from quizproof.probes.picture import region_densities
from quizproof.probes.probe import Draw, Map, probe
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench


@probe(
    "integrated_gradients.regions",
    finding=Text(
        en=(
            "The attribution is this many times as dense as on average over picture "
            "{picture}: {density_{item}}. Maps that have nothing to do with the picture "
            "exceed {chance_{item}} only once in 3,000 times."
        ),
        zh_hant=(
            "圖片 {picture} 各區域的歸因密度是全圖平均的幾倍：{density_{item}}。與圖片無"
            "關的 map，3,000 次中只有 1 次超過：{chance_{item}}。"
        ),
    ),
    measures=(
        region_densities.density(
            Text(
                en=(
                    "share of the attribution's mass in the region ÷ its share of the picture's "
                    "area"
                ),
                zh_hant="該區域佔歸因總量的比例 ÷ 佔圖片面積的比例",
            )
        ),
        region_densities.chance("regions"),
    ),
    tolerance=1e-3,
)
def integrated_gradients_regions(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    picture: Index,
    regions: Regions,
    steps: Count,
) -> Iterator[Draw]:
    """Density of the course's integrated gradients in each region, and what chance gives at most.

    1 = evenly spread over the picture. The mass of a pixel is Σ |gradient| over its colours,
    averaged over the path first: the logit can rest on a pixel that speaks against the class as
    well as on one that speaks for it. It is the true class's logit. The paper's attribution, with
    the factor picture − baseline (black), is shown but not measured. Raises NoMassError for
    gradients of zero everywhere, EmptyRegionError.
    """
    import numpy as np

    from quizproof.probes.methods import integrated_gradients as ig
    from quizproof.probes.methods.region_densities import densities, require_parts

    view = View(bench, model, photos)
    require_parts(view.picture(picture), picture)
    averaged = ig.averaged_gradients_of(view, picture, steps)
    mass = averaged.abs().sum(dim=0).cpu().numpy()
    papers = view.picture(picture) * averaged
    masks = {name: view.region(picture, name) for name in regions}
    found = densities(mass, masks, np.random.default_rng(bench.fixed_seed))
    outlined = tuple(regions)
    yield region_densities.drawn(
        found,
        (
            Map(
                Text(
                    en="size of the gradients averaged over the path",
                    zh_hant="沿路徑平均之梯度的大小",
                ),
                mass,
                picture=picture,
                regions=outlined,
            ),
            Map(
                Text(
                    en="the paper's integrated gradients, with the factor picture − baseline",
                    zh_hant="論文的 integrated gradients，乘上（圖片 − baseline）",
                ),
                papers.sum(dim=0).cpu().numpy(),
                picture=picture,
                regions=outlined,
                signed=True,
            ),
        ),
    )
