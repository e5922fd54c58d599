"""What settings of sampling do to the distribution of the next token, over prompts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from quizproof.probes.parameters import Count, Names, Positive
from quizproof.probes.probe import Draw, Measure, Unsure, probe
from quizproof.probes.units import BITS, TOKENS
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes import CausalLM
    from quizproof.probes.bench import Bench

_PROMPTS = Text(en="prompts", zh_hant="個提示")
_ROUNDING = 1e-9  # of ratios of probabilities, in float64
_ENTROPY = Text(en="entropy that the settings add", zh_hant="設定使熵增加的量")
_TIMES = Text(en="times", zh_hant="倍")
_MOST = Text(
    en="likeliest token's probability, as a multiple of that without the settings",
    zh_hant="機率最高之 token 的機率，為未設定時的幾倍",
)
_KEPT = Text(en="tokens that can be drawn", zh_hant="可能被抽到的 token 數")


def _bounds(name: str, unit: Text, low: float, high: float, help: Text) -> tuple[Measure, Measure]:
    least = Text(
        en=f"{help.en}; the least of the prompts", zh_hant=f"{help.zh_hant}；各提示的最小值"
    )
    most = Text(en=f"{help.en}; the most of the prompts", zh_hant=f"{help.zh_hant}；各提示的最大值")
    return (
        Measure(f"{name}_least", unit, low, high, least),
        Measure(f"{name}_most", unit, low, high, most),
    )


@probe(
    "next_token.settings",
    finding=Text(
        en=(
            "With temperature {temperature}, top_k {top_k} and top_p {top_p} (–: not set), the "
            "entropy changes by {entropy_gain_least} to {entropy_gain_most} bits from prompt to "
            "prompt, the likeliest token's probability becomes {most_factor_least} to "
            "{most_factor_most} times what it was, and {kept_least} to {kept_most} of "
            "{vocabulary} tokens can be drawn. Prompts after which another token is the "
            "likeliest: {likeliest_changed}; after which tokens kept change places: {reordered}. "
            "The ratio of two kept tokens' probabilities moves by at most {ratios} nats."
        ),
        zh_hant=(
            "溫度 {temperature}、top_k {top_k}、top_p {top_p}（–：未設定）時，各提示的熵改變 "
            "{entropy_gain_least} 至 {entropy_gain_most} 位元，最高機率成為原來的 "
            "{most_factor_least} 至 {most_factor_most} 倍，{vocabulary} 個 token 中可能抽到 "
            "{kept_least} 至 {kept_most} 個。機率最高的 token 改變的提示有 {likeliest_changed} 個，"
            "留下的 token 順序改變的有 {reordered} 個。留下的 token 之間的機率比至多變動 {ratios}"
            " 奈特。"
        ),
    ),
    tolerance=1e-6,
    measures=(
        *_bounds("entropy_gain", BITS, -math.inf, math.inf, _ENTROPY),
        *_bounds("most_factor", _TIMES, 0, math.inf, _MOST),
        *_bounds("kept", TOKENS, 1, math.inf, _KEPT),
        Measure(
            "vocabulary",
            TOKENS,
            1,
            math.inf,
            Text(
                en="tokens that the model gives a logit",
                zh_hant="模型給出 logit 的 token 總數",
            ),
        ),
        Measure(
            "likeliest_changed",
            _PROMPTS,
            0,
            math.inf,
            Text(
                en="prompts after which another token is the likeliest",
                zh_hant="機率最高之 token 改變的提示數",
            ),
        ),
        Measure(
            "reordered",
            _PROMPTS,
            0,
            math.inf,
            Text(
                en="prompts after which some of the tokens kept change places",
                zh_hant="留下的 token 之機率順序改變的提示數",
            ),
        ),
        Measure(
            "ratios",
            Text(en="nats", zh_hant="nat"),
            0,
            math.inf,
            Text(
                en=("most that the logarithm of two kept tokens' ratio of probabilities moves"),
                zh_hant="兩個留下的 token 之機率比，其自然對數變動的最大值",
            ),
        ),
    ),
    example="""
    kind: single
    points: 1
    about: method
    because: a temperature divides all logits by one number, which leaves their order
    prompt: Does a higher temperature make another token the likeliest?
    probe:
      name: next_token.settings
      with: {prompts: [The cat sat on the, A dog saw], temperature: 2.0}
    options:
      a: {text: It does not, rule: likeliest_changed < 0.5}
      b: {text: After some prompts, rule: likeliest_changed > 0.5}
    expected: [a]
    """,
)
def next_token_settings(
    bench: Bench,
    *,
    model: CausalLM,
    prompts: Names,
    temperature: Positive = 1.0,
    top_k: Count | None = None,
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None,
) -> Iterator[Draw]:
    """How ``temperature``, ``top_k`` and ``top_p`` change what the next token is drawn from.

    Each of ``prompts`` is continued with these settings and without any, which is temperature 1 and
    all of the vocabulary: exact distributions, of which nothing is drawn (Hinton et al. 2015; Fan
    et al. 2018; Holtzman et al. 2020).
    """
    from quizproof.probes.methods.next_token_distribution import CloseError, distribution

    if temperature == 1 and top_k is None and top_p in (None, 1):
        raise QuizproofError(
            "no setting differs from none: temperature 1, no top_k and no top_p; name one of them"
        )
    found, tied = [], False
    for prompt in prompts:
        logits = model.next_token(prompt)
        try:
            drawn = distribution(logits, temperature, top_k, top_p)
        except CloseError:  # of a large vocabulary one token more or less is no matter
            drawn, tied = distribution(logits, temperature, top_k, top_p, either=True), True
        found.append(_change(distribution(logits), drawn))
    entropies, mosts, kept = (
        [getattr(each, name) for each in found] for name in ("entropy", "most", "kept")
    )
    yield Draw(
        {
            "entropy_gain_least": min(entropies),
            "entropy_gain_most": max(entropies),
            "most_factor_least": min(mosts),
            "most_factor_most": max(mosts),
            "kept_least": min(kept),
            "kept_most": max(kept),
            "vocabulary": len(model.next_token(prompts[0])),
            "likeliest_changed": sum(each.other for each in found),
            "reordered": sum(each.reordered for each in found),
            "ratios": max(each.ratios for each in found),
        },
        unsure=_one_more_or_less(min(kept), max(kept)) if tied else None,
    )


def _one_more_or_less(least: int, most: int) -> Unsure:
    why = Text(
        en="rounding decides whether one token more is kept",
        zh_hant="是否多留一個 token 取決於捨入誤差",
    )
    bounds = {"kept_least": (least - 1, least + 1), "kept_most": (most - 1, most + 1)}
    return Unsure(bounds, why)


@dataclass(frozen=True)
class _Change:
    """One distribution against another: what is added to its entropy, and the rest."""

    entropy: float
    most: float
    kept: int
    other: bool  # whether another token is the likeliest
    reordered: bool
    ratios: float


def _change(plain: Tensor, drawn: Tensor) -> _Change:
    from quizproof.probes.methods.next_token_distribution import entropy

    kept = drawn > 0
    order = plain[kept].argsort(descending=True)
    ranked = drawn[kept][order]
    moved = (drawn[kept] / plain[kept]).log()
    return _Change(
        entropy=entropy(drawn) - entropy(plain),
        most=float(drawn.max() / plain.max()),
        kept=int(kept.sum()),
        other=bool(drawn[plain.argmax()] < drawn.max() * (1 - _ROUNDING)),
        reordered=bool((ranked[1:] > ranked[:-1] * (1 + _ROUNDING)).any()),
        ratios=float(moved.max() - moved.min()),
    )
