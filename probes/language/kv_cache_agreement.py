"""A text continued with its keys and values kept, and with all of it read anew each time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from quizproof.probes.parameters import Name
from quizproof.probes.probe import Draw, Measure, probe
from quizproof.probes.units import PROBABILITY, TOKENS
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import CausalLM
    from quizproof.probes.bench import Bench


@probe(
    "kv_cache.agreement",
    finding=Text(
        en=(
            "Keeping keys and values moves the distribution of the first new token by "
            "{change_first}, and those of later ones by at most {change_later}, against reading "
            "all anew. 0 is the same distribution, 1 one with nothing in common. The prompt has "
            "{prompt_tokens} tokens, and {tokens} new ones are written. {read_kept} tokens go "
            "through the layers where keys and values are kept, and {read_anew} where they are not."
        ),
        zh_hant=(
            "保留 key 與 value，相較於全部重算，第一個新 token 的機率分布改變 {change_first}，其後"
            "各新 token 至多改變 {change_later}。0 表示分布相同，1 表示毫無共同。提示有 "
            "{prompt_tokens} 個 token，寫出 {tokens} 個新 token。保留時通過各層的 token 共 "
            "{read_kept} 個，不保留時共 {read_anew} 個。"
        ),
    ),
    tolerance=1e-4,
    measures=(
        Measure(
            "change_first",
            PROBABILITY,
            0,
            1,
            Text(
                en=(
                    "total variation of the first new token's distributions with keys and values "
                    "kept and with all read anew"
                ),
                zh_hant="第一個新 token 的機率分布：保留與重算之間的總變差",
            ),
        ),
        Measure(
            "change_later",
            PROBABILITY,
            0,
            1,
            Text(
                en=(
                    "total variation of a later token's distributions with keys and values kept "
                    "and with all read anew; the largest"
                ),
                zh_hant="其後各新 token 的機率分布：保留與重算之間的總變差，取最大值",
            ),
        ),
        Measure(
            "prompt_tokens",
            TOKENS,
            1,
            math.inf,
            Text(
                en="number of tokens in the prompt",
                zh_hant="提示的 token 數",
            ),
        ),
        Measure(
            "read_kept",
            TOKENS,
            1,
            math.inf,
            Text(
                en="tokens that go through the layers with keys and values kept",
                zh_hant="保留 key 與 value 時，通過各層的 token 總數",
            ),
        ),
        Measure(
            "read_anew",
            TOKENS,
            1,
            math.inf,
            Text(
                en="tokens that go through the layers when all is read anew each time",
                zh_hant="每次都全部重算時，通過各層的 token 總數",
            ),
        ),
    ),
    example="""
    kind: single
    points: 1
    about: method
    because: under a causal mask, keys and values rest on what comes before alone
    prompt: What does a cache of keys and values change in the probabilities of new tokens?
    probe: {name: kv_cache.agreement, with: {prompt: The cat sat on the, tokens: 6}}
    thresholds:
      rounding: {value: 0.001, from: more than rounding moves a probability by}
    options:
      a: {text: Nothing, rule: 'max(change_first, change_later) <= rounding'}
      b: {text: Those of the later ones, rule: change_later > rounding}
    expected: [a]
    """,
)
def kv_cache_agreement(
    bench: Bench, *, model: CausalLM, prompt: Name, tokens: Annotated[int, Field(ge=2, le=4096)]
) -> Iterator[Draw]:
    """How far a cache of keys and values moves the distributions of ``tokens`` new tokens.

    The likeliest token is chosen each time. Under a causal mask the keys and values of a token rest
    on what comes before it alone, so that they can be kept (Pope et al. 2022, section 2). The
    distance is total variation: 0 for the same, 1 for nothing in common.
    """
    from quizproof.probes.methods.distributions import softmax, total_variation
    from quizproof.probes.models.causal_passes import continued_anew, continued_cached

    start = model.tokens(prompt)
    kept, anew = (run(model, start, tokens) for run in (continued_cached, continued_anew))
    changes = [
        total_variation(softmax(one), softmax(other))
        for one, other in zip(kept.logits, anew.logits, strict=True)
    ]
    caption = Text(en="change at each new token", zh_hant="各新 token 處的變化")
    yield Draw(
        {
            "change_first": changes[0],
            "change_later": max(changes[1:]),
            "prompt_tokens": len(start),
            "read_kept": kept.places,
            "read_anew": anew.places,
        },
        series={"change": tuple(changes)},
        captions={"change": caption},
    )
