"""What comes next after a prompt that stands some places further back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.parameters import Count, Name
from quizproof.probes.probe import Draw, Measure, probe
from quizproof.probes.units import PROBABILITY
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import CausalLM
    from quizproof.probes.bench import Bench


@probe(
    "positions.shift",
    finding=Text(
        en=(
            "With every token of the prompt told a place {shift} further back, the distribution "
            "of the next token moves by {change}; 0 is the same distribution, 1 one with nothing "
            "in common."
        ),
        zh_hant=(
            "提示的每個 token 都往後移 {shift} 個位置時，下一個 token 的機率分布改變 {change}；0 "
            "表示分布相同，1 表示毫無共同。"
        ),
    ),
    tolerance=1e-4,
    measures=(
        Measure(
            "change",
            PROBABILITY,
            0,
            1,
            Text(
                en=(
                    "total variation of the next token's distributions with shifted places and "
                    "with the usual ones"
                ),
                zh_hant="移動與未移動時，下一個 token 之機率分布的總變差",
            ),
        ),
    ),
    example="""
    kind: single
    points: 1
    about: architecture
    because: an architecture either adds a vector for each place or looks at distances
    prompt: A prompt is told that it begins at place 9. Does what comes next change?
    probe: {name: positions.shift, with: {prompt: The cat sat on the, shift: 8}}
    thresholds:
      rounding: {value: 0.001, from: more than rounding moves a probability by}
    options:
      a: {text: It changes, rule: change > rounding}
      b: {text: It stays, rule: change <= rounding}
    expected: [a]
    """,
)
def positions_shift(bench: Bench, *, model: CausalLM, prompt: Name, shift: Count) -> Iterator[Draw]:
    """How far the next-token distribution moves when every token stands ``shift`` places later.

    Nothing stands before the prompt; each token is told another place. Absolute position embeddings
    (Radford et al. 2019) see that, rotary ones, which rest on distances alone, do not (Su et al.
    2021). The distance is total variation: 0 for the same, 1 for nothing in common.
    """
    from quizproof.probes.methods.distributions import softmax, total_variation
    from quizproof.probes.models.causal_passes import logits_at

    tokens = model.tokens(prompt)
    shifted = logits_at(model, tokens, range(shift, shift + len(tokens)))[-1]
    own = model.logits(prompt)[-1]
    yield Draw({"change": total_variation(softmax(own), softmax(shifted))})
