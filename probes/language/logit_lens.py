"""Place and probability of a word by layer, as the logit lens shows them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

from quizproof.probes.parameters import Count, Index, Name, distinct
from quizproof.probes.probe import Draw, Matrix, Measure, Unsure, probe, word
from quizproof.probes.units import LAYER, PLACE, PROBABILITY
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes import CausalLM, MaskedLM
    from quizproof.probes.bench import Bench

_TOLERANCE = 1e-4
_SHOWN = 5  # likeliest words in the end


@probe(
    "logit_lens.word",
    finding=Text(
        en=(
            "If the state after each layer were the last, “{word}” would be among the {top} "
            "likeliest tokens from layer {lasting_layer} on. It would be so for the first time at "
            "layer {first_layer}. Layer 0 is the embedding output; a layer beyond the model’s last "
            "means never. The likeliest token in the end is “{likeliest}”."
        ),
        zh_hant=(
            "若把各層之後的狀態當作最後一層，「{word}」從第 {lasting_layer} 層起都在機率最高的 "
            "{top} 個 token 之中，首次如此是在第 {first_layer} 層。第 0 層為 embedding output；超過"
            "最後一層表示從未如此。最後機率最高的 token 是「{likeliest}」。"
        ),
    ),
    tolerance=_TOLERANCE,
    measures=(
        Measure(
            "first_layer",
            LAYER,
            0,
            math.inf,
            Text(
                en=(
                    "first layer after which the word is among the likeliest, 0 for the embedding "
                    "output; one more than there are where it never is"
                ),
                zh_hant="該字詞首次名列前茅的層，0 為 embedding output；從未如此時為層數加一",
            ),
        ),
        Measure(
            "lasting_layer",
            LAYER,
            0,
            math.inf,
            Text(
                en=(
                    "layer from which on the word is among the likeliest in every layer; one more "
                    "than there are where it is not in the last"
                ),
                zh_hant="該字詞從該層起每一層都名列前茅；最後一層不是時為層數加一",
            ),
        ),
        Measure(
            "rank_{item}",
            PLACE,
            1,
            math.inf,
            Text(
                en="place of the word among all tokens after the layer; 1 is the likeliest",
                zh_hant="該層之後該字詞在所有 token 中的名次；1 為機率最高",
            ),
            each="layers",
        ),
        Measure(
            "probability_{item}",
            PROBABILITY,
            0,
            1,
            Text(
                en="probability of the word after the layer",
                zh_hant="該層之後該字詞的機率",
            ),
            each="layers",
        ),
        word(
            "likeliest",
            Text(
                en="likeliest token after the last layer, without the space before it",
                zh_hant="最後一層機率最高的 token，不含前面的空格",
            ),
        ),
    ),
    example="""
        kind: single
        points: 1
        about: model
        prompt: >-
          Through the logit lens, after "The nurse saw the teacher in the": from which layer on
          does " garden" stay among the ten likeliest next tokens?
        probe:
          name: logit_lens.word
          with:
            model: gpt
            prompt: The nurse saw the teacher in the
            word: " garden"
            top: 10
        options:
          a: {text: From layer 2 on or earlier, rule: lasting_layer < 2.5}
          b: {text: From a later layer on, rule: 2.5 < lasting_layer and lasting_layer < 4.5}
          c: {text: In the end it is not among them, rule: lasting_layer > 4.5}
        expected: [a]
    """,
)
def logit_lens_word(
    bench: Bench,
    *,
    model: CausalLM | MaskedLM,
    prompt: Name,
    word: Name,
    masked: Name | None = None,
    top: Count = 1,
    layers: Annotated[list[Index], distinct] = [],  # noqa: B006 (read as a declaration, and never written to)
) -> Iterator[Draw]:
    """Place of ``word`` among all tokens, were the state after each layer the last one.

    The logit lens (nostalgebraist, "interpreting GPT: the logit lens", 2020): the final
    normalisation and the unembedding after every layer, 0 the embedding output. ``word`` is one
    token: of a causal model the one after ``prompt``, and begins with its space; what it predicts
    at an earlier place is asked by a prompt that ends there. Of a masked model it is a token of
    the vocabulary in the place of the word ``masked`` of the prompt, and the whole head is put
    after every layer. A word is among the likeliest where its place is ``top`` or before.
    """
    from quizproof.probes.methods.next_token_distribution import require_fewer
    from quizproof.probes.methods.ranking import likeliest, rank
    from quizproof.probes.models.asked_word import asked_word
    from quizproof.probes.models.logit_lens import logit_lens

    _refuse_layers(layers, model.layers, model.description)
    asked = asked_word(model, prompt, word, masked)
    key = ("logit lens", model, asked.tokens.ids, asked.place)
    logits = bench.once(key, lambda: logit_lens(model, asked.tokens, asked.place)).double()
    require_fewer("top", top, logits.shape[1])
    ranks = [rank(row, asked.token, _TOLERANCE) for row in logits]
    all_probabilities = logits.softmax(dim=1)
    probabilities = all_probabilities[:, asked.token].tolist()
    possible, said, sure = ([p <= top for p in side] for side in zip(*ranks, strict=True))

    def written(token: int) -> str:
        return str(model.tokenizer.decode([token])).strip()

    yield Draw(
        {
            "first_layer": _first(said),
            "lasting_layer": _lasting(said),
            "likeliest": written(likeliest(logits[-1], _TOLERANCE, "tokens")),
            **{f"rank_{k}": ranks[k][1] for k in layers},
            **{f"probability_{k}": probabilities[k] for k in layers},
        },
        series={"probability": tuple(probabilities), "rank": tuple(float(r) for _, r, _ in ranks)},
        captions={
            "probability": Text(en=f"probability of {word!r}", zh_hant=f"{word!r} 的機率"),
            "rank": Text(en=f"place of {word!r}", zh_hant=f"{word!r} 的名次"),
        },
        series_start=0,
        series_name=LAYER,
        matrices=(_table(all_probabilities, asked.token, written),),
        unsure=_unsure(ranks, layers, sure, possible),
    )


def _first(there: Sequence[bool]) -> int:
    return there.index(True) if any(there) else len(there)


def _lasting(there: Sequence[bool]) -> int:
    return max((layer for layer, by in enumerate(there) if not by), default=-1) + 1


def _unsure(
    ranks: Sequence[tuple[int, int, int]],
    layers: Sequence[int],
    sure: Sequence[bool],
    possible: Sequence[bool],
) -> Unsure | None:
    within = {f"rank_{k}": (float(ranks[k][0]), float(ranks[k][2])) for k in layers}
    for name, of in (("first_layer", _first), ("lasting_layer", _lasting)):
        within[name] = float(of(possible)), float(of(sure))
    within = {name: (least, most) for name, (least, most) in within.items() if least < most}
    close = Text(
        en="other tokens are as likely but for rounding",
        zh_hant="有其他 token 的機率僅有捨入誤差之差",
    )
    return Unsure(within, close) if within else None


def _refuse_layers(layers: Sequence[int], count: int, description: str) -> None:
    if wrong := [layer for layer in layers if layer > count]:
        raise QuizproofError(
            f"{description} has no layer {wrong[0]}; its layers are 0 (embedding output) to {count}"
        )


def _table(probabilities: Tensor, asked: int, written: Callable[[int], str]) -> Matrix:
    """Probabilities by layer of the likeliest words in the end, and of the one asked of."""
    likeliest = probabilities[-1].topk(min(_SHOWN, probabilities.shape[1])).indices.tolist()
    shown = list(dict.fromkeys([*likeliest, asked]))
    return Matrix(
        Text(en="probability by layer", zh_hant="各層的機率"),
        probabilities[:, shown].T.float().numpy(),
        rows=tuple(written(token) for token in shown),
        columns=tuple(str(layer) for layer in range(len(probabilities))),
        row_name=Text(en="token", zh_hant="token"),
        column_name=LAYER,
    )
