"""What an attribution map adds up to, against the change of the output that it explains."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from quizproof.probes.methods.attribution_settings import SAMPLED, Fill, Method, Output
from quizproof.probes.models.view import View
from quizproof.probes.parameters import Index, Name
from quizproof.probes.picture import attribution_likeness
from quizproof.probes.probe import Draw, Map, Measure, Sampled, probe
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

_OUTPUT = Text(en="unit of the output", zh_hant="輸出的單位")


@probe(
    "attribution.total",
    finding=Text(
        en=(
            "The map adds up to {total}, and the output changes by {change} from the baseline to "
            "the picture; they differ by {gap}."
        ),
        zh_hant=("歸因的總和為 {total}，由 baseline 到圖片輸出的變化為 {change}；兩者相差 {gap}。"),
    ),
    measures=(
        Measure(
            "total",
            _OUTPUT,
            -math.inf,
            math.inf,
            Text(
                en="sum of the attribution map over all pixels",
                zh_hant="歸因圖所有像素的總和",
            ),
        ),
        Measure(
            "change",
            _OUTPUT,
            -math.inf,
            math.inf,
            Text(
                en="change of the model's output from the baseline to the picture",
                zh_hant="模型輸出由 baseline 到圖片的變化",
            ),
        ),
        Measure(
            "gap",
            _OUTPUT,
            0,
            math.inf,
            Text(
                en=(
                    "absolute difference of the map's sum and the output's change; 0 is "
                    "completeness"
                ),
                zh_hant="歸因圖總和與輸出變化之差的絕對值；0 即為 completeness",
            ),
        ),
    ),
    stochastic=Sampled("method", SAMPLED),
    tolerance=1e-3,
    example="""
        kind: single
        points: 1
        about: method
        because: DeepLIFT's rules are made so that contributions add up
        prompt: What do DeepLIFT's contributions add up to?
        probe:
          name: attribution.total
          with:
            picture: 1
            method: {name: deeplift, baseline: black, colours: sum}
            baseline: black
            output: logit
        thresholds:
          off: {value: 0.05, from: a small part of the change and far more than rounding}
        options:
          a: {text: The change of the logit from black, rule: gap < off * abs(change)}
          b: {text: Something else, rule: gap >= off * abs(change)}
        expected: [a]
    """,
)
def attribution_total(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    picture: Index,
    method: Method,
    target: Name | None = None,
    baseline: Fill,
    output: Output,
) -> Iterator[Draw]:
    """Sum of an attribution map, and the change of the ``output`` from ``baseline`` to the picture.

    They are equal for a method that is complete (Sundararajan, Taly & Yan 2017, proposition 1;
    DeepLIFT's summation to delta; Shapley's efficiency), where its settings name the same baseline
    and output, and ``colours: sum``.
    """
    import numpy as np
    import torch

    from quizproof.probes.methods.attribution import attribution_of
    from quizproof.probes.methods.fills import filled
    from quizproof.probes.methods.scores import scored

    view = View(bench, model, photos)
    number, shown = view.target(picture, target), view.picture(picture)
    with torch.inference_mode():
        both = torch.stack([shown, filled(shown, baseline)])
        reached, begun = scored(model(both), number, output).tolist()
    for draw in count() if method["name"] in SAMPLED else (None,):
        found = attribution_of(view, picture, number, method, draw)
        total = float(found.sum())
        yield Draw(
            {"total": total, "change": reached - begun, "gap": abs(total - (reached - begun))},
            (
                Map(
                    attribution_likeness.title(method["name"], model.classes[number]),
                    found.astype(np.float32),
                    picture=picture,
                    signed=bool(found.min() < 0),
                ),
            ),
        )
