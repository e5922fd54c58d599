"""Sentences of a pack that are nearest to a text, by a model's vectors."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

from quizproof.probes.parameters import Count, Index, Name
from quizproof.probes.probe import Draw, Matrix, Measure, probe, word
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes import CausalLM, Corpus, Encoder, MaskedLM, Sentences
    from quizproof.probes.bench import Bench

Metric: TypeAlias = Literal["cosine", "euclidean", "inner_product"]
_UNIT = Text(
    en="1 − cosine, distance, or −(inner product)", zh_hant="1 − 餘弦、歐氏距離，或 −（內積）"
)


@probe(
    "sentences.nearest",
    tolerance=1e-4,
    finding=Text(
        en="Nearest to “{text}” is “{nearest}”, at {distance}; the next is farther by {ahead}.",
        zh_hant="最接近「{text}」的是「{nearest}」，距離 {distance}；下一句再遠 {ahead}。",
    ),
    measures=(
        word(
            "nearest",
            Text(
                en="sentence nearest to the text",
                zh_hant="與該文字最接近的句子",
            ),
        ),
        Measure(
            "distance",
            _UNIT,
            -math.inf,
            math.inf,
            Text(
                en="distance of the nearest sentence from the text",
                zh_hant="最接近的句子與該文字的距離",
            ),
        ),
        Measure(
            "ahead",
            _UNIT,
            0,
            math.inf,
            Text(
                en="distance of the next nearest sentence, less that of the nearest",
                zh_hant="次近的句子比最接近的句子再遠多少",
            ),
        ),
    ),
    example="""
        kind: single
        points: 1
        about: model
        prompt: >-
          Which sentence of the corpus is nearest to "The nurse saw the teacher." after layer 6?
        probe:
          name: sentences.nearest
          with: {model: english, sentences: corpus, text: The nurse saw the teacher., layer: 6}
        options:
          a: {text: The teacher saw the nurse., rule: nearest == 'The teacher saw the nurse.'}
          b: {text: Another one, rule: nearest != 'The teacher saw the nurse.'}
        expected: [b]
    """,
)
def sentences_nearest(
    bench: Bench,
    *,
    model: Encoder | MaskedLM | CausalLM,
    sentences: Sentences | Corpus,
    text: Name,
    layer: Index | None = None,
    metric: Metric = "cosine",
    shown: Count = 5,
) -> Iterator[Draw]:
    """The one of ``sentences`` whose vector is nearest to that of ``text``, ``text`` itself aside.

    A vector is the mean state of the tokens after ``layer``, special ones left out, 0 the embedding
    output; an encoder's own where no layer is named: of length 1 where its files or the pack say
    that it normalises, else the pooled states as they are. Distances are 1 − cosine similarity,
    Euclidean distances, or minus inner products. An error where two are as near. Raises
    SearchError.
    """
    from quizproof.probes.methods.corpus_search import distances

    others = list(dict.fromkeys(one.text for one in sentences.sentences if one.text != text))
    if len(others) < 2:
        raise QuizproofError(f"{len(others)} other sentences have no nearest one; take two or more")
    vectors = _vectors(model, [text, *others], layer)
    found = distances(vectors[0], vectors[1:], metric)
    order = found.argsort(stable=True).tolist()
    ahead = float(found[order[1]] - found[order[0]])
    if ahead <= 1e-6 * max(1.0, float(found.abs().max())):
        raise QuizproofError(
            f"“{others[order[0]]}” and “{others[order[1]]}” are as near as each other; "
            "ask about another text or layer"
        )
    nearest = order[: min(shown, len(order))]
    yield Draw(
        {"nearest": others[order[0]], "distance": float(found[order[0]]), "ahead": ahead},
        matrices=(
            Matrix(
                Text(en=f"distance from “{text}”", zh_hant=f"與「{text}」的距離"),
                found[nearest][:, None].float().numpy(),
                rows=tuple(others[k] for k in nearest),
                columns=(metric,),
                row_name=Text(en="sentence", zh_hant="句子"),
                column_name=Text(en="measure", zh_hant="度量"),
            ),
        ),
    )


def _vectors(
    model: Encoder | MaskedLM | CausalLM, texts: Sequence[str], layer: int | None
) -> Tensor:
    import torch

    from quizproof.probes.models.encoder import Encoder

    if layer is None:
        if not isinstance(model, Encoder):
            raise QuizproofError(f"{model.description} has no vector of a text; name a layer")
        return model.embeddings(list(texts))
    if layer > model.layers:
        raise QuizproofError(
            f"{model.description} has no layer {layer}; "
            f"its layers are 0 (embedding output) to {model.layers}"
        )
    vectors = []
    for reading in model.read_all([model.tokens(text) for text in texts]):
        kept = [k for k, special in enumerate(reading.tokens.special()) if not special]
        vectors.append(reading.hidden_states[layer, kept].mean(dim=0))
    return torch.stack(vectors)
