"""Effect of a change of a picture, or of a part of it, on what the classifier takes it for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Annotated, TypeAlias

from quizproof.probes.methods.picture_changes import SAMPLED, Change, changed
from quizproof.probes.parameters import REGION, Index, Name, distinct
from quizproof.probes.probe import Draw, Map, Measure, Sampled, category, probe, word
from quizproof.probes.units import LOGIT, PROBABILITY
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

SomeRegions: TypeAlias = Annotated[list[Name], distinct, REGION]
_TOLERANCE = 1e-4
_TIED = 1e-6  # logits nearer than this are the same


@probe(
    "perturbation.effect",
    finding=Text(
        en=(
            "The change ({change}) takes the class's probability for picture {picture} from "
            "{probability_before} to {probability_after}; the likeliest class is then "
            "“{likeliest_after}”, at {confidence_after} (before: {confidence_before})."
        ),
        zh_hant=(
            "這項改變（{change}）使圖片 {picture} 該類別的機率從 {probability_before}"
            " 變為 {probability_after}；之後機率最高的是「{likeliest_after}"
            "」，為 {confidence_after}（改變前最高為 {confidence_before}"
            "）。"
        ),
    ),
    measures=(
        Measure(
            "probability_before",
            PROBABILITY,
            0,
            1,
            Text(
                en="probability of the class for the picture as it is",
                zh_hant="原圖片中該類別的機率",
            ),
        ),
        Measure(
            "probability_after",
            PROBABILITY,
            0,
            1,
            Text(
                en="probability of the class for the changed picture",
                zh_hant="改變後的圖片中該類別的機率",
            ),
        ),
        Measure(
            "fall",
            PROBABILITY,
            -1,
            1,
            Text(
                en="fall of the class's probability by the change; below 0 where it rises",
                zh_hant="改變使該類別機率下降多少；小於 0 表示上升",
            ),
        ),
        Measure(
            "logit_fall",
            LOGIT,
            -math.inf,
            math.inf,
            Text(
                en="fall of the class's logit by the change; below 0 where it rises",
                zh_hant="改變使該類別 logit 下降多少；小於 0 表示上升",
            ),
        ),
        Measure(
            "confidence_before",
            PROBABILITY,
            0,
            1,
            Text(
                en="probability of the likeliest class for the picture as it is",
                zh_hant="原圖片中最高類別的機率",
            ),
        ),
        Measure(
            "confidence_after",
            PROBABILITY,
            0,
            1,
            Text(
                en="probability of the likeliest class for the changed picture",
                zh_hant="改變後的圖片中最高類別的機率",
            ),
        ),
        category(
            "answer",
            ("same", "other"),
            Text(
                en=(
                    "likeliest class for the changed picture, against the one before (same or "
                    "other)"
                ),
                zh_hant="改變後機率最高的類別與改變前是否相同（same 或 other）",
            ),
        ),
        word(
            "likeliest_after",
            Text(
                en="likeliest class for the changed picture",
                zh_hant="改變後的圖片中機率最高的類別",
            ),
        ),
    ),
    stochastic=Sampled("change", SAMPLED),
    tolerance=_TOLERANCE,
    example="""
        kind: single
        points: 1
        about: model
        prompt: What happens to the answer for picture 1 if its food is painted grey?
        probe:
          name: perturbation.effect
          with: {picture: 1, regions: [food], change: {name: paint, fill: 0.5}}
        options:
          a: {text: It becomes another one, rule: answer == 'other'}
          b: {text: It stays as it was, rule: answer == 'same'}
        expected: [b]
    """,
)
def perturbation_effect(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    picture: Index,
    change: Change,
    regions: SomeRegions = [],  # noqa: B006 (YAML's, which nobody changes)
    target: Name | None = None,
) -> Iterator[Draw]:
    """Probability of a class, and the answer, for a picture before and after a ``change`` of it.

    ``paint`` hides it (occlusion, Zeiler & Fergus 2014), ``rotate`` turns it about its middle
    by ``degrees``, anticlockwise (to the left) above 0 (Engstrom et al. 2019), ``blur`` and
    ``noise`` spoil it (Dodge & Karam 2016). Only what lies in one of ``regions`` is changed,
    all of the picture where they are left out. ``target`` is a class by its name, "predicted"
    the likeliest, and the picture's own where it is left out. Noise is drawn anew each time.
    Raises QuizproofError where two classes are equally likely, ClassifierError where the
    likeliest shares its name with another.
    """
    import torch

    from quizproof.probes.methods.ranking import likeliest
    from quizproof.probes.models.view import View

    view = View(bench, model, photos)
    before = view.picture(picture)
    number = view.target(picture, target)
    inside = torch.ones(model.size, dtype=torch.bool)
    if regions:
        masks = [torch.from_numpy(view.region(picture, name)) for name in regions]
        inside = torch.stack(masks).any(dim=0)
    inside = inside.to(before.device)
    logits = view.logits(picture)
    first = likeliest(logits, _TIED, "classes")
    for draw in count() if change["name"] in SAMPLED else (0,):
        after = torch.where(inside, changed(before, change, bench.draw_seed(draw)), before)
        with torch.no_grad():
            then = model(after[None])[0].double().cpu()
        second = likeliest(then, _TIED, "classes")
        p, q = logits.softmax(0), then.softmax(0)
        yield Draw(
            {
                "probability_before": float(p[number]),
                "probability_after": float(q[number]),
                "fall": float(p[number] - q[number]),
                "logit_fall": float(logits[number] - then[number]),
                "confidence_before": float(p[first]),
                "confidence_after": float(q[second]),
                "answer": "same" if first == second else "other",
                "likeliest_after": model.class_name(second),
            },
            (
                Map(
                    Text(en="the changed picture", zh_hant="改變後的圖片"),
                    after.permute(1, 2, 0).cpu().numpy(),
                    picture=picture,
                    regions=tuple(regions),
                ),
            ),
        )
