"""Triples of context, question and answer as a pack's readers read them, for several probes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from quizproof.probes.packs.pack import MissingError
from quizproof.probes.probe import Scatter
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes.bench import Bench
    from quizproof.probes.models.language_models import Reading
    from quizproof.probes.models.reading_comprehension import Reader
    from quizproof.probes.packs.texts import Triple, Triples

_CAPTIONS = {
    "question": Text(en="question", zh_hant="問題"),
    "context": Text(en="context", zh_hant="文章"),
    "answer": Text(en="answer", zh_hant="答案"),
    "relevant part": Text(en="relevant part", zh_hant="文章中與問題有關的部分"),
}


def triple(asked: Triples, number: int) -> Triple:
    """Triple ``number``, from 1. Raises MissingError."""
    if not 1 <= number <= len(asked.triples):
        raise MissingError(f"{asked.description} has no triple {number}")
    return asked.triples[number - 1]


def reading(bench: Bench, reader: Reader, asked: Triples, number: int) -> Reading:
    """Triple ``number``, from 1, as ``reader`` reads it. Raises QuizproofError."""
    one = triple(asked, number)
    return bench.once(("reading", reader, asked, number), lambda: reader.reading(number - 1, one))


def mean_by_layer(each: Sequence[Sequence[float]], reader: str) -> tuple[float, ...]:
    """The mean over triples of something that each layer has. Raises QuizproofError."""
    import numpy as np

    if len({len(one) for one in each}) != 1:
        raise QuizproofError(
            f"{reader} has {' and '.join(sorted({str(len(one)) for one in each}))} "
            "hidden states of different triples; they are of different models"
        )
    return tuple(float(value) for value in np.mean(each, axis=0))


def scatter_title(reader: str, triple: int, layer: int) -> Text:
    """Title of what ``scatter`` shows."""
    return Text(
        en=f"{reader}, triple {triple}, layer {layer}",
        zh_hant=f"{reader}，問題 {triple}，第 {layer} 層",
    )


def scatter(title: Text, read: Reading, layer: int, groups: Mapping[str, Sequence[int]]) -> Scatter:
    """The tokens of ``groups`` at ``layer`` in the plane of their first principal components."""
    import numpy as np

    from quizproof.probes.methods.principal_plane import principal_plane

    group = {place: name for name, places in groups.items() for place in places}
    places = sorted(group, key=lambda place: (list(groups).index(group[place]), place))
    plane, variance = principal_plane(read.hidden_states[layer, places].double().numpy())
    return Scatter(
        title,
        plane.astype(np.float32),
        groups=tuple(group[place] for place in places),
        labels=tuple(read.tokens.names[place] for place in places),
        variance=variance,
        captions=_CAPTIONS,
    )


def texts(read: Reading, answer: Sequence[int]) -> dict[str, list[int]]:
    """All tokens but the special ones, as question, context and answer."""
    of = read.tokens.texts
    return {
        "question": [place for place, text in enumerate(of) if text == 0],
        "context": [place for place, text in enumerate(of) if text == 1 and place not in answer],
        "answer": list(answer),
    }
