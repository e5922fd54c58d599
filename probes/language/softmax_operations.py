"""What arithmetic on logits changes in the probabilities that softmax makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import Field

from quizproof.probes.parameters import Name, distinct, some
from quizproof.probes.probe import Draw, Measure, probe
from quizproof.probes.units import PROBABILITY
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes import CausalLM
    from quizproof.probes.bench import Bench

Operations: TypeAlias = Annotated[
    list[Literal["add_to_all", "subtract_largest", "multiply", "add_to_likeliest"]], some, distinct
]


@probe(
    "softmax.operations",
    finding=Text(
        en=(
            "With an amount of {amount}, these operations on the logits move the distribution of "
            "the next token by so much: {change_{item}}; 0 is the same distribution, 1 one with "
            "nothing in common."
        ),
        zh_hant=(
            "運算所用的數為 {amount} 時，各種對 logit 的運算使下一個 token 的機率分布改變："
            "{change_{item}}；0 表示分布相同，1 表示毫無共同。"
        ),
    ),
    tolerance=1e-9,
    measures=(
        Measure(
            "change_{item}",
            PROBABILITY,
            0,
            1,
            Text(
                en=(
                    "total variation of the next token's distributions before and after the "
                    "operation"
                ),
                zh_hant="運算前後，下一個 token 之機率分布的總變差",
            ),
            each="operations",
        ),
    ),
    example="""
    kind: multiple
    points: 1
    about: method
    because: exp(z + c) is exp(c) exp(z), and exp(c) is divided out
    prompt: Which of these changes the probabilities?
    probe:
      name: softmax.operations
      with: {prompt: The cat sat on the, operations: [add_to_all, multiply], amount: 2.0}
    thresholds:
      rounding: {value: 0.000001, from: the same logits are taken in float64}
    options:
      a: {text: Adding 2 to every logit, rule: change_add_to_all > rounding}
      b: {text: Multiplying every logit by 2, rule: change_multiply > rounding}
    expected: [b]
    """,
)
def softmax_operations(
    bench: Bench,
    *,
    model: CausalLM,
    prompt: Name,
    operations: Operations,
    amount: Annotated[float, Field(ge=-1_000_000, le=1_000_000)],
) -> Iterator[Draw]:
    """How far each of ``operations`` on the logits after ``prompt`` moves the softmax of them.

    ``add_to_all`` adds ``amount`` to every logit, ``add_to_likeliest`` to the largest alone,
    ``multiply`` multiplies every logit by it, ``subtract_largest`` takes the largest logit from
    all, as implementations do against overflow (Goodfellow et al. 2016, section 4.1). The distance
    is total variation: 0 for the same, 1 for nothing in common.
    """
    from quizproof.probes.methods import distributions

    logits = model.logits(prompt)[-1].double()
    before = distributions.softmax(logits)
    yield Draw(
        {
            f"change_{name}": distributions.total_variation(
                before, distributions.softmax(_OPERATIONS[name](logits, amount))
            )
            for name in operations
        }
    )


def _add_to_likeliest(logits: Tensor, amount: float) -> Tensor:
    raised = logits.clone()
    raised[logits.argmax()] += amount
    return raised


_OPERATIONS: dict[str, Callable[[Tensor, float], Tensor]] = {
    "add_to_all": lambda logits, amount: logits + amount,
    "subtract_largest": lambda logits, amount: logits - logits.max(),
    "multiply": lambda logits, amount: logits * amount,
    "add_to_likeliest": _add_to_likeliest,
}
