"""Display of SmoothGrad with its closing min-max, and without."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.models.view import View
from quizproof.probes.parameters import Amount, Indices, Positive, Samples, Share
from quizproof.probes.picture.smoothgrad_block import (
    FOOD,
    Noise,
    SmoothGrad,
    food_of,
    smoothgrad_draws,
)
from quizproof.probes.probe import Draw, Map, Measure, probe
from quizproof.probes.units import GREY_LEVELS, PICTURES, SHARE, SPEARMAN
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench
    from quizproof.probes.packs.pictures import Mask

_SHOWN = 2
_MOST = 0.5
_FIFTH = 0.2
_BAND = 0.06  # of the shorter side: the food's outline, 3 % on both sides of its edge
FINDINGS = {
    "same": Text(
        en="pictures in which no pixel differs by more than a set amount (`levels`)",
        zh_hant="沒有任何像素相差超過設定值（levels）的圖片數",
    ),
    "swapped": Text(en="pictures in which light and dark are swapped", zh_hant="明暗對調的圖片數"),
    "unseen": Text(
        en=(
            "pictures in which no spot stands out by a set amount (`levels`) any more, or "
            "most of the "
            "picture is as bright"
        ),
        zh_hant="不再有亮點高出設定值（levels）、或大部分一樣亮的圖片數",
    ),
    "elsewhere": Text(
        en="pictures in which the brightest spots are in other places",
        zh_hant="最亮的點移到其他地方的圖片數",
    ),
    "clearer": Text(
        en="pictures in which the spots are where they were, and the food's outline is clearer",
        zh_hant="亮點仍在原處、且食物的輪廓更清楚的圖片數",
    ),
    "dimmer": Text(
        en="pictures in which the spots are where they were, only dimmer or brighter",
        zh_hant="亮點仍在原處、只是較暗或較亮的圖片數",
    ),
    "unclear": Text(
        en="pictures in which no spot stands out with min-max either",
        zh_hant="做了 min-max 也沒有突出亮點的圖片數",
    ),
}
_BESIDE = (
    Measure(
        "difference",
        GREY_LEVELS,
        0,
        255,
        Text(
            en=(
                "difference of the two displays at the pixel where it is greatest; median of the "
                "pictures"
            ),
            zh_hant="兩種顯示相差最多的像素之差；各圖片的中位數",
        ),
    ),
    Measure(
        "spot_with",
        GREY_LEVELS,
        0,
        255,
        Text(
            en="brightness of the brightest spot above its surroundings, with min-max",
            zh_hant="做 min-max 時，最亮的點比周圍高出多少",
        ),
    ),
    Measure(
        "spot_without",
        GREY_LEVELS,
        0,
        255,
        Text(
            en="brightness of the brightest spot above its surroundings, without min-max",
            zh_hant="不做 min-max 時，最亮的點比周圍高出多少",
        ),
    ),
    Measure(
        "spots_kept",
        SHARE,
        0,
        1,
        Text(
            en=("share of the brightest places with min-max that are bright without it as well"),
            zh_hant="做 min-max 時最亮的位置中，不做時仍亮的比例",
        ),
    ),
    Measure(
        "order_kept",
        SPEARMAN,
        -1,
        1,
        Text(
            en="rank correlation of the displays with and without min-max",
            zh_hant="做與不做 min-max 時，兩種顯示的等級相關",
        ),
    ),
    Measure(
        "outline_with",
        Text(en="(a − b) ∕ (a + b)", zh_hant="(a − b) ∕ (a + b)"),
        -1,
        1,
        Text(
            en="edge strength on the food's outline (a) against elsewhere (b), with min-max",
            zh_hant="做 min-max 時，食物輪廓上（a）與其他地方（b）邊緣強度的對比",
        ),
    ),
    Measure(
        "outline_without",
        Text(en="(a − b) ∕ (a + b)", zh_hant="(a − b) ∕ (a + b)"),
        -1,
        1,
        Text(
            en=("edge strength on the food's outline (a) against elsewhere (b), without min-max"),
            zh_hant="不做 min-max 時，食物輪廓上（a）與其他地方（b）邊緣強度的對比",
        ),
    ),
)


@probe(
    "smoothgrad.display",
    finding=Text(
        en=(
            "Without min-max, so many pictures look as follows, on average over draws. The same: "
            "{pictures_same}. No bright spot to be seen any more: {pictures_unseen}. Bright spots "
            "elsewhere: {pictures_elsewhere}. Only dimmer or brighter: {pictures_dimmer}. The "
            "food’s outline clearer: {pictures_clearer}. Light and dark swapped: "
            "{pictures_swapped}. No spot with min-max either: {pictures_unclear}."
        ),
        zh_hant=(
            "不做 min-max 時，各種情形的圖片數（各次抽樣平均）：看起來相同 {pictures_same} 張；不再"
            "看得到亮點 {pictures_unseen} 張；亮點移到別處 {pictures_elsewhere} 張；只是變暗或變亮 "
            "{pictures_dimmer} 張；食物輪廓更清楚 {pictures_clearer} 張；明暗互換 "
            "{pictures_swapped} 張；做了 min-max 也沒有亮點 {pictures_unclear} 張。"
        ),
    ),
    measures=(
        *(
            Measure(f"pictures_{name}", PICTURES, 0, math.inf, said)
            for name, said in FINDINGS.items()
        ),
        *_BESIDE,
    ),
    stochastic=True,
    example="""
    kind: single
    points: 1
    about: model
    prompt: In most pictures, can SmoothGrad's bright spots be seen without normalising?
    probe:
      name: smoothgrad.display
      with:
        pictures: [0, 1, 2]
        samples: 50
        noise: notebook
        redrawn: [0]
        levels: 2
        bright: 0.05
        clearer: 0.1
    estimate: share
    thresholds:
      most: {value: 1.5, from: half of the three pictures}
      levels: {from: one of the 256 levels of a screen is rounding}
      bright: {from: the places are few enough to be spots}
      clearer: {from: a tenth of contrast is what an eye tells apart}
    options:
      a: {text: They can, rule: pictures_unseen < most}
      b: {text: They cannot, rule: pictures_unseen > most}
    expected: [b]
    """,
)
def smoothgrad_display(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    pictures: Indices,
    samples: Samples,
    noise: Noise = "notebook",
    redrawn: Indices | None = None,
    levels: Positive = 2,
    bright: Share = 0.05,
    clearer: Amount = 0.1,
) -> Iterator[Draw]:
    """Compare the display of SmoothGrad without min-max with that with it, picture by picture.

    Both displays have 256 levels, values clipped to 0–1. Each picture is one of seven findings, the
    first that fits: "same"; "unclear"; "swapped", where the rank correlation is nearer to −1 than
    to 0; "unseen", also where more than half of the picture is as bright as its brightest places;
    "elsewhere", where of the ``bright`` share of brightest places less is kept than halfway from
    chance to all of them; "clearer", where the outline's contrast is greater by ``clearer`` and
    above 0; "dimmer". ``pictures_…`` count the pictures, the others are medians over them.

    One draw is SmoothGrad over ``samples`` copies of each of ``pictures``; of those that
    ``redrawn`` leaves out the first is kept, unless a fifth of ``levels`` more or less makes it
    another finding: then chance may do so, too. The outline is that of the region ``food``.
    """
    import numpy as np

    view = View(bench, model, photos)
    bands = {picture: _outline(view, picture) for picture in pictures}
    measured: dict[int, dict[str, float]] = {}
    before: dict[int, SmoothGrad] = {}

    def unsteady(picture: int) -> bool:
        around = (levels * (1 + by) for by in (-_FIFTH, 0, _FIFTH))
        return len({_finding(measured[picture], limit, clearer) for limit in around}) > 1

    draws = smoothgrad_draws(
        view, pictures, samples=samples, noise=noise, redrawn=redrawn, unsteady=unsteady
    )
    for drawn in draws:
        for picture, of in drawn.items():
            if of is not before.get(picture):
                measured[picture] = _seen(of, bands[picture], bright)
        before = drawn
        found = [_finding(seen, levels, clearer) for seen in measured.values()]
        values = {f"pictures_{name}": float(found.count(name)) for name in FINDINGS}
        for measure in _BESIDE:
            values[measure.name] = float(np.median([m[measure.name] for m in measured.values()]))
        maps = [m for p in pictures[:_SHOWN] for m in _maps(drawn[p], p)]
        yield Draw(values, tuple(maps))


def _maps(drawn: SmoothGrad, picture: int) -> Iterator[Map]:
    from quizproof.probes.methods.display import display, min_max

    for title, values in (
        (
            Text(
                en="SmoothGrad with min-max, as displayed",
                zh_hant="顯示出的 SmoothGrad，經 min-max",
            ),
            min_max(drawn.map),
        ),
        (
            Text(
                en="SmoothGrad without min-max, as displayed",
                zh_hant="顯示出的 SmoothGrad，未經 min-max",
            ),
            drawn.map,
        ),
    ):
        yield Map(title, display(values), picture=picture, regions=(FOOD,))


def _outline(view: View, picture: int) -> Mask:
    from quizproof.probes.packs.pictures import outline

    return outline(food_of(view, picture), _BAND)


def _seen(drawn: SmoothGrad, band: Mask, bright: float) -> dict[str, float]:
    """Measure what is seen of one picture in the two displays."""
    from quizproof.probes.methods import display as see
    from quizproof.probes.methods.localisation import hot_pixels

    with_, without = see.display(see.min_max(drawn.map)), see.display(drawn.map)
    before, after = see.brightness(with_), see.brightness(without)
    return {
        "difference": see.greatest_difference(with_, without),
        "spot_with": see.standing_out(before),
        "spot_without": see.standing_out(after),
        "spot_or_hole": max(see.standing_out(after), see.standing_out(1 - after)),
        "spots_kept": see.spots_kept(before, after, bright),
        "as_bright": float(hot_pixels(after, bright).mean()),
        "order_kept": see.order_kept(before, after),
        "outline_with": see.outline_contrast(before, band),
        "outline_without": see.outline_contrast(after, band),
    }


def _finding(seen: dict[str, float], levels: float, clearer: float) -> str:
    """The first of FINDINGS that fits one picture."""
    from quizproof.probes.methods.null_maps import midpoint

    if seen["difference"] <= levels:
        return "same"
    if seen["spot_with"] < levels:
        return "unclear"
    if seen["order_kept"] < midpoint(-1, 0) and seen["spot_or_hole"] >= levels:
        return "swapped"
    if seen["spot_without"] < levels or seen["as_bright"] > _MOST:
        return "unseen"
    if seen["spots_kept"] < midpoint(seen["as_bright"], 1):
        return "elsewhere"
    if seen["outline_without"] > max(0.0, seen["outline_with"] + clearer):
        return "clearer"
    return "dimmer"
