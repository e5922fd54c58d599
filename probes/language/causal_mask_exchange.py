"""What exchanging one token of a text changes, before it, at it and after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.parameters import Name
from quizproof.probes.probe import Draw, Measure, probe
from quizproof.probes.units import PROBABILITY
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import CausalLM
    from quizproof.probes.bench import Bench

_WHERE = {
    "before": Text(en="at the places before the token", zh_hant="在該 token 之前的位置"),
    "at": Text(en="at the token's own place", zh_hant="在該 token 本身的位置"),
    "after": Text(en="at the places after the token", zh_hant="在該 token 之後的位置"),
}


def _help(where: Text) -> Text:
    return Text(
        en=f"total variation of the next token's distributions {where.en}; the largest",
        zh_hant=f"{where.zh_hant}，下一個 token 機率分布的總變差；取最大值",
    )


@probe(
    "causal_mask.exchange",
    finding=Text(
        en=(
            "When one token is exchanged, the distribution of the next token moves by at most "
            "{change_before} at the places before it, by {change_at} at its own place and by at "
            "most {change_after} at those after it; 0 is the same distribution, 1 one with "
            "nothing in common."
        ),
        zh_hant=(
            "換掉一個 token 時，下一個 token 的機率分布在它之前的位置至多改變 {change_before}，在"
            "它本身的位置改變 {change_at}，在它之後的位置至多改變 {change_after}；0 表示分布相同，"
            "1 表示毫無共同。"
        ),
    ),
    tolerance=1e-4,
    measures=tuple(
        Measure(f"change_{name}", PROBABILITY, 0, 1, _help(where)) for name, where in _WHERE.items()
    ),
    example="""
    kind: single
    points: 1
    about: method
    because: a causal mask hides what comes later from every place, whatever the weights
    prompt: One word of a text is exchanged. Where does a causal model's output change?
    probe:
      name: causal_mask.exchange
      with: {text: The nurse saw her in the garden., other: The nurse saw him in the garden.}
    thresholds:
      rounding: {value: 0.001, from: more than rounding moves a probability by}
    options:
      a: {text: Before the word as well, rule: change_before > rounding}
      b: {text: From the word on, rule: change_before <= rounding and change_after > rounding}
      c: {text: At the word alone, rule: 'max(change_before, change_after) <= rounding'}
    expected: [b]
    """,
)
def causal_mask_exchange(
    bench: Bench, *, model: CausalLM, text: Name, other: Name
) -> Iterator[Draw]:
    """How far each place's next-token distribution moves when one token of ``text`` is exchanged.

    ``other`` is the text with that one token exchanged, neither its first nor its last. Under a
    causal mask a place sees none that come after it (Vaswani et al. 2017, section 3.2.3). The
    distance is total variation, half the sum of absolute differences: 0 for the same, 1 for nothing
    in common.
    """
    from quizproof.probes.methods.distributions import softmax, total_variation

    readings = model.read_all([model.tokens(text), model.tokens(other)])
    place = _exchanged(*(reading.tokens.names for reading in readings))
    logits = [reading.logits for reading in readings if reading.logits is not None]
    one, two = (softmax(each) for each in logits)
    changes = [total_variation(a, b) for a, b in zip(one, two, strict=True)]
    caption = Text(
        en=f"change at each token; token {place + 1} was exchanged",
        zh_hant=f"各 token 處的變化；被換掉的是第 {place + 1} 個",
    )
    yield Draw(
        {
            "change_before": max(changes[:place]),
            "change_at": changes[place],
            "change_after": max(changes[place + 1 :]),
        },
        series={"change": tuple(changes)},
        captions={"change": caption},
    )


def _exchanged(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """The place of the one token that differs. Raises QuizproofError."""
    if len(one) != len(other):
        raise QuizproofError(
            f"text has {len(one)} tokens and other {len(other)}, so that more than one is "
            f"exchanged; take words of as many pieces: {' '.join(one)}"
        )
    differing = [k for k, pair in enumerate(zip(one, other, strict=True)) if len(set(pair)) > 1]
    if len(differing) != 1 or not 0 < differing[0] < len(one) - 1:
        raise QuizproofError(
            f"text and other differ in {len(differing)} tokens "
            f"({', '.join(one[k] for k in differing) or 'none'}); exchange one token that has "
            "others before it and after it"
        )
    return differing[0]
