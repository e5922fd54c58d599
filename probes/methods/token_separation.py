"""Separation of the tokens of a question, its context and its answer in a layer.

van Aken, Winter, Löser & Gers 2019, “How does BERT answer questions?” (arXiv 1909.04925): the
question's tokens draw near the part of the context that bears on it, and the answer's tokens part
from all others. They show it in the plane of the first two principal components; here it is
measured in all dimensions. A few dimensions of a transformer are far larger than the rest and would
decide every distance alone, so each is first divided by its spread over the tokens that are
compared (Timkey & van Schijndel 2021, arXiv 2109.04404).

Special tokens take no part, and neither do tokens without a letter or digit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from quizproof.probes.models.tokens import Tokens
from quizproof.questions.problems import QuizproofError

_ROUNDING = 1e-6  # a spread this small beside the values is float32's rounding
_TIED = 1e-6
_SENTENCE_END = re.compile(r"[.!?](?=\s)|[。！？\n]")
_CLAUSE_END = re.compile(r"[,;:](?=\s)|\s[-–—](?=\s)|[()\[\]（），；：]")


class TokenSeparationError(QuizproofError):
    """Tokens of which nothing can be set against the others, or states that are no numbers."""


@dataclass(frozen=True)
class Passage:
    """Places of the words of ``[CLS] question [SEP] context [SEP]``, by what they are to it."""

    question: tuple[int, ...]
    context: tuple[int, ...]  # all of it: the answer, the relevant part and the rest
    answer: tuple[int, ...]
    relevant: tuple[int, ...]  # the sentence that the answer is in, without the answer
    rest: tuple[int, ...]  # the other sentences


def passage(tokens: Tokens, answer: str) -> Passage:
    """Return the places in ``tokens`` of a question, its context and its answer. Raises TokenError.

    The relevant part is the sentence with the answer; of a context that is one sentence, the
    clause with it. The answer's own tokens are left out of it, as they part from it in the end,
    but where there are no others. Of an answer that occurs twice, the one is meant whose sentence
    has more of the question's words.
    """
    assert tokens.pair is not None
    start, end = _occurrence(tokens.pair, tokens.text, answer)
    there = set(tokens.cover(start, end, of=1))
    first, last = _part(tokens.pair, start, end)
    words = [p for p in range(len(tokens)) if tokens.texts[p] is not None]
    words = [p for p in words if p in there or any(map(str.isalnum, _characters(tokens, p)))]
    context = [place for place in words if tokens.texts[place] == 1]
    inside = {p for p in context if first <= tokens.spans[p][0] < last}
    return Passage(
        question=tuple(p for p in words if tokens.texts[p] == 0),
        context=tuple(context),
        answer=tuple(sorted(there)),
        relevant=tuple(p for p in context if p in (inside - there or there)),
        rest=tuple(p for p in context if p not in inside | there),
    )


def standardised(states: Tensor) -> Tensor:
    """(…, N, D) with mean 0 and spread 1 over the N tokens, in double; 0 where nothing varies."""
    if not states.isfinite().all():
        raise TokenSeparationError("the hidden states hold NaN or infinity; mend the model")
    states = states.double()
    centred = states - states.mean(dim=-2, keepdim=True)
    spread = centred.square().mean(dim=-2, keepdim=True).sqrt()
    varies = spread > _ROUNDING * states.abs().amax(dim=-2, keepdim=True)
    return torch.where(varies, centred / torch.where(varies, spread, 1.0), 0.0)


def question_gap(states: Tensor, places: Passage) -> Tensor:
    """Return how much nearer the relevant part is to the question than the rest, a layer: (L + 1,).

    Mean cosine similarity of a word of the question with one of the relevant part, less that with
    one of the rest; −2 to 2. ``states`` is (L + 1, T, D). Raises TokenSeparationError.
    """
    if not places.question:
        raise TokenSeparationError("the question has no word; take another triple")
    if not places.rest:
        raise TokenSeparationError(
            "the context is one clause, with nothing beside what bears on the question; "
            "take another triple"
        )
    kept = [*places.question, *places.context]
    unit = torch.nn.functional.normalize(standardised(states[:, kept]), dim=-1)
    at = {place: k for k, place in enumerate(kept)}

    def similarity(words: Sequence[int]) -> Tensor:
        question, other = ([at[p] for p in some] for some in (places.question, words))
        return torch.einsum("lqd,lcd->lqc", unit[:, question], unit[:, other]).mean(dim=(1, 2))

    return similarity(places.relevant) - similarity(places.rest)


def distances(states: Tensor, places: Passage) -> Tensor:
    """Return how far each of the context's C words is from their middle, a layer: (L + 1, C).

    In spreads: the root of the mean square over the words, and over what varies, is 1.
    """
    found = standardised(states[:, list(places.context)])
    varying = (found != 0).any(dim=-2).sum(dim=-1, keepdim=True)
    return found.square().sum(dim=-1).div(varying.clamp(min=1)).sqrt()


def apart(found: Tensor, places: Passage) -> Tensor:
    """Mean distance of the answer's words ÷ that of the context's others: (L + 1,).

    1 where nothing varies. ``found`` is what ``distances`` gives. Raises TokenSeparationError.
    """
    answer = _is_answer(places)
    others = found[:, ~answer].mean(dim=1)
    return torch.where(others > 0, found[:, answer].mean(dim=1) / others.clamp(min=1e-12), 1.0)


def answer_lead(found: Tensor, places: Passage) -> float:
    """Lead of the answer's word over the others in standing apart: > 0 if it leads, −1 to 1.

    (answer − other) ∕ (answer + other) of the largest distances; ``found`` is (C,), of one layer.
    Raises TokenSeparationError.
    """
    answer = _is_answer(places)
    ours, others = float(found[answer].max()), float(found[~answer].max())
    return (ours - others) / (ours + others) if ours + others > 0 else 0.0


def separation(found: Tensor, places: Passage) -> float:
    """Return how much more the last layers set the answer apart than the middle ones do.

    ``found`` is what ``distances`` gives, (L + 1, C): of each span as long as the answer, the mean
    distance in the last quarter of the layers, less that in the middle half. Given is that of the
    answer among those of all such spans, in standard deviations from their mean: what sets the
    answer apart from the start, as a rare word is, does not count, nor does the scale of distances,
    which grows with a model's size. 0 where all spans are alike. Raises TokenSeparationError for
    fewer than four layers.
    """
    layers = len(found) - 1
    if layers < 4:
        raise TokenSeparationError(
            f"{layers} layers are too few for last ones and middle ones; take a deeper reader"
        )
    quarter = layers // 4
    scores = found[-quarter:].mean(dim=0) - found[quarter + 1 : layers - quarter + 1].mean(dim=0)
    spans = candidates(places)
    at = {place: k for k, place in enumerate(places.context)}
    means = torch.stack([scores[[at[p] for p in span if p in at]].mean() for span in spans])
    spread = float(means.std(correction=0))
    ours = float(means[spans.index(places.answer)] - means.mean())
    return ours / spread if spread > _TIED else 0.0


def candidates(places: Passage) -> list[tuple[int, ...]]:
    """Spans of the context as long as the answer, from a word to a word; it is one of them."""
    length = places.answer[-1] - places.answer[0]
    words = set(places.context)
    starts = [p for p in places.context if p + length in words]
    found = {tuple(range(p, p + length + 1)) for p in starts}
    return sorted(found | {places.answer})


def _is_answer(places: Passage) -> Tensor:
    answer = torch.tensor([place in set(places.answer) for place in places.context])
    if bool(answer.all()):
        raise TokenSeparationError("the context is nothing but the answer; take another triple")
    return answer


def _occurrence(context: str, question: str, answer: str) -> tuple[int, int]:
    exact = re.escape(answer)
    found = [m.span() for m in re.finditer(rf"(?<!\w){exact}(?!\w)", context)]
    found = found or [m.span() for m in re.finditer(exact, context)]
    asked = _words(question)
    return max(found, key=lambda at: len(asked & _words(context[slice(*_part(context, *at))])))


def _part(context: str, start: int, end: int) -> tuple[int, int]:
    for stop in (_SENTENCE_END, _CLAUSE_END):
        ends = [m.end() for m in stop.finditer(context)]
        first = max((e for e in ends if e <= start), default=0)
        last = min((e for e in ends if e >= end), default=len(context))
        if context[:first].strip() or context[last:].strip():
            return first, last
    return 0, len(context)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _characters(tokens: Tokens, place: int) -> str:
    text = (tokens.text, tokens.pair)[tokens.texts[place] or 0]
    assert text is not None
    return text[slice(*tokens.spans[place])]
