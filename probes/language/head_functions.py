"""What a head does in every layer: how much of its attention goes to named tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.probe import Draw, Matrix, Measure, probe
from quizproof.questions.problems import QuizproofError

if TYPE_CHECKING:
    from quizproof.probes.bench import Bench


@probe(
    "head.functions",
    roles=("english",),
    measures=(
        Measure(
            "strongest_{item}",
            "share of attention",
            0,
            1,
            "that the head gives to such tokens, mean over the tokens that have one; "
            "the most of all layers",
            each="functions",
        ),
    ),
    tolerance=0.0001,
)
def head_functions(
    bench: Bench, *, sentences: list[str], head: int, functions: list[str]
) -> Iterator[Draw]:
    """How much of its attention head ``head`` (from 1) gives to what, in the layer where most.

    ``functions`` are relations between tokens: full_stop, previous, same, next, special. Special
    tokens are attended to, but what they attend to is not looked at.
    """
    import numpy as np

    from quizproof.probes.methods.attention_relations import RelationError, attention_to

    model = bench.language("english")
    if not 1 <= head <= model.heads:
        raise QuizproofError(f"the model has {model.heads} heads a layer, and no head {head}")
    readings = []
    for reading in model.read_all([model.tokens(sentence) for sentence in sentences]):
        if reading.attentions is None:
            raise RelationError(f"{model.description} gives no attention weights")
        readings.append((reading.tokens, reading.attentions))
    shares = {name: attention_to(name, readings).numpy() for name in functions}
    layers, heads = (tuple(str(k) for k in range(1, n + 1)) for n in (model.layers, model.heads))
    yield Draw(
        {f"strongest_{name}": float(share[:, head - 1].max()) for name, share in shares.items()},
        series={
            f"attention of head {head}: {_named(name)}": tuple(share[:, head - 1].tolist())
            for name, share in shares.items()
        },
        matrices=tuple(
            Matrix(
                f"attention: {_named(name)}",
                share.astype(np.float32),
                layers,
                heads,
                "layer",
                "head",
            )
            for name, share in shares.items()
        ),
    )


def _named(function: str) -> str:
    return f"{function.replace('_', ' ')} token"
