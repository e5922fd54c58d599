"""Attention of heads from words of one part of speech to words of another, over a corpus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from quizproof.probes.methods.attention_relations import (
    RelationError,
    attention_to_words,
    without_special,
)
from quizproof.probes.models.language_models import LanguageModel, LanguageModelError, batches
from quizproof.probes.models.tokens import TokenError, Tokens
from quizproof.probes.packs.texts import CorpusSentence


@dataclass(frozen=True)
class Between:
    """Mean over the words that are looked from, where there is one to look at."""

    attention: Tensor  # (L, H): to all the words that are looked at, in [0, 1]
    even: float  # what these would get of attention that is spread evenly
    words: int  # that are looked from


def attention_between(
    model: LanguageModel,
    sentences: Iterable[CorpusSentence],
    of: str,
    to: str,
    *,
    looks_back: bool,
) -> Between:
    """From every word tagged ``of`` to all others of its sentence tagged ``to``.

    Special tokens are hidden, and what goes to a word is the sum over its pieces. A model that
    ``looks_back`` sees what comes before a word, and the word, alone. Sentences that are too long,
    or have a word without tokens of its own, are left out. Raises RelationError where no word can
    be looked from.
    """
    found: dict[Tokens, tuple[CorpusSentence, list[list[int]]]] = {}
    for sentence in sentences:
        try:
            tokens = model.tokens(sentence.text)
            found[tokens] = sentence, [tokens.cover(*place) for place in sentence.places()]
        except (LanguageModelError, TokenError):
            continue
    rows, evens = [], []
    for batch in batches(list(found)):
        for reading in model.passed(batch):
            assert reading.attentions is not None
            sentence, words = found[reading.tokens]
            attentions = without_special(reading.attentions, reading.tokens)
            for word, targets in _pairs(sentence.pos, of, to, looks_back=looks_back):
                shares = attention_to_words(attentions, words[word], words)
                rows.append(shares[:, :, targets].sum(dim=2))
                seen = sum(map(len, words[: word + 1] if looks_back else words))
                evens.append(sum(len(words[target]) for target in targets) / seen)
    if not rows:
        raise RelationError(
            f"no sentence of the corpus that the tokenizer knows has {of} to look from and {to} to "
            "look at; take another corpus, or other parts of speech"
        )
    attention = torch.stack(rows).mean(dim=0).clamp(0, 1)
    return Between(attention, sum(evens) / len(evens), len(rows))


def _pairs(
    tags: Sequence[str], of: str, to: str, *, looks_back: bool
) -> Iterable[tuple[int, list[int]]]:
    for word, tag in enumerate(tags):
        last = word if looks_back else len(tags)
        targets = [k for k, other in enumerate(tags[:last]) if other == to and k != word]
        if tag == of and targets:
            yield word, targets
