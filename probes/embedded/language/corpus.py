"""The annotated corpus: what a search for the nearest embeddings looks through."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from quizproof.probes.embedded.language.english_grammar import write
from quizproof.probes.language.grammar.sentences import Sentence, distinct


def corpus(seed: int, tokens: int) -> list[Sentence]:
    """Held-out English sentences of at least ``tokens`` words together, full stops included."""
    found: list[Sentence] = []
    sentences = distinct(write, seed, unseen=True)
    while sum(len(sentence.words) for sentence in found) < tokens:
        found.append(next(sentences))
    return found


def lines(sentences: Iterable[Sentence]) -> Iterator[str]:
    """A JSON object a sentence: its text, words, parts of speech, and links by word number."""
    for sentence in sentences:
        yield json.dumps(
            {
                "text": sentence.text,
                "words": sentence.words,
                "pos": sentence.tags,
                "links": [
                    {"pronoun": link.pronoun, "referent": link.referent, "settled": link.settled}
                    for link in sentence.links
                ],
            },
            ensure_ascii=False,
        )
