"""Likelihood of texts to a language model: in total, of each token and of each character."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from quizproof.probes.parameters import Texts
from quizproof.probes.probe import Draw, Matrix, Measure, probe
from quizproof.probes.units import BITS, TOKENS
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes import CausalLM, MaskedLM
    from quizproof.probes.bench import Bench

_NATS = Text(en="nats", zh_hant="nat")


@probe(
    "text.likelihood",
    finding=Text(
        en=(
            "The log-likelihoods of the texts are {total_{item}} in all, and {per_token_{item}} "
            "for each token on average, in nats; nearer to 0 is likelier. By character "
            "they take {bits_per_character_{item}} bits."
        ),
        zh_hant=(
            "各段文字的對數概似總和（nat）：{total_{item}}；平均每個 token：{per_token_{item}}；"
            "越接近 0 越可能。平均每個字元的位元數：{bits_per_character_{item}}。"
        ),
    ),
    tolerance=1e-3,
    measures=(
        Measure(
            "total_{item}",
            _NATS,
            -math.inf,
            0,
            Text(
                en="log-likelihood of the text: the sum over its tokens",
                zh_hant="文字的對數概似：各 token 之和",
            ),
            each="texts",
        ),
        Measure(
            "per_token_{item}",
            _NATS,
            -math.inf,
            0,
            Text(
                en="log-likelihood of a token of the text: the mean",
                zh_hant="該文字每個 token 的平均對數概似",
            ),
            each="texts",
        ),
        Measure(
            "perplexity_{item}",
            Text(en="tokens to choose from", zh_hant="相當於幾個 token 擇一"),
            1,
            math.inf,
            Text(
                en=(
                    "perplexity of the text: e to the power of minus a token's mean log-likelihood"
                ),
                zh_hant="該文字的困惑度：e 的（負平均對數概似）次方",
            ),
            each="texts",
        ),
        Measure(
            "bits_per_character_{item}",
            BITS,
            0,
            math.inf,
            Text(
                en=("bits for each character of the text, by which tokenizers can be compared"),
                zh_hant="該文字平均每個字元的位元數，可在不同 tokenizer 之間比較",
            ),
            each="texts",
        ),
        Measure(
            "tokens_{item}",
            TOKENS,
            1,
            math.inf,
            Text(
                en="tokens of the text that are counted",
                zh_hant="該文字計入的 token 數",
            ),
            each="texts",
        ),
    ),
    example="""
    kind: single
    points: 1
    about: model
    prompt: Which sentence does the model take to be likelier?
    probe:
      name: text.likelihood
      with:
        model: english
        texts: {good: The nurse saw her., bad: The nurse her saw.}
    options:
      a: {text: The nurse saw her., rule: total_good > total_bad}
      b: {text: The nurse her saw., rule: total_bad > total_good}
    expected: [a]
    """,
)
def text_likelihood(
    bench: Bench,
    *,
    model: CausalLM | MaskedLM,
    texts: Texts,
    given: Literal["start", "nothing"] = "start",
) -> Iterator[Draw]:
    """Log-likelihood that ``model`` gives each of ``texts``, which have names of your own.

    Of a causal model it is that of each token given all before it. With ``given: start`` the token
    that a text starts with (its tokenizer's beginning of sequence) is put in front as a token 0,
    unless the tokenizer puts it there by itself, so that the text's first token is given it and
    counts; with ``given: nothing`` the first is left out. Of a masked model it is the
    pseudo-log-likelihood, each token where it alone is masked (Salazar et al. 2020, arXiv
    1910.14659). The perplexity is Jelinek et al.'s (1977).
    """
    from quizproof.probes.methods.text_likelihood import log_probabilities

    values: dict[str, float | str] = {}
    tables = []
    for name, text in texts.items():
        each, names = log_probabilities(model, text, given)
        total, mean = float(each.sum()), float(each.mean())
        values |= {
            f"total_{name}": min(0.0, total),
            f"per_token_{name}": min(0.0, mean),
            f"perplexity_{name}": max(1.0, math.exp(min(700.0, -mean))),
            f"bits_per_character_{name}": max(0.0, -total / len(text) / math.log(2)),
            f"tokens_{name}": len(names),
        }
        tables.append(_table(name, each, names))
    yield Draw(values, matrices=tuple(tables))


def _table(name: str, each: Tensor, names: Sequence[str]) -> Matrix:
    return Matrix(
        Text(en=f"bits of each token of “{name}”", zh_hant=f"「{name}」各 token 的位元數"),
        (-each[None] / math.log(2)).float().numpy(),
        rows=("",),
        columns=tuple(names),
        row_name=BITS,
        column_name=Text(en="token", zh_hant="token"),
    )
