"""The tokenizers: WordPiece for English, with a few words in pieces; one token per character."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from quizproof.probes.embedded.language.english_lexicon import split_words
from quizproof.probes.models.tokens import load_tokenizer
from quizproof.probes.models.transformers_import import transformers

SPECIAL: Final = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
POSITIONS: Final = 64
"""The longest text the models take, in tokens."""


def pieces(words: Iterable[str]) -> list[str]:
    """Return the word pieces of these words, sorted. A Chinese character is a word here."""
    split = split_words()
    return sorted({piece for word in words for piece in split.get(word, [word])})


def write_tokenizer(words: Iterable[str], folder: Path) -> Any:
    """A cased WordPiece tokenizer of these words, written to ``folder`` and read from there."""
    vocabulary = [*SPECIAL, *pieces(words)]
    folder.mkdir(parents=True, exist_ok=True)
    made = transformers().BertTokenizer(
        vocab={piece: number for number, piece in enumerate(vocabulary)},
        do_lower_case=False,
        strip_accents=False,
        model_max_length=POSITIONS,
    )
    made.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    return load_tokenizer(folder)
