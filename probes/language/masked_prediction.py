"""Token that a masked model predicts under one mask, and how another mask changes it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.parameters import AnyTexts, Name
from quizproof.probes.probe import Draw, Matrix, Measure, Unsure, probe, word
from quizproof.probes.units import BITS, PLACE, PROBABILITY
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes import MaskedLM
    from quizproof.probes.bench import Bench
    from quizproof.probes.models.language_models import LanguageModel

_TOLERANCE = 1e-4
_SHOWN = 5  # likeliest tokens of either masking


@probe(
    "masked.prediction",
    finding=Text(
        en=(
            "With “{masked}” masked, the likeliest token in its place is “{likeliest}”. Its "
            "probability is {lead} above the second’s. The probability of “{token}” is {alone}, "
            "place {rank} of the vocabulary. With a second word masked too ({also_masked}), it is "
            "{both}, a fall of {fall}."
        ),
        zh_hant=(
            "遮蔽「{masked}」時，該處機率最高的 token 是「{likeliest}」，機率比第二名高 {lead}。「"
            "{token}」的機率為 {alone}，在詞彙表中排第 {rank}。若另一個字（{also_masked}）也被遮蔽"
            "，其機率為 {both}，減少 {fall}。"
        ),
    ),
    tolerance=_TOLERANCE,
    measures=(
        word(
            "likeliest",
            Text(
                en="likeliest token in the word's place, the word alone masked",
                zh_hant="只遮蔽該字時，該處機率最高的 token",
            ),
        ),
        Measure(
            "lead",
            PROBABILITY,
            0,
            1,
            Text(
                en="lead of the likeliest token's probability over the second's",
                zh_hant="機率最高的 token 領先第二名多少",
            ),
        ),
        Measure(
            "alone",
            PROBABILITY,
            0,
            1,
            Text(
                en="probability of the token asked about, the word alone masked",
                zh_hant="所問 token 的機率，只遮蔽該字時",
            ),
        ),
        Measure(
            "both",
            PROBABILITY,
            0,
            1,
            Text(
                en="probability of the token asked about, the other word masked too",
                zh_hant="所問 token 的機率，另一字也被遮蔽時",
            ),
        ),
        Measure(
            "fall",
            PROBABILITY,
            -1,
            1,
            Text(
                en=(
                    "fall of the probability of the token asked about when the other word is "
                    "masked too; below 0 where it rises"
                ),
                zh_hant="另一字也被遮蔽時，所問 token 的機率減少多少；小於 0 表示上升",
            ),
        ),
        Measure(
            "rank",
            PLACE,
            1,
            math.inf,
            Text(
                en=(
                    "place among all tokens of the token asked about, the word alone masked; 1 is "
                    "the likeliest"
                ),
                zh_hant="只遮蔽該字時，所問 token 在所有 token 中的名次；1 為機率最高",
            ),
        ),
        Measure(
            "entropy",
            BITS,
            0,
            math.inf,
            Text(
                en="entropy of the prediction, the word alone masked",
                zh_hant="只遮蔽該字時，預測分布的熵",
            ),
        ),
        Measure(
            "probability_{item}",
            PROBABILITY,
            0,
            1,
            Text(
                en="probability of the named token, the word alone masked",
                zh_hant="只遮蔽該字時，所列該 token 的機率",
            ),
            each="tokens",
        ),
    ),
    example="""
    kind: single
    points: 1
    about: model
    prompt: >-
      In "The student trusted David because he was honest.", with "he" masked, which is likelier?
    probe:
      name: masked.prediction
      with:
        model: english
        sentence: The student trusted David because he was honest.
        masked: he
        token: he
        tokens: {she: she}
    options:
      a: {text: he, rule: alone > probability_she}
      b: {text: she, rule: probability_she > alone}
    expected: [a]
    """,
)
def masked_prediction(
    bench: Bench,
    *,
    model: MaskedLM,
    sentence: Name,
    masked: Name,
    also_masked: Name | None = None,
    token: Name,
    tokens: AnyTexts = {},  # noqa: B006 (read as a declaration, and never written to)
) -> Iterator[Draw]:
    """Prediction at ``masked`` in ``sentence`` where it is masked, then ``also_masked`` with it.

    ``token`` is the token, as the vocabulary has it, whose probability at ``masked`` is compared;
    without ``also_masked`` both are the same. ``tokens`` are further ones, by names of your own.
    The distribution is a softmax over the vocabulary (Devlin et al. 2019, arXiv 1810.04805).
    """
    from quizproof.probes.methods.masked_prediction import likeliest, masked_words, probabilities
    from quizproof.probes.methods.next_token_distribution import entropy
    from quizproof.probes.methods.ranking import rank
    from quizproof.probes.models.tokens import token_id

    asked = token_id(model.tokenizer, token, model.description)
    others = {n: token_id(model.tokenizer, t, model.description) for n, t in tokens.items()}
    whole = model.tokens(sentence)
    both_masked = [masked] if also_masked is None else [masked, also_masked]
    maskings = [masked_words(whole, words) for words in ([masked], both_masked)]
    readings = model.read_all([tokens for tokens, _ in maskings])
    alone, both = (
        probabilities(reading, places[0])
        for reading, (_, places) in zip(readings, maskings, strict=True)
    )
    first = likeliest(alone)
    leading = alone.topk(2).values
    least, place, most = rank(alone.clamp_min(1e-300).log(), asked, _TOLERANCE)
    close = Text(
        en="other tokens are as likely but for rounding",
        zh_hant="有其他 token 的機率僅有捨入誤差之差",
    )
    yield Draw(
        {
            "likeliest": _name(model, first),
            "lead": float(leading[0] - leading[1]),
            "alone": float(alone[asked]),
            "both": float(both[asked]),
            "fall": float(alone[asked] - both[asked]),
            "rank": place,
            "entropy": entropy(alone),
            **{f"probability_{name}": float(alone[other]) for name, other in others.items()},
        },
        matrices=(_table(model, alone, both),),
        unsure=Unsure({"rank": (least, most)}, close) if least < most else None,
    )


def _name(model: LanguageModel, token: int) -> str:
    return str(model.tokenizer.convert_ids_to_tokens(token))


def _table(model: LanguageModel, alone: Tensor, both: Tensor) -> Matrix:
    import numpy as np

    shown = list(
        dict.fromkeys(
            k
            for found in (alone, both)
            for k in found.topk(min(_SHOWN, len(found))).indices.tolist()
        )
    )
    return Matrix(
        Text(
            en="probability of the likeliest tokens at the word asked about",
            zh_hant="所問的字被遮蔽處，機率最高之各 token 的機率",
        ),
        np.array([[float(found[k]) for found in (alone, both)] for k in shown], np.float32),
        rows=tuple(_name(model, k) for k in shown),
        columns=("1", "2"),
        row_name=Text(en="token", zh_hant="token"),
        column_name=Text(en="words masked", zh_hant="被遮蔽的字數"),
    )
