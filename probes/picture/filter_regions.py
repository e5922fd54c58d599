"""Regions of a picture in which one filter is activated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.models.view import View
from quizproof.probes.parameters import Index, Name, Regions
from quizproof.probes.picture import region_densities
from quizproof.probes.probe import Draw, Map, probe
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench


@probe(
    "filter.regions",
    finding=Text(
        en=(
            "Where 1 is the picture’s average, filter {filter} of {layer} is activated so "
            "strongly: {density_{item}}. A map that has nothing to do with the picture exceeds "
            "these values only once in 3,000 times: {chance_{item}}."
        ),
        zh_hant=(
            "以全圖平均為 1，{layer} 的第 {filter} 個 filter 的 activation 強度為："
            "{density_{item}}。與圖片無關的 map，3,000 次中只有 1 次超過：{chance_{item}}。"
        ),
    ),
    measures=(
        region_densities.density(
            Text(
                en=(
                    "share of the filter's activation that lies in the region ÷ share of the "
                    "picture's area; 1 is evenly spread"
                ),
                zh_hant="該區域占 filter activation 的比例 ÷ 占圖片面積的比例；1 為均勻分布",
            )
        ),
        region_densities.chance("regions"),
    ),
    tolerance=1e-3,
    example="""
        kind: single
        points: 1
        about: model
        prompt: Is filter 0 of cnn.15 activated on the milk of picture 1 more than elsewhere?
        probe:
          name: filter.regions
          with: {picture: 1, layer: cnn.15, filter: 0, regions: [milk]}
        options:
          a: {text: It is, rule: density_milk > chance_milk}
          b: {text: It is not, rule: density_milk <= chance_milk}
        expected: [b]
    """,
)
def filter_regions(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    picture: Index,
    layer: Name,
    filter: Index,
    regions: Regions,
) -> Iterator[Draw]:
    """Density of one filter's activation in each region, beside what chance gives at most.

    1 = evenly spread over the picture. What activates a filter makes it answer above 0, so of a
    signed layer the positive part counts, and behind a ReLU that is all of it. The map is stretched
    over the picture bilinearly. All are 0 for a filter that nothing in the picture activates.
    Raises FilterError, EmptyRegionError.
    """
    import numpy as np

    from quizproof.probes.methods import filters
    from quizproof.probes.methods.region_densities import Density, densities, require_parts

    view = View(bench, model, photos)
    require_parts(view.picture(picture), picture)
    maps = filters.activation(model, layer, filter, view.picture(picture)[None])
    stretched = filters.over_picture(maps, model.size)[0].cpu().numpy()
    activated = stretched.clip(min=0)
    found = dict.fromkeys(regions, Density(0.0, 0.0, 0.0))
    if activated.any():
        masks = {name: view.region(picture, name) for name in regions}
        found = densities(activated, masks, np.random.default_rng(bench.fixed_seed))
    shown = Map(
        Text(
            en=f"activation of filter {filter} of {layer}",
            zh_hant=f"第 {filter} 個 filter 的 activation（{layer}）",
        ),
        stretched,
        picture=picture,
        regions=tuple(regions),
        signed=bool(stretched.min() < 0),
    )
    yield region_densities.drawn(found, (shown,))
