"""What a causal language model expects after a prompt."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.probe import Draw, Matrix, Measure, Unsure, probe, word
from quizproof.probes.units import BITS, PLACE, PROBABILITY
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes import CausalLM
    from quizproof.probes.bench import Bench

_TOLERANCE = 1e-4
_TIED = 1e-6  # logarithms of probabilities nearer than this are the same, in float32 logits
_SHOWN = 8  # likeliest tokens


@probe(
    "next_token.probability",
    finding=Text(
        en=(
            "After the prompt, the model gives “{continuation}” a probability of "
            "{probability}, which is {surprisal} bits. Its first token is number {rank} "
            "of all tokens by probability; the likeliest is “{likeliest}”."
        ),
        zh_hant=(
            "在題目給的文字之後，模型給「{continuation}」的機率為 {probability}，即 "
            "{surprisal} 位元。其第一個 token 的機率在所有 token 中排第 {rank}；機率最高"
            "的是「{likeliest}」。"
        ),
    ),
    tolerance=_TOLERANCE,
    example="""
    kind: single
    points: 1
    about: model
    prompt: >-
      Is " it" among the three likeliest tokens after "The mother lost a hat and the king found"?
    probe:
      name: next_token.probability
      with: {prompt: The mother lost a hat and the king found, continuation: " it"}
    options:
      a: {text: It is, rule: rank <= 3}
      b: {text: It is not, rule: rank > 3}
    expected: [a]
    """,
    measures=(
        Measure(
            "probability",
            PROBABILITY,
            0,
            1,
            Text(
                en="probability of the continuation after the prompt",
                zh_hant="在提示之後接上該文字的機率",
            ),
        ),
        Measure(
            "surprisal",
            BITS,
            0,
            math.inf,
            Text(
                en="−log₂ of the continuation's probability",
                zh_hant="所接文字之機率的 −log₂",
            ),
        ),
        Measure(
            "rank",
            PLACE,
            1,
            math.inf,
            Text(
                en="place of the continuation's first token among all; 1 is the likeliest",
                zh_hant="所接文字的第一個 token 在所有 token 中的名次；1 為機率最高",
            ),
        ),
        word(
            "likeliest",
            Text(
                en="likeliest token after the prompt, without the space before it",
                zh_hant="提示之後機率最高的 token，不含前面的空格",
            ),
        ),
    ),
)
def next_token_probability(
    bench: Bench, *, model: CausalLM, prompt: str, continuation: str
) -> Iterator[Draw]:
    """Probability that ``model`` goes on from ``prompt`` with ``continuation``.

    It is the product of that of each of its tokens, given all before it (Bengio et al. 2003,
    equation 1); its surprisal in bits is −log₂ of it (Shannon 1948). A continuation begins with the
    space before its first word. An error where it does not begin with a token of its own.
    """
    from quizproof.probes.methods.ranking import likeliest, rank

    each = model.log_probabilities(prompt, continuation)
    following = model.next_token(prompt)
    first = model.continued(prompt, continuation).ids[len(model.tokens(prompt))]
    least, place, most = rank(following, first, _TOLERANCE)
    close = Text(
        en="other tokens are as likely but for rounding",
        zh_hant="有其他 token 的機率僅有捨入誤差之差",
    )
    yield Draw(
        {
            "probability": float(each.sum().exp()),
            "surprisal": max(0.0, -float(each.sum()) / math.log(2)),
            "rank": place,
            "likeliest": written(model, likeliest(following, _TIED, "tokens")),
        },
        matrices=(likeliest_table(model, following.exp()),),
        unsure=Unsure({"rank": (least, most)}, close) if least < most else None,
    )


def written(model: CausalLM, token: int) -> str:
    """The token as text, without the space before it."""
    return str(model.tokenizer.decode([token])).strip()


def likeliest_table(model: CausalLM, probabilities: Tensor) -> Matrix:
    """The likeliest tokens of ``probabilities`` (V,)."""
    shown = probabilities.topk(min(_SHOWN, len(probabilities)))
    return Matrix(
        Text(en="the likeliest tokens after the prompt", zh_hant="提示之後機率最高的 token"),
        shown.values[:, None].float().numpy(),
        rows=tuple(written(model, token) for token in shown.indices.tolist()),
        columns=("p",),
        column_name=PROBABILITY,
        row_name=Text(en="token", zh_hant="token"),
    )
