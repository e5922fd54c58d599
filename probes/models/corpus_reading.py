"""An annotated corpus as a language model reads it: once, whatever is asked of it afterwards.

Whole readings are not kept: of every word the embeddings of its pieces after each layer, and of
every pronoun with a settled referent its attention to the words of its sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from quizproof.probes.bench import Bench
from quizproof.probes.methods.attention_relations import (
    RelationError,
    attention_to_words,
    without_special,
)
from quizproof.probes.models.language_models import (
    LanguageModel,
    LanguageModelError,
    Reading,
    batches,
)
from quizproof.probes.models.tokens import TokenError, Tokens
from quizproof.probes.packs.texts import Corpus, CorpusSentence
from quizproof.questions.problems import QuizproofError

_EXACT = 512 * 2**20  # bytes of embeddings in single precision; with more of them, in half
_MOST = 1280 * 2**20


class CorpusError(QuizproofError):
    """A corpus of which nothing can be read, or too much would have to be kept."""


@dataclass(frozen=True)
class LinkedSentence:
    """A sentence, and each head's attention from its pronouns with settled referents.

    What goes to special tokens is hidden, and the rest of a pronoun's attention sums to 1.
    """

    sentence: CorpusSentence
    tokens: int  # special ones left out
    pieces: tuple[int, ...]  # tokens of each word
    attention: Mapping[int, Tensor]  # of each pronoun, by its place: (L, H, words), in [0, 1]


@dataclass(frozen=True)
class ReadCorpus:
    """Corpus as read by a model of L layers and D dimensions: its words, in P pieces."""

    embeddings: Tensor  # (L + 1, P, D): after each layer, 0 the embedding output
    tags: tuple[str, ...]  # (P,) UPOS, of the word that the piece is of
    words: tuple[str, ...]  # (P,) that word, as the corpus writes it
    places: tuple[int, ...]  # (P,) the number of its sentence, of those that are read
    linked: tuple[LinkedSentence, ...]
    left_out: float  # share of the corpus's words that have no token of their own


@dataclass(frozen=True)
class _Found:
    """A sentence as tokens; a word that has none of its own is empty."""

    sentence: CorpusSentence
    tokens: Tokens
    words: list[list[int]]


def corpus_reading(bench: Bench, model: LanguageModel, corpus: Corpus) -> ReadCorpus:
    """``corpus`` as ``model`` reads it, when it is first asked for.

    Raises CorpusError, LanguageModelError.
    """
    return bench.once(("corpus", model, corpus), lambda: read(model, corpus.sentences))


def read(model: LanguageModel, sentences: Sequence[CorpusSentence]) -> ReadCorpus:
    """``sentences`` through ``model``, each once and in the order of their lengths.

    A word that the tokenizer drops, merges with another or does not know is left out, and so are
    all the words of a sentence that is too long. Raises CorpusError where nothing is left.
    """
    found, reason = _found(model, sentences)
    tags: list[str] = []
    words: list[str] = []
    of: list[int] = []
    places: list[slice] = []
    for number, one in enumerate(found):
        for tag, word, pieces in zip(one.sentence.pos, one.sentence.words, one.words, strict=True):
            tags += [tag] * len(pieces)
            words += [word] * len(pieces)
            of += [number] * len(pieces)
        places.append(slice(places[-1].stop if places else 0, len(tags)))
    if not tags:
        raise CorpusError(f"no word of the corpus can be read: {reason}")
    same: dict[Tokens, list[int]] = {}
    for number, one in enumerate(found):
        same.setdefault(one.tokens, []).append(number)
    embeddings: Tensor | None = None
    linked: dict[int, LinkedSentence] = {}
    for batch in batches(list(same)):
        for reading in model.passed(batch):
            for number in same[reading.tokens]:
                every_piece = [piece for word in found[number].words for piece in word]
                states = reading.hidden_states[:, every_piece]
                if embeddings is None:
                    embeddings = _room(len(tags), states)
                embeddings[:, places[number]] = states.to(embeddings.dtype)
                if (link := _linked(found[number], reading)) is not None:
                    linked[number] = link
    assert embeddings is not None
    every = sum(len(sentence.words) for sentence in sentences)
    known = sum(bool(word) for one in found for word in one.words)
    return ReadCorpus(
        embeddings=embeddings,
        tags=tuple(tags),
        words=tuple(words),
        places=tuple(of),
        linked=tuple(linked[n] for n in sorted(linked)),
        left_out=1 - known / every,
    )


def _found(
    model: LanguageModel, sentences: Sequence[CorpusSentence]
) -> tuple[list[_Found], str | None]:
    """The sentences short enough, as tokens, and why the first word that was left out was."""
    found: list[_Found] = []
    reason = None
    for sentence in sentences:
        try:
            tokens = model.tokens(sentence.text)
        except LanguageModelError as error:
            reason = reason or str(error)
            continue
        words: list[list[int]] = []
        for start, end in sentence.places():
            try:
                words.append(tokens.cover(start, end))
            except TokenError as error:
                reason = reason or str(error)
                words.append([])
        found.append(_Found(sentence, tokens, words))
    return found, reason


def _room(pieces: int, states: Tensor) -> Tensor:
    """Allocate room for embeddings of so many pieces. Raises CorpusError if they are too many."""
    layers, _, size = states.shape
    numbers = layers * pieces * size
    if 2 * numbers > _MOST:
        most = _MOST // (2 * layers * size)
        raise CorpusError(f"the corpus has {pieces} word pieces; take a part of it, {most} at most")
    return torch.empty(
        layers, pieces, size, dtype=torch.float32 if 4 * numbers <= _EXACT else torch.float16
    )


def _linked(found: _Found, reading: Reading) -> LinkedSentence | None:
    """The attention of a sentence's pronouns; None where there are none, or a word is left out."""
    pronouns = {link.pronoun for link in found.sentence.links if link.settled}
    if not pronouns or not all(found.words):
        return None
    if reading.attentions is None:
        raise RelationError('no attention weights; load with attn_implementation="eager"')
    attentions = without_special(reading.attentions, reading.tokens)
    return LinkedSentence(
        found.sentence,
        len(found.tokens) - sum(found.tokens.special()),
        tuple(map(len, found.words)),
        {p: attention_to_words(attentions, found.words[p], found.words) for p in sorted(pronouns)},
    )
