"""What the order of a prompt's tokens changes, with their places and without."""

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


@probe(
    "positions.order",
    finding=Text(
        en=(
            "With the prompt's tokens in another order, the distribution of the next token moves "
            "by {change_own} where each token is told its own place, and by {change_same} where "
            "all are told the same place; 0 is the same distribution, 1 one with nothing in "
            "common."
        ),
        zh_hant=(
            "提示的 token 換成另一種順序時，若各 token 有自己的位置，下一個 token 的機率分布改變 "
            "{change_own}；若所有 token 的位置都相同，則改變 {change_same}；0 表示分布相同，1 表"
            "示毫無共同。"
        ),
    ),
    tolerance=1e-4,
    measures=(
        Measure(
            "change_own",
            PROBABILITY,
            0,
            1,
            Text(
                en=(
                    "total variation of the next token's distributions for the two orders, each "
                    "token told its own place"
                ),
                zh_hant="每個 token 各有其位置時，兩種順序下的下一個 token 機率分布之總變差",
            ),
        ),
        Measure(
            "change_same",
            PROBABILITY,
            0,
            1,
            Text(
                en=(
                    "total variation of the next token's distributions for the two orders, every "
                    "token told the same place"
                ),
                zh_hant="所有 token 都給同一個位置時，兩種順序下的下一個 token 機率分布之總變差",
            ),
        ),
    ),
    example="""
    kind: single
    points: 1
    about: method
    because: in a second layer, the causal mask tells the order of the tokens before
    prompt: Without positions, does a causal model of two layers or more see the order of words?
    probe: {name: positions.order, with: {prompt: The cat saw a dog., other: The dog saw a cat.}}
    thresholds:
      rounding: {value: 0.001, from: more than rounding moves a probability by}
    options:
      a: {text: It does, rule: change_same > rounding}
      b: {text: It does not, rule: change_same <= rounding}
    expected: [a]
    """,
)
def positions_order(bench: Bench, *, model: CausalLM, prompt: Name, other: Name) -> Iterator[Draw]:
    """How far the next-token distribution moves when a prompt's tokens stand in another order.

    ``other`` has the same tokens, the last one in its place. With every token told one and the same
    place, position embeddings say nothing about the order; the causal mask still does (Haviv et al.
    2022). The distance is total variation: 0 for the same, 1 for nothing in common.
    """
    from quizproof.probes.methods.distributions import softmax, total_variation
    from quizproof.probes.models.causal_passes import logits_at

    one, two = model.tokens(prompt), model.tokens(other)
    if one.ids == two.ids or sorted(one.ids) != sorted(two.ids) or one.ids[-1] != two.ids[-1]:
        raise QuizproofError(
            "other must have the tokens of prompt in another order, the last one last: "
            f"{' '.join(one.names)} and {' '.join(two.names)}"
        )
    same = [logits_at(model, each, [0] * len(each))[-1] for each in (one, two)]
    own = [
        reading.logits[-1] for reading in model.read_all([one, two]) if reading.logits is not None
    ]
    yield Draw(
        {
            "change_own": total_variation(*map(softmax, own)),
            "change_same": total_variation(*map(softmax, same)),
        }
    )
