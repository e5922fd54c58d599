"""Function of a head in every layer: the tokens that most of a sentence's tokens attend to most."""

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
            "most_{item}",
            "share",
            0,
            1,
            "of the tokens that have such a token: those that attend to it most; "
            "the most of all layers",
            each="functions",
        ),
    ),
)
def head_functions(
    bench: Bench, *, sentences: list[str], head: int, functions: list[str]
) -> Iterator[Draw]:
    """Share of tokens that attend most to tokens of each function, by head ``head`` (from 1).

    The share is that of the layer where it is largest. ``functions`` are relations between tokens:
    full_stop, previous, same, next, special. Special tokens are hidden as exBERT hides them, so
    that what goes to them is not looked at, but for the function ``special``; what they attend to
    is looked at for none. Raises RelationError.
    """
    import numpy as np

    from quizproof.probes.methods.attention_relations import RelationError, attend_most

    model = bench.language("english")
    if not 1 <= head <= model.heads:
        raise QuizproofError(f"the model has {model.heads} heads a layer, and no head {head}")
    readings = []
    for reading in model.read_all([model.tokens(sentence) for sentence in sentences]):
        if reading.attentions is None:
            raise RelationError(
                f"{model.description} gives no attention weights; "
                'load it with attn_implementation="eager"'
            )
        readings.append((reading.tokens, reading.attentions))
    shares = {name: attend_most(name, readings).numpy() for name in functions}
    layers, heads = (tuple(str(k) for k in range(1, n + 1)) for n in (model.layers, model.heads))
    yield Draw(
        {f"most_{name}": float(share[:, head - 1].max()) for name, share in shares.items()},
        series={
            f"tokens that attend most to the {_named(name)}, head {head}": tuple(
                share[:, head - 1].tolist()
            )
            for name, share in shares.items()
        },
        matrices=tuple(
            Matrix(
                f"tokens that attend most to the {_named(name)}",
                share.astype(np.float32),
                rows=layers,
                columns=heads,
                row_name="layer",
                column_name="head",
            )
            for name, share in shares.items()
        ),
    )


def _named(function: str) -> str:
    return f"{function.replace('_', ' ')} token"
