"""What the attention weights of a text add up to."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.parameters import Name
from quizproof.probes.probe import Draw, Matrix, Measure, probe
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import CausalLM, MaskedLM
    from quizproof.probes.bench import Bench

_WEIGHT = Text(en="attention", zh_hant="注意力權重")


def _sums(name: str, high: float, help: Text) -> tuple[Measure, Measure]:
    return (
        Measure(
            f"{name}_least",
            _WEIGHT,
            0,
            high,
            Text(
                en=f"{help.en}; the least of the tokens",
                zh_hant=f"{help.zh_hant}；各 token 的最小值",
            ),
        ),
        Measure(
            f"{name}_most",
            _WEIGHT,
            0,
            high,
            Text(
                en=f"{help.en}; the most of the tokens",
                zh_hant=f"{help.zh_hant}；各 token 的最大值",
            ),
        ),
    )


@probe(
    "attention.sums",
    finding=Text(
        en=(
            "The attention that a token gives to all that it looks at adds up to {row_least} at "
            "the least and {row_most} at the most. What a token gets from all that look at it adds "
            "up to {column_least} at the least and {column_most} at the most. The most that a "
            "token gives to a later one is {later}."
        ),
        zh_hant=(
            "一個 token 對所看的各 token 給出的注意力權重，總和最小為 {row_least}，最大為 "
            "{row_most}。一個 token 從看它的各 token 得到的，總和最小為 {column_least}，最大為 "
            "{column_most}。給後面某個 token 的權重最大為 {later}。"
        ),
    ),
    tolerance=1e-6,
    measures=(
        *_sums(
            "row",
            math.inf,
            Text(
                en="sum of the attention that a token gives to all that it looks at",
                zh_hant="一個 token 對所看的各 token 給出的注意力權重總和",
            ),
        ),
        *_sums(
            "column",
            math.inf,
            Text(
                en="sum of the attention that a token gets from all that look at it",
                zh_hant="一個 token 從看它的各 token 得到的注意力權重總和",
            ),
        ),
        Measure(
            "later",
            _WEIGHT,
            0,
            math.inf,
            Text(
                en="most attention that a token gives to a later one",
                zh_hant="token 給後面某個 token 的注意力權重之最大值",
            ),
        ),
    ),
    example="""
    kind: single
    points: 1
    about: method
    because: softmax is taken over the tokens that are looked at
    prompt: Which attention weights add up to 1?
    probe: {name: attention.sums, with: {model: gpt, text: The cat sat on the mat.}}
    thresholds:
      rounding: {value: 0.00001, from: float32 keeps seven digits}
    options:
      a:
        text: Those that a token gives
        rule: 'max(abs(row_least - 1), abs(row_most - 1)) <= rounding'
      b:
        text: Those that a token gets
        rule: 'max(abs(column_least - 1), abs(column_most - 1)) <= rounding'
    expected: [a]
    """,
)
def attention_sums(bench: Bench, *, model: CausalLM | MaskedLM, text: Name) -> Iterator[Draw]:
    """Sums of attention weights by row and by column, over all layers and heads.

    A row is a token that looks, a column one that is looked at: softmax(QKᵀ ∕ √d) is taken over
    those that are looked at (Vaswani et al. 2017, equation 1). ``text`` has two tokens at least.
    """
    import torch

    reading = model.read(model.tokens(text))
    weights, names = reading.attentions, reading.tokens.names
    assert weights is not None
    if len(names) < 2:
        raise QuizproofError(f"{text!r} is one token, which has none to look at; write more")
    rows, columns = weights.double().sum(3), weights.double().sum(2)
    later = weights.triu(1).max()
    yield Draw(
        {
            "row_least": float(rows.min()),
            "row_most": float(rows.max()),
            "column_least": float(columns.min()),
            "column_most": float(columns.max()),
            "later": float(later),
        },
        matrices=(
            Matrix(
                Text(
                    en="attention, the mean over layers and heads",
                    zh_hant="注意力權重，各層各 head 的平均",
                ),
                weights.mean((0, 1)).to(torch.float32).numpy(),
                rows=names,
                columns=names,
                row_name=Text(en="token that looks", zh_hant="看的 token"),
                column_name=Text(en="token looked at", zh_hant="被看的 token"),
            ),
        ),
    )
