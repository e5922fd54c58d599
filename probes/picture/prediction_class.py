"""How a classifier takes a picture: the probability and the place of a class."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.parameters import Index
from quizproof.probes.probe import Draw, Matrix, Measure, Unsure, probe, word
from quizproof.probes.units import LOGIT, PROBABILITY
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

_TOLERANCE = 1e-4
_TIED = 1e-6  # logits nearer than this are the same
_SHOWN = 8  # likeliest classes


@probe(
    "prediction.class",
    finding=Text(
        en=(
            "For picture {picture}, the model gives the class asked about a probability "
            "of {probability}, number {rank} of all classes; it is {margin} logits ahead "
            "of the best other one. The likeliest class is “{likeliest}”."
        ),
        zh_hant=(
            "對於圖片 {picture}，模型給所問類別的機率為 {probability}，在所有類別中排第 "
            "{rank}；其 logit 領先其他最高者 {margin}。機率最高的類別是「{likeliest}」。"
        ),
    ),
    tolerance=_TOLERANCE,
    measures=(
        Measure(
            "probability",
            PROBABILITY,
            0,
            1,
            Text(
                en="probability of the class",
                zh_hant="該類別的機率",
            ),
        ),
        Measure(
            "rank",
            Text(en="place", zh_hant="名"),
            1,
            math.inf,
            Text(
                en="place of the class among all by probability; 1 is the likeliest",
                zh_hant="該類別在所有類別中的名次；1 為機率最高",
            ),
        ),
        Measure(
            "margin",
            LOGIT,
            -math.inf,
            math.inf,
            Text(
                en=(
                    "lead of the class's logit over the best other one; below 0 where it is behind"
                ),
                zh_hant="該類別的 logit 領先其他最高類別多少；小於 0 表示落後",
            ),
        ),
        word(
            "likeliest",
            Text(
                en="likeliest class for the picture",
                zh_hant="圖片機率最高的類別",
            ),
        ),
    ),
    example="""
        kind: single
        points: 1
        about: model
        prompt: Is picture 1 taken for what it is?
        probe: {name: prediction.class, with: {picture: 1}}
        options:
          a: {text: It is, rule: margin > 0}
          b: {text: It is not, rule: margin <= 0}
        expected: [a]
    """,
)
def prediction_class(
    bench: Bench, *, model: Classifier, photos: Pictures, picture: Index, of: str | None = None
) -> Iterator[Draw]:
    """Probability, place and margin of a class for a picture, as the classifier takes it.

    ``of`` is the class, by its name; the picture's own label where it is left out. Probabilities
    are the softmax of the logits (Bridle 1990); the margin is the class's logit less the largest of
    the others (Crammer & Singer 2001). Raises ClassifierError where the likeliest class shares its
    name with another.
    """
    import torch

    from quizproof.probes.methods.ranking import likeliest, rank
    from quizproof.probes.models.view import View

    view = View(bench, model, photos)
    asked = view.label(picture) if of is None else model.class_called(of)
    logits = view.logits(picture)
    others = torch.cat([logits[:asked], logits[asked + 1 :]])
    least, place, most = rank(logits, asked, _TOLERANCE)
    close = Text(
        en="other classes have the same logit but for rounding",
        zh_hant="有其他類別的 logit 僅有捨入誤差之差",
    )
    yield Draw(
        {
            "probability": float(logits.softmax(0)[asked]),
            "rank": place,
            "margin": float(logits[asked] - others.max()),
            "likeliest": model.class_name(likeliest(logits, _TIED, "classes")),
        },
        matrices=(_table(model, logits.softmax(0)),),
        unsure=Unsure({"rank": (least, most)}, close) if least < most else None,
    )


def _table(model: Classifier, probabilities: Tensor) -> Matrix:
    shown = probabilities.topk(min(_SHOWN, len(probabilities)))
    return Matrix(
        Text(en="the likeliest classes", zh_hant="機率最高的類別"),
        shown.values[:, None].float().numpy(),
        rows=tuple(model.classes[k] for k in shown.indices.tolist()),
        columns=("p",),
        column_name=PROBABILITY,
        row_name=Text(en="class", zh_hant="類別"),
    )
