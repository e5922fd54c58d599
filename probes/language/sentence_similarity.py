"""How alike an encoder takes two texts to be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.probe import Draw, Measure, probe
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Encoder
    from quizproof.probes.bench import Bench


@probe(
    "sentence.similarity",
    finding=Text(
        en="The vectors of the two texts have a cosine similarity of {similarity}.",
        zh_hant="兩段文字的向量，餘弦相似度為 {similarity}。",
    ),
    tolerance=1e-4,
    example="""
    kind: single
    points: 1
    about: model
    prompt: How alike are the vectors of "How old are you?" and "What is your age?"?
    probe:
      name: sentence.similarity
      with: {one: "How old are you?", other: "What is your age?"}
    options:
      a: {text: Above a half, rule: similarity > 0.5}
      b: {text: Not above a half, rule: similarity <= 0.5}
    expected: [a]
    """,
    measures=(
        Measure(
            "similarity",
            Text(en="cosine", zh_hant="餘弦"),
            -1,
            1,
            Text(
                en="cosine similarity of the two texts' vectors",
                zh_hant="兩段文字向量的餘弦相似度",
            ),
        ),
    ),
)
def sentence_similarity(bench: Bench, *, model: Encoder, one: str, other: str) -> Iterator[Draw]:
    """Cosine similarity of the vectors that ``model`` gives the texts ``one`` and ``other``.

    It is the product of the two vectors divided by that of their lengths (Reimers & Gurevych 2019,
    arXiv 1908.10084): 1 for the same direction, 0 for none in common.
    """
    from quizproof.probes.methods.embedding_similarity import cosine_similarity

    first, second = model.embeddings([one, other]).double().numpy()
    yield Draw({"similarity": float(cosine_similarity(first, second))})
