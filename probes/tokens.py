"""A text as a model's tokens, and where in them a word is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from quizproof.probes.transformers_import import transformers
from quizproof.questions.problems import QuizproofError, one_line

# of a folder that holds no more than these, as courses hand tokenizers out
_VOCABULARY, _WHOLE = "vocab.txt", "tokenizer.json"


class TokenError(QuizproofError):
    """A tokenizer that cannot be read, or a text in which a word has no token of its own."""


@dataclass(frozen=True)
class Tokens:
    """A text, or two, as one sequence of tokens. A special token has no place in either text."""

    text: str
    pair: str | None
    ids: tuple[int, ...]
    types: tuple[int, ...]
    names: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]  # in the text the token is of: [first, last + 1)
    texts: tuple[int | None, ...]  # 0 for the text, 1 for the pair, None for a special token
    mask: int | None  # the id and name of the token that stands for a masked one
    mask_name: str
    unknown: int | None

    def __len__(self) -> int:
        return len(self.ids)

    def special(self) -> tuple[bool, ...]:
        return tuple(text is None for text in self.texts)

    def find(self, word: str, occurrence: int = 0, of: int = 0) -> int:
        """The place of the first piece of ``word``, its ``occurrence``-th in the text ``of``.

        Raises TokenError where the word is not there, is no token's beginning, or is unknown.
        """
        return self.cover(*self._characters(word, occurrence, of), of)[0]

    def cover(self, start: int, end: int, of: int = 0) -> list[int]:
        """The places of the tokens that characters [start, end) of text ``of`` are made of.

        Raises TokenError where they have none of their own, or an unknown one.
        """
        text = (self.text, self.pair)[of]
        assert text is not None
        word = text[start:end]
        places = [
            place
            for place, (first, last) in enumerate(self.spans)
            if self.texts[place] == of and first < end and last > start
        ]
        if not places:
            raise TokenError(f"the tokenizer drops {word!r} of {_short(text)}")
        for place in places:
            first, last = self.spans[place]
            if first < start or last > end:
                raise TokenError(
                    f"the tokenizer has no token for {word!r} in {_short(text)}: it is inside "
                    f"{self.names[place]!r}; take a tokenizer that splits there"
                )
            if self.ids[place] == self.unknown:
                raise TokenError(
                    f"the tokenizer knows {word!r} in {_short(text)} only as "
                    f"{self.names[place]}; take the model's own vocabulary"
                )
        return places

    def masked(self, *places: Sequence[int]) -> Tokens:
        """With one mask in place of each run of tokens in ``places``. Raises TokenError."""
        if self.mask is None:
            raise TokenError("the tokenizer has no mask token; take that of a masked model")
        firsts = {run[0] for run in places}
        gone = {place for run in places for place in run[1:]}
        kept = [place for place in range(len(self)) if place not in gone]
        return replace(
            self,
            ids=tuple(self.mask if p in firsts else self.ids[p] for p in kept),
            types=tuple(self.types[p] for p in kept),
            names=tuple(self.mask_name if p in firsts else self.names[p] for p in kept),
            spans=tuple(self.spans[p] for p in kept),
            texts=tuple(self.texts[p] for p in kept),
        )

    def _characters(self, word: str, occurrence: int, of: int) -> tuple[int, int]:
        text = (self.text, self.pair)[of]
        assert text is not None
        start = -1
        for _ in range(occurrence + 1):
            start = text.find(word, start + 1)
            if start < 0:
                times = f" {occurrence + 1} times" if occurrence else ""
                raise TokenError(f"{word!r} is not{times} in {_short(text)}; mend the sentence")
        return start, start + len(word)


def tokens_of(tokenizer: Any, text: str, pair: str | None = None) -> Tokens:
    """``text``, and ``pair`` after it, with the special tokens the tokenizer puts around them."""
    coded = tokenizer(
        text,
        pair,
        return_offsets_mapping=True,
        return_token_type_ids=True,
        split_special_tokens=True,  # a text that says [MASK] masks nothing
        verbose=False,
    )
    ids = coded["input_ids"]
    return Tokens(
        text,
        pair,
        tuple(ids),
        tuple(coded["token_type_ids"]),
        tuple(tokenizer.convert_ids_to_tokens(ids)),
        tuple((first, last) for first, last in coded["offset_mapping"]),
        tuple(coded.sequence_ids()),
        tokenizer.mask_token_id,
        str(tokenizer.mask_token),
        tokenizer.unk_token_id,
    )


def load_tokenizer(folder: Path) -> Any:
    """The tokenizer in ``folder``; no code of its own is run. Raises TokenError."""
    kind = transformers().AutoTokenizer
    if (folder / _VOCABULARY).is_file() and not (folder / _WHOLE).is_file():
        kind = transformers().BertTokenizer  # an old folder names no class
    try:
        tokenizer = kind.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # a damaged file raises nearly anything from its reader
        raise TokenError(
            f"{folder} holds no tokenizer that can be read "
            f"({one_line(f'{type(error).__name__}: {error}')[:160]}); copy the model's own here"
        ) from None
    if not tokenizer.is_fast:
        raise TokenError(f"{folder} has a tokenizer that cannot tell which text a token is of")
    return tokenizer


def _short(text: str) -> str:
    line = one_line(text)
    return f"“{line if len(line) <= 60 else line[:59] + '…'}”"
