"""Function of a head in every layer: the tokens that most of a sentence's tokens attend to most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from quizproof.probes.parameters import Count, Names, distinct, some
from quizproof.probes.probe import Draw, Matrix, Measure, probe
from quizproof.probes.units import LAYER, SHARE
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import MaskedLM
    from quizproof.probes.bench import Bench

Functions: TypeAlias = Annotated[
    list[Literal["full_stop", "previous", "same", "next", "special"]], some, distinct
]
_CHINESE = {
    "full_stop": "最注意句號的比例",
    "previous": "最注意前一個 token 的比例",
    "same": "最注意相同的 token 的比例",
    "next": "最注意下一個 token 的比例",
    "special": "最注意 special token 的比例",
}


@probe(
    "head.functions",
    finding=Text(
        en=(
            "In the layer where most do, these shares of the tokens that could attend "
            "most by head {head} to such a token: {most_{item}}."
        ),
        zh_hant=("第 {head} 個 head 在比例最高的一層中，最注意該種 token 的比例：{most_{item}}。"),
    ),
    measures=(
        Measure(
            "most_{item}",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "of the tokens that have such a token: those that attend to it most; the most "
                    "of all layers"
                ),
                zh_hant="有這種 token 的 token 中，最注意它者的比例；取各層的最大值",
            ),
            each="functions",
        ),
    ),
)
def head_functions(
    bench: Bench, *, model: MaskedLM, sentences: Names, head: Count, functions: Functions
) -> Iterator[Draw]:
    """Share of tokens that attend most to tokens of each function, by head ``head`` (from 1).

    The share is that of the layer where it is largest. ``functions`` are relations between tokens:
    full_stop, previous, same, next, special. Special tokens are hidden as exBERT hides them, so
    that what goes to them is not looked at, but for the function ``special``; what they attend to
    is looked at for none. Raises RelationError.
    """
    import numpy as np

    from quizproof.probes.methods.attention_relations import RelationError, attend_most

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
        series={name: tuple(share[:, head - 1].tolist()) for name, share in shares.items()},
        series_name=LAYER,
        series_unit=SHARE,
        captions={
            name: Text(
                en=f"{_attend(name).en}, head {head}",
                zh_hant=f"第 {head} 個 head：{_attend(name).zh_hant}",
            )
            for name in shares
        },
        matrices=tuple(
            Matrix(
                _attend(name),
                share.astype(np.float32),
                rows=layers,
                columns=heads,
                row_name=LAYER,
                column_name=Text(en="head", zh_hant="head"),
                marked=tuple((layer, head - 1) for layer in range(len(layers))),
            )
            for name, share in shares.items()
        ),
    )


def _attend(function: str) -> Text:
    return Text(
        en=f"tokens that attend most to the {function.replace('_', ' ')} token",
        zh_hant=_CHINESE[function],
    )
