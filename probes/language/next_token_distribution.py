"""The distribution that a causal language model's next token is drawn from."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from quizproof.probes.language.next_token import likeliest_table, written
from quizproof.probes.parameters import AnyTexts, Count, Name, Positive
from quizproof.probes.probe import Draw, Measure, Unsure, probe, word
from quizproof.probes.units import BITS, PLACE, PROBABILITY, TOKENS
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import CausalLM
    from quizproof.probes.bench import Bench

_TOLERANCE = 1e-4
_TIED = 1e-6  # logarithms of probabilities nearer than this are the same, in float32 logits


@probe(
    "next_token.distribution",
    finding=Text(
        en=(
            "With temperature {temperature}, top_k {top_k} and top_p {top_p}, {kept} "
            "tokens can be drawn, with an entropy of {entropy} bits; the likeliest, "
            "“{likeliest}”, has a probability of {most}. Of the tokens asked for, the "
            "probabilities are {probability_{item}}, and the places in the whole vocabulary "
            "{rank_{item}}."
        ),
        zh_hant=(
            "溫度 {temperature}、top_k {top_k}、top_p {top_p} 時，可能抽到的 token 有 {kept} "
            "個，熵為 {entropy} 位元；機率最高的「{likeliest}」機率為 {most}。所問各 token "
            "的機率：{probability_{item}}；"
            "在整個詞彙表中的名次：{rank_{item}}。"
        ),
    ),
    tolerance=_TOLERANCE,
    measures=(
        Measure(
            "probability_{item}",
            PROBABILITY,
            0,
            1,
            Text(
                en="probability of the token as it is drawn",
                zh_hant="抽樣時該 token 的機率",
            ),
            each="tokens",
        ),
        Measure(
            "rank_{item}",
            PLACE,
            1,
            math.inf,
            Text(
                en="place of the token in the whole vocabulary; 1 is the likeliest",
                zh_hant="該 token 在整個詞彙表中的名次；1 為機率最高",
            ),
            each="tokens",
        ),
        Measure(
            "entropy",
            BITS,
            0,
            math.inf,
            Text(
                en="entropy of the distribution that is drawn from",
                zh_hant="抽樣所用之機率分布的熵",
            ),
        ),
        Measure(
            "kept",
            TOKENS,
            1,
            math.inf,
            Text(
                en="tokens that can be drawn at all",
                zh_hant="可能被抽到的 token 數",
            ),
        ),
        Measure(
            "most",
            PROBABILITY,
            0,
            1,
            Text(
                en="probability of the likeliest token",
                zh_hant="機率最高之 token 的機率",
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
    example="""
    kind: single
    points: 1
    about: model
    prompt: After "The mother lost a hat and the king found", which is likelier at temperature 2?
    probe:
      name: next_token.distribution
      with:
        prompt: The mother lost a hat and the king found
        tokens: {it: " it", her: " her"}
        temperature: 2.0
    options:
      a: {text: it, rule: probability_it > probability_her}
      b: {text: her, rule: probability_her > probability_it}
    expected: [a]
    """,
)
def next_token_distribution(
    bench: Bench,
    *,
    model: CausalLM,
    prompt: Name,
    tokens: AnyTexts = {},  # noqa: B006 (read as a declaration, and never written to)
    temperature: Positive = 1.0,
    top_k: Count | None = None,
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None,
) -> Iterator[Draw]:
    """Probabilities that the token after ``prompt`` is drawn with, and their entropy.

    Logits are divided by ``temperature``; then only the ``top_k`` likeliest are kept, then the
    nucleus, the fewest likeliest that hold ``top_p`` of the probability (Holtzman et al. 2020,
    arXiv 1904.09751), and made to sum to 1: the exact distribution, of which nothing is drawn.
    Ranks are those of the whole vocabulary. ``tokens`` are asked for by names of your own, each
    with the space before it, or a special token by its name in the vocabulary. No token of a start
    is put in front of the prompt, as text.likelihood does; there is what the tokenizer writes.
    """
    from quizproof.probes.methods.next_token_distribution import distribution, entropy
    from quizproof.probes.methods.ranking import likeliest, rank

    following = model.next_token(prompt)
    drawn = distribution(following, temperature, top_k, top_p)
    values: dict[str, float | str] = {
        "entropy": entropy(drawn),
        "kept": int((drawn > 0).sum()),
        "most": float(drawn.max()),
        "likeliest": written(model, likeliest(following, _TIED, "tokens")),
    }
    within = {}
    for name, text in tokens.items():
        asked = model.next_token_id(prompt, text)
        least, place, most = rank(following, asked, _TOLERANCE)
        values |= {f"probability_{name}": float(drawn[asked]), f"rank_{name}": place}
        if least < most:
            within[f"rank_{name}"] = (least, most)
    close = Text(
        en="other tokens are as likely but for rounding",
        zh_hant="有其他 token 的機率僅有捨入誤差之差",
    )
    yield Draw(
        values,
        matrices=(likeliest_table(model, drawn),),
        unsure=Unsure(within, close) if within else None,
    )
