"""Deletion and insertion curves of an attribution method."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from quizproof.probes.methods.attribution_settings import SAMPLED, Fill, Method, Output
from quizproof.probes.models.view import View
from quizproof.probes.parameters import Index, Name, Times
from quizproof.probes.picture import attribution_likeness
from quizproof.probes.probe import Draw, Map, Measure, Sampled, probe
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

_OUTPUT = Text(en="unit of the output", zh_hant="輸出的單位")


def _area(name: str, en: str, zh_hant: str) -> Measure:
    help_ = Text(
        en=f"mean of the model's output while {en}", zh_hant=f"{zh_hant}時，模型輸出的平均"
    )
    return Measure(name, _OUTPUT, -math.inf, math.inf, help_)


@probe(
    "attribution.curve",
    finding=Text(
        en=(
            "While the map's pixels are removed, the largest first, the output is {deletion} on "
            "average; in random order it is {deletion_by_chance}. While they are put back it is "
            "{insertion}; in random order it is {insertion_by_chance}."
        ),
        zh_hant=(
            "由大到小移除像素時，輸出平均為 {deletion}，隨機移除時為 {deletion_by_chance}；由大到小"
            "放回像素時為 {insertion}，隨機放回時為 {insertion_by_chance}。"
        ),
    ),
    measures=(
        _area("deletion", "the map's pixels are removed, the largest first", "由大到小移除像素"),
        _area("insertion", "the map's pixels are put back, the largest first", "由大到小放回像素"),
        _area("deletion_by_chance", "pixels are removed in random order", "隨機移除像素"),
        _area("insertion_by_chance", "pixels are put back in random order", "隨機放回像素"),
    ),
    stochastic=Sampled("method", SAMPLED),
    tolerance=1e-3,
    example="""
        kind: single
        points: 1
        about: model
        prompt: Does the class of picture 1 come sooner with occlusion's pixels than with any?
        probe:
          name: attribution.curve
          with:
            picture: 1
            method: {name: occlusion, output: logit, window: [16, 16], stride: [8, 8], fill: black}
            steps: 32
            deleted_to: black
            inserted_into: {blur: 10}
            output: probability
        options:
          a: {text: It does, rule: insertion > insertion_by_chance}
          b: {text: It does not, rule: insertion <= insertion_by_chance}
        expected: [a]
    """,
)
def attribution_curve(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    picture: Index,
    method: Method,
    target: Name | None = None,
    steps: Times,
    deleted_to: Fill,
    inserted_into: Fill,
    output: Output,
) -> Iterator[Draw]:
    """Areas under the deletion and the insertion curve of an attribution, beside those by chance.

    The pixels of largest value go first, a part of them in each of ``steps``, from the picture to
    ``deleted_to``, or come into ``inserted_into`` (Petsiuk, Das & Saenko 2018). The area is the
    mean of the ``output`` of the class over the share of pixels: below chance's for deletion and
    above it for insertion where the map knows what counts. Chance is one order of all pixels, the
    same in every run.
    """
    import numpy as np

    from quizproof.probes.methods.attribution import attribution_of
    from quizproof.probes.methods.deletion_curve import area, curve, order_of
    from quizproof.probes.methods.fills import filled

    view = View(bench, model, photos)
    number, shown = view.target(picture, target), view.picture(picture)
    ways = {
        "deletion": (shown, filled(shown, deleted_to)),
        "insertion": (filled(shown, inserted_into), shown),
    }

    def along(way: str, relevance: np.ndarray, seed: int) -> np.ndarray:
        order = order_of(relevance, np.random.default_rng(seed))
        return curve(model, *ways[way], order, steps, number, output)

    even = np.zeros(model.size)
    by_chance = {f"{way}_by_chance": along(way, even, bench.fixed_seed) for way in ways}
    for draw in count() if method["name"] in SAMPLED else (None,):
        relevance = attribution_of(view, picture, number, method, draw)
        # an order of its own for what ties, or the map of one value would be what chance is
        seed = bench.fixed_seed + 1 if draw is None else bench.draw_seed(draw)
        curves = {way: along(way, relevance, seed) for way in ways} | by_chance
        yield Draw(
            {name: area(values) for name, values in curves.items()},
            (
                Map(
                    attribution_likeness.title(method["name"], model.classes[number]),
                    relevance.astype(np.float32),
                    picture=picture,
                    signed=bool(relevance.min() < 0),
                ),
            ),
            series={name: tuple(map(float, values)) for name, values in curves.items()},
            captions=_CAPTIONS,
            series_start=0,
            series_name=Text(en="step", zh_hant="步"),
        )


_CAPTIONS = {
    "deletion": Text(en="deletion", zh_hant="移除"),
    "insertion": Text(en="insertion", zh_hant="放回"),
    "deletion_by_chance": Text(en="deletion by chance", zh_hant="隨機移除"),
    "insertion_by_chance": Text(en="insertion by chance", zh_hant="隨機放回"),
}
