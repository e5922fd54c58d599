"""Token that a masked model predicts under one mask, and how another mask changes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.parameters import Name
from quizproof.probes.probe import Draw, Matrix, Measure, probe, word
from quizproof.probes.units import PROBABILITY
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes import MaskedLM
    from quizproof.probes.bench import Bench
    from quizproof.probes.models.language_models import LanguageModel

_SHOWN = 5  # likeliest tokens of either masking


@probe(
    "masked.prediction",
    finding=Text(
        en=(
            "With “{masked}” masked, the likeliest token in its place is “{likeliest}”, "
            "ahead of the second by {lead}. The probability of “{token}” there is "
            "{alone}, and {both} with “{also_masked}” masked too, which makes a fall of "
            "{fall}."
        ),
        zh_hant=(
            "遮蔽「{masked}」時，該處機率最高的 token 是「{likeliest}」，領先第二名 "
            "{lead}。「{token}」在該處的機率為 {alone}；同時遮蔽「{also_masked}」時為 "
            "{both}，減少 {fall}。"
        ),
    ),
    tolerance=1e-4,
    measures=(
        word(
            "likeliest",
            Text(
                en="the likeliest token where the word alone is masked",
                zh_hant="只蓋掉該字時，該處機率最高的 token",
            ),
        ),
        Measure(
            "lead",
            PROBABILITY,
            0,
            1,
            Text(
                en="by which the likeliest token is ahead of the second",
                zh_hant="機率最高的 token 領先第二名多少",
            ),
        ),
        Measure(
            "alone",
            PROBABILITY,
            0,
            1,
            Text(
                en="of the token asked for, the word alone masked",
                zh_hant="所問 token 的機率，只蓋掉該字時",
            ),
        ),
        Measure(
            "both",
            PROBABILITY,
            0,
            1,
            Text(
                en="of the token asked for, the other word masked too",
                zh_hant="所問 token 的機率，另一字也蓋掉時",
            ),
        ),
        Measure(
            "fall",
            PROBABILITY,
            -1,
            1,
            Text(
                en="of the token asked for, where the other word is masked too; below 0 for a rise",
                zh_hant="另一字也蓋掉時，所問 token 的機率減少多少；小於 0 表示上升",
            ),
        ),
    ),
)
def masked_prediction(
    bench: Bench, *, model: MaskedLM, sentence: Name, masked: Name, also_masked: Name, token: Name
) -> Iterator[Draw]:
    """Masks ``masked`` in ``sentence``, then ``also_masked`` with it.

    ``token`` is the token, as the vocabulary has it, whose probability at ``masked`` is compared.
    """
    from quizproof.probes.methods.masked_prediction import likeliest, masked_words, probabilities

    asked = _id(model, token)
    whole = model.tokens(sentence)
    maskings = [masked_words(whole, words) for words in ([masked], [masked, also_masked])]
    readings = model.read_all([tokens for tokens, _ in maskings])
    alone, both = (
        probabilities(reading, places[0])
        for reading, (_, places) in zip(readings, maskings, strict=True)
    )
    first = likeliest(alone)
    leading = alone.topk(2).values
    yield Draw(
        {
            "likeliest": _name(model, first),
            "lead": float(leading[0] - leading[1]),
            "alone": float(alone[asked]),
            "both": float(both[asked]),
            "fall": float(alone[asked] - both[asked]),
        },
        matrices=(_table(model, alone, both),),
    )


def _id(model: LanguageModel, token: str) -> int:
    from quizproof.probes.models.tokens import TokenError

    found = model.tokenizer.get_vocab().get(token)
    if found is None:
        raise TokenError(
            f"{model.description} has no token {token!r}; ask for one of its vocabulary"
        )
    return int(found)


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
            zh_hant="所問的字被蓋掉處，機率最高之各 token 的機率",
        ),
        np.array([[float(found[k]) for found in (alone, both)] for k in shown], np.float32),
        rows=tuple(_name(model, k) for k in shown),
        columns=("1", "2"),
        row_name=Text(en="token", zh_hant="token"),
        column_name=Text(en="words masked", zh_hant="蓋掉的字數"),
    )
