"""Whether the words that a masked word's place is nearest to have its part of speech."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from quizproof.probes.packs.texts import UPOS
from quizproof.probes.probe import Draw, Matrix, Measure, probe
from quizproof.questions.problems import QuizproofError

if TYPE_CHECKING:
    from quizproof.probes.bench import Bench


@probe(
    "masked_word.neighbours",
    roles=("english", "corpus"),
    measures=(
        Measure(
            "since_{item}",
            "share",
            -1,
            1,
            "of the neighbours: the masked word's part of speech less the commonest other one; "
            "the least of that layer and all after it",
            each="layers",
        ),
        Measure(
            "before_{item}",
            "share",
            -1,
            1,
            "of the neighbours: the masked word's part of speech less the commonest other one; "
            "the most of the layers before that one",
            each="layers",
        ),
        Measure(
            "first_layer",
            "layer",
            1,
            math.inf,
            "the first at which the masked word's part of speech is the commonest; "
            "one more than there are where it never is",
        ),
        Measure(
            "lasting_layer",
            "layer",
            1,
            math.inf,
            "from which on it is the commonest in every layer; "
            "one more than there are where it is not in the last",
        ),
        Measure("left_out", "share", 0, 1, "of the corpus's words: without a token of their own"),
    ),
    tolerance=0.04,  # one neighbour in another's place moves a lead by 2 of 50 at most
)
def masked_word_neighbours(
    bench: Bench,
    *,
    sentence: str,
    word: str,
    pos: str,
    layers: list[int],
    neighbours: int = 50,
    metric: Literal["cosine", "euclidean"] = "cosine",
) -> Iterator[Draw]:
    """The parts of speech of the corpus's words nearest to a mask in ``word``'s place.

    ``word`` of ``sentence`` becomes one [MASK]. After each layer, from 1, its embedding is compared
    with that of every word of the corpus (its first piece) after the same layer; the nearest
    ``neighbours`` words have parts of speech, and the layer is right where ``pos``, the masked
    word's, is the commonest of them. Where two are the commonest, neither is.
    """
    import numpy as np

    from quizproof.probes.methods.corpus_search import lead, nearest
    from quizproof.probes.models.corpus_reading import corpus_reading

    if pos not in UPOS:
        raise QuizproofError(f"{pos!r} is no UPOS tag; they are {' '.join(UPOS)}")
    model = bench.language("english")
    if wrong := [layer for layer in layers if not 1 <= layer <= model.layers]:
        raise QuizproofError(f"the model has {model.layers} layers, and no layer {wrong[0]}")
    tokens = model.tokens(sentence)
    first = tokens.find(word)
    start, _ = tokens.spans[first]
    masked = tokens.masked(tokens.cover(start, start + len(word)))
    states = model.read(masked).hidden_states[:, first]
    corpus = corpus_reading(bench, "english")
    found = []
    for layer in range(1, model.layers + 1):
        rows = nearest(states[layer], corpus.embeddings[layer], neighbours, metric)
        found.append([corpus.tags[row] for row in rows.tolist()])
    leads = [lead(tags, pos) for tags in found]
    right = [layer for layer, by in enumerate(leads, 1) if by > 0]
    wrong = [layer for layer, by in enumerate(leads, 1) if by <= 0]
    values = {
        **{f"since_{layer}": min(leads[layer - 1 :]) for layer in layers},
        **{f"before_{layer}": max(leads[: layer - 1], default=-1.0) for layer in layers},
        "first_layer": min(right, default=model.layers + 1),
        "lasting_layer": max(wrong, default=0) + 1,
        "left_out": corpus.left_out,
    }
    seen = sorted({tag for tags in found for tag in tags}, key=UPOS.index)
    counts = np.array([[tags.count(tag) for tag in seen] for tags in found])
    numbers = tuple(str(layer) for layer in range(1, model.layers + 1))
    yield Draw(
        values,
        series={
            f"{pos} among the neighbours": tuple(tags.count(pos) / neighbours for tags in found)
        },
        matrices=(
            Matrix(
                "parts of speech of the nearest words, by layer",
                (counts / neighbours).astype(np.float32),
                numbers,
                tuple(seen),
                "layer",
                "part of speech",
            ),
        ),
    )
