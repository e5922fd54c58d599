"""Solid that the hot pixels of an attribution map look like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, cycle
from typing import TYPE_CHECKING

from quizproof.probes.methods.attribution_settings import SAMPLED, Method
from quizproof.probes.models.view import View
from quizproof.probes.parameters import Index, Name, Shares
from quizproof.probes.picture.attribution_likeness import Mass
from quizproof.probes.probe import Draw, Map, Measure, Sampled, probe
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

_SOLIDS = {
    "cube": "立方體",
    "sphere": "圓球體",
    "cylinder": "圓柱體",
    "pyramid": "角錐體",
    "tetrahedron": "四面體",
}
_NULLS = 99  # the fewest that have a quantile at 99 %
_SURE = 0.99


@probe(
    "attribution.silhouette",
    finding=Text(
        en=(
            "The hottest pixels were compared with five solids at these shares of all pixels: "
            "{shares}. They look most like a cube at {wins_cube} of them, a sphere at "
            "{wins_sphere}, a cylinder at {wins_cylinder}, a pyramid at {wins_pyramid} and a "
            "tetrahedron at {wins_tetrahedron}. Only a figure counts: one that is denser than in "
            "99 of 100 maps without one. Figure or not, their outline overlaps with a cube’s by "
            "{iou_cube} on average, a sphere’s by {iou_sphere}, a cylinder’s by {iou_cylinder}, a "
            "pyramid’s by {iou_pyramid} and a tetrahedron’s by {iou_tetrahedron}."
        ),
        zh_hant=(
            "分別取最亮的像素（占全部的 {shares}），與五種立體比較。最像立方體的有 {wins_cube} 次，"
            "圓球體 {wins_sphere} 次，圓柱體 {wins_cylinder} 次，角錐體 {wins_pyramid} 次，四面體 "
            "{wins_tetrahedron} 次；須構成圖形（比 100 張無圖形的圖中 99 張更密集）才計入。不論是否"
            "構成圖形，其輪廓與各立體的平均重疊程度：立方體 {iou_cube}、圓球體 {iou_sphere}、圓柱體"
            " {iou_cylinder}、角錐體 {iou_pyramid}、四面體 {iou_tetrahedron}。"
        ),
    ),
    measures=(
        *(
            Measure(
                f"wins_{solid}",
                Text(en="shares", zh_hant="個比例"),
                0,
                100,
                Text(
                    en=(
                        "number of the shares at which the hottest pixels make a figure (denser "
                        f"than in 99 of 100 maps without one) that overlaps with a {solid} more "
                        "than with the other solids"
                    ),
                    zh_hant=(
                        "在幾個比例下，最亮的像素構成圖形"
                        f"（比 100 張無圖形的圖中 99 張更密集），且最像{chinese}"
                    ),
                ),
            )
            for solid, chinese in _SOLIDS.items()
        ),
        *(
            Measure(
                f"iou_{solid}",
                Text(en="intersection ∕ union", zh_hant="交集 ∕ 聯集"),
                0,
                1,
                Text(
                    en=(
                        f"overlap of the hottest pixels' outline with that of a {solid} in "
                        "its best "
                        "pose; mean of the shares"
                    ),
                    zh_hant=f"最亮像素的輪廓與{chinese}最佳姿態輪廓的重疊；各比例的平均",
                ),
            )
            for solid, chinese in _SOLIDS.items()
        ),
    ),
    stochastic=Sampled("method", SAMPLED),
    tolerance=0.01,
    example="""
        kind: single
        points: 1
        about: model
        prompt: What does the saliency map of picture 0 look like?
        probe:
          name: attribution.silhouette
          with:
            picture: 0
            shares: [0.05, 0.1, 0.2]
            method: {name: saliency, output: cross_entropy, colours: largest_size}
            mass: absolute
        options:
          a: {text: A solid, rule: wins_cube + wins_sphere + wins_cylinder + wins_pyramid > 1}
          b: {text: Nothing much, rule: wins_cube + wins_sphere + wins_cylinder + wins_pyramid <= 1}
        expected: [b]
    """,
)
def attribution_silhouette(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    picture: Index,
    shares: Shares,
    method: Method,
    target: Name | None = None,
    mass: Mass,
) -> Iterator[Draw]:
    """Likeness of an attribution map's hot pixels to five solids, at several ``shares`` of them.

    ``method``, ``target`` and ``mass`` are as in attribution.regions; the map is shown from 0 to 1.
    Hot is a share of pixels with the largest values; stray ones and small groups of them are left
    out, and what remains is filled to its convex hull. The hot pixels make a figure where they lie
    denser inside the hull than outside it, at the median share, by more than 99 of 100 maps without
    one reach: maps of the same grain and the same values at random places, a fifth of them at each
    share. Of a figure the solid with the largest intersection over union, in its best pose, wins
    the share; hot pixels that gather nowhere look like nothing.
    """
    from quizproof.probes.methods.attribution import displayed_attribution

    view = View(bench, model, photos)
    number = view.target(picture, target)
    for draw in count() if method["name"] in SAMPLED else (None,):
        shown = displayed_attribution(view, picture, number, method, mass, draw)
        seen = [_figure(shown, share) for share in shares]
        values = _likeness(shown, seen, shares, bench.fixed_seed)
        yield Draw(values, maps=_maps(shown, seen, picture, method["name"]))


def _likeness(
    shown: NDArray[np.float64], seen: list[_Figure | None], shares: list[float], seed: int
) -> dict[str, float]:
    """What is measured of the figures that a map has at ``shares`` of its pixels."""
    import numpy as np

    from quizproof.probes.methods import silhouettes
    from quizproof.probes.methods.null_maps import phase_randomised, quantile, with_values_of

    likeness = np.array(
        [silhouettes.likeness(one.outline) if one else np.zeros(len(_SOLIDS)) for one in seen]
    )
    wins = dict.fromkeys(_SOLIDS, 0)
    if any(seen):
        generator = np.random.default_rng(seed)
        nulls = [
            _figure(with_values_of(shown, order), share)
            for share, order in zip(
                cycle(shares), phase_randomised(shown, generator, _NULLS), strict=False
            )
        ]
        chance = quantile([null.contrast if null else 0.0 for null in nulls], _SURE)
        if np.median([one.contrast if one else 0.0 for one in seen]) > chance:
            for one, alike in zip(seen, likeness, strict=True):
                if one:
                    wins[[*_SOLIDS][int(alike.argmax())]] += 1
    means = dict(zip(_SOLIDS, likeness.mean(axis=0), strict=True))
    return {f"wins_{solid}": float(count) for solid, count in wins.items()} | {
        f"iou_{solid}": float(mean) for solid, mean in means.items()
    }


def _maps(
    shown: NDArray[np.float64], seen: list[_Figure | None], picture: int, method: str
) -> tuple[Map, ...]:
    named = method.replace("_", " ")
    whole = Map(Text(en=named, zh_hant=f"{named} map"), shown.astype("float32"), picture=picture)
    middle = seen[len(seen) // 2]
    if middle is None:
        return (whole,)
    title = Text(en="hot pixels, without stray ones", zh_hant="去除零星點後的紅點")
    return whole, Map(title, middle.dense.astype("float32"), picture=picture)


@dataclass(frozen=True)
class _Figure:
    dense: NDArray[np.bool_]
    outline: NDArray[np.float64]  # (N, 2), of its hull
    contrast: float  # of hot pixels inside the outline to those outside it, −1 to 1


def _figure(shown: NDArray[np.float64], share: float) -> _Figure | None:
    """The figure that the hot ``share`` of pixels makes; None where they gather nowhere."""
    from quizproof.probes.methods import silhouettes
    from quizproof.probes.methods.localisation import (
        EmptyRegionError,
        NoMassError,
        contrast,
        hot_pixels,
    )

    hot = hot_pixels(shown, share)
    try:
        dense = silhouettes.dense_part(hot)
        outline = silhouettes.hull(dense)
        inside = silhouettes.filled(outline, shown.shape)
        return _Figure(dense, outline, contrast(hot, inside))
    except (EmptyRegionError, NoMassError):
        return None
