"""Spread of saliency over the regions of a picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.models.view import View
from quizproof.probes.parameters import Index, Regions
from quizproof.probes.probe import Draw, Map, Measure, probe
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

_LEAST = 25  # pixels: of fewer even dots of noise have twice the mean of the rest now and then


@probe(
    "saliency.regions",
    finding=Text(
        en=(
            "The contrast of the saliency inside a region to that in the rest of picture "
            "{picture} is {contrast_{item}}; 0 is no difference, 0.33 is twice as dense "
            "inside."
        ),
        zh_hant=(
            "圖片 {picture} 中，區域內與其餘部分的 saliency 對比：{contrast_{item}}；0 表"
            "示沒有差別，0.33 表示區域內的密度為兩倍。"
        ),
    ),
    measures=(
        Measure(
            "contrast_{item}",
            Text(en="(inside − outside) ∕ (inside + outside)", zh_hant="(內 − 外) ∕ (內 + 外)"),
            -1,
            1,
            Text(
                en="mean saliency in the region against that in the rest of the picture",
                zh_hant="該區域的平均 saliency，對照圖片其餘部分",
            ),
            each="regions",
        ),
    ),
    tolerance=0.001,
)
def saliency_regions(
    bench: Bench, *, model: Classifier, photos: Pictures, picture: Index, regions: Regions
) -> Iterator[Draw]:
    """Contrast in density of the saliency of ``picture`` between each region and the rest of it.

    0 for saliency that is everywhere alike, ⅓ where it is twice as dense inside, 1 where all of it
    is inside, and 0 for a map that shows nothing. An error for a region that covers the picture or
    has so few pixels that chance decides.
    """
    import numpy as np

    from quizproof.probes.methods.localisation import EmptyRegionError, contrast
    from quizproof.probes.methods.saliency import shown_saliency

    view = View(bench, model, photos)
    shown = shown_saliency(view, picture)
    values = {}
    for name in regions:
        mask = view.region(picture, name)
        if mask.sum() < _LEAST:
            raise EmptyRegionError(
                f"region {name} of picture {picture} has {int(mask.sum())} pixels, and chance "
                f"decides how dense saliency is on fewer than {_LEAST}; mend the region"
            )
        values[f"contrast_{name}"] = contrast(shown, mask) if shown.any() else 0.0
    seen = Map(
        Text(en="saliency", zh_hant="saliency map"),
        shown.astype(np.float32),
        picture=picture,
        regions=tuple(regions),
    )
    yield Draw(values, maps=(seen,))
