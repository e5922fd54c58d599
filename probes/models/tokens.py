"""A text as a model's tokens, and where in them a word is."""

from __future__ import annotations

import json
import os
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from quizproof.probes.models.transformers_import import transformers
from quizproof.questions.near import did_you_mean
from quizproof.questions.problems import QuizproofError, one_line

# of a folder that holds no more than these, as courses hand tokenizers out
_VOCABULARY, _WHOLE, _SETTINGS = "vocab.txt", "tokenizer.json", "tokenizer_config.json"
_SENTENCEPIECE_SPACE = "\u2581"  # the space before a word
# a letter or digit of a script that puts spaces between words: those before the CJK blocks
_SPACED = r"[^\W_\u2e80-\U0010ffff]"


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

        In scripts that put spaces between words, whole words come first: "he" before "the".
        Raises TokenError where the word is not there, is no token's beginning, or is unknown.
        """
        return self.cover(*self._characters(word, occurrence, of), of)[0]

    def places(self, word: str) -> list[int]:
        """The places of all pieces of the one ``word`` that is meant.

        Of a word that stands there more than once, ``king#2`` is the second. Raises TokenError,
        too where it is not said which.
        """
        return self.cover(*self._meant(word))

    def find_whole(self, word: str) -> int:
        """The place of a ``word`` as of ``places`` that is one token. Raises TokenError."""
        places = self.places(word)
        if len(places) > 1:
            pieces = " ".join(self.names[place] for place in places)
            raise TokenError(
                f"the tokenizer splits {word!r} of {_short(self.text)} into {pieces}, and what is "
                "asked of is one token; take the model's own vocabulary"
            )
        return places[0]

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

    def cut(self, most: int) -> Tokens:
        """Without the text's last tokens, so that ``most`` are left, special ones among them."""
        over = len(self) - most
        if over <= 0:
            return self
        own = [place for place, text in enumerate(self.texts) if text is not None]
        gone = set(own[-over:])
        kept = [place for place in range(len(self)) if place not in gone]
        return replace(
            self,
            ids=tuple(self.ids[p] for p in kept),
            types=tuple(self.types[p] for p in kept),
            names=tuple(self.names[p] for p in kept),
            spans=tuple(self.spans[p] for p in kept),
            texts=tuple(self.texts[p] for p in kept),
        )

    def _meant(self, word: str) -> tuple[int, int]:
        name, _, number = word.rpartition("#")
        if name and number.isdecimal() and int(number) and word not in self.text:
            return self._characters(name, int(number) - 1, 0)
        if (times := len(_standing(self.text, word))) > 1:
            raise TokenError(
                f"{word!r} stands {times} times in {_short(self.text)}; say which: "
                f"{word}#1 is the first, {word}#2 the second"
            )
        return self._characters(word, 0, 0)

    def _characters(self, word: str, occurrence: int, of: int) -> tuple[int, int]:
        text = (self.text, self.pair)[of]
        assert text is not None
        found = _standing(text, word)
        if not word or len(found) <= occurrence:
            times = f" {occurrence + 1} times" if occurrence else ""
            raise TokenError(f"{word!r} is not{times} in {_short(text)}; mend the sentence")
        return found[occurrence].span()


def _standing(text: str, word: str) -> list[re.Match[str]]:
    """Where ``word`` is a whole one in ``text``; where it is nowhere, a part of others."""
    return words_of(text, word) or list(re.finditer(re.escape(word), text))


def words_of(text: str, word: str) -> list[re.Match[str]]:
    """Where ``word`` is a whole one in ``text``, in scripts that put spaces between words."""
    whole = f"(?<!{_SPACED})" * _spaced(word[:1]) + re.escape(word)
    whole += f"(?!{_SPACED})" * _spaced(word[-1:])
    return list(re.finditer(whole, text))


def tokens_of(
    tokenizer: Any, text: str, pair: str | None = None, *, target: bool = False
) -> Tokens:
    """``text``, and ``pair`` after it, with the special tokens the tokenizer puts around them.

    With ``target``, as what a model of two halves is to write. Raises TokenError.
    """
    given = {"text_target": text} if target else {"text": text, "text_pair": pair}
    fast = {"return_offsets_mapping": True, "return_token_type_ids": True}
    try:
        coded = tokenizer(
            **given,
            **(fast if tokenizer.is_fast else {}),
            split_special_tokens=True,  # a text that says [MASK] masks nothing
            verbose=False,
        )
    except Exception as error:  # half a surrogate pair, say
        raise TokenError(
            f"the tokenizer cannot take {_short(text)} "
            f"({one_line(f'{type(error).__name__}: {error}', 120)}); mend the sentence"
        ) from None
    ids = coded["input_ids"]
    names = tuple(tokenizer.convert_ids_to_tokens(ids))
    if tokenizer.is_fast:
        texts, spans = tuple(coded.sequence_ids()), coded["offset_mapping"]
    else:
        texts = tuple(None if k in tokenizer.all_special_ids else 0 for k in ids)
        spans = _spans(text, names, texts)
    return Tokens(
        text=text,
        pair=pair,
        ids=tuple(ids),
        types=tuple(coded["token_type_ids"]) if tokenizer.is_fast else (0,) * len(ids),
        names=names,
        spans=tuple(
            (0, 0) if of is None else _without_spaces((text, pair or "")[of], first, last)
            for (first, last), of in zip(spans, texts, strict=True)
        ),
        texts=texts,
        mask=tokenizer.mask_token_id,
        mask_name=str(tokenizer.mask_token),
        unknown=tokenizer.unk_token_id,
    )


def _spans(text: str, names: Sequence[str], texts: Sequence[int | None]) -> list[tuple[int, int]]:
    """Where each of SentencePiece's pieces is in ``text``; (0, 0) for what it wrote otherwise."""
    found, end = [], 0
    for name, of in zip(names, texts, strict=True):
        piece = name.removeprefix(_SENTENCEPIECE_SPACE)
        start = text.find(piece, end) if of is not None and piece else -1
        found.append((0, 0) if start < 0 else (start, start + len(piece)))
        end = max(end, found[-1][1])
    return found


def token_id(tokenizer: Any, token: str, description: str) -> int:
    """The number of ``token``, as the vocabulary of ``description`` has it. Raises TokenError."""
    vocabulary = tokenizer.get_vocab()
    if token not in vocabulary:
        mend = did_you_mean(token, vocabulary, "ask for one of its vocabulary")
        raise TokenError(f"{description} has no token {token!r}; {one_line(mend, 160)}")
    return int(vocabulary[token])


def made_up(tokenizer: Any, length: int) -> Tokens:
    """A sequence of ``length`` tokens of the vocabulary, which say nothing, to try a model with."""
    known = sorted(set(tokenizer.get_vocab().values()) - set(tokenizer.all_special_ids))
    ids = tuple(known[len(known) * (k + 1) // (length + 2)] for k in range(length))
    return Tokens(
        text="a text that was made up",
        pair=None,
        ids=ids,
        types=(0,) * length,
        names=tuple(tokenizer.convert_ids_to_tokens(ids)),
        spans=((0, 0),) * length,
        texts=(None,) * length,
        mask=tokenizer.mask_token_id,
        mask_name=str(tokenizer.mask_token),
        unknown=tokenizer.unk_token_id,
    )


def load_tokenizer(folder: Path, *, slow: bool = False) -> Any:
    """The tokenizer in ``folder``; no code of its own is run. Raises TokenError.

    Only where one is told to be ``slow``, it may be one that does not say itself where in a text a
    token is: those of most translation models.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a recommendation of what is asked for below
            tokenizer = _read_tokenizer(folder)
        known = set(tokenizer.get_vocab().values()) - set(tokenizer.all_special_ids)
    except Exception as error:  # a damaged file raises nearly anything from its reader
        if isinstance(error, ImportError) and find_spec("sentencepiece") is None:
            raise _lacking(folder, "SentencePiece") from None
        reason = f"{type(error).__name__}: {error}".replace(os.fspath(folder), str(folder))
        raise TokenError(
            f"{folder} holds no tokenizer that can be read "
            f"({one_line(reason, 160)}); copy the model's own here"
        ) from None
    if not known:  # where its files are not there, one is made up that knows no word
        raise TokenError(f"{folder} holds no vocabulary; copy the model's own tokenizer here")
    if not (tokenizer.is_fast or slow):
        raise TokenError(f"{folder} has a tokenizer that cannot tell which text a token is of")
    if hasattr(tokenizer, "punc_normalizer") and find_spec("sacremoses") is None:
        raise _lacking(folder, "sacremoses")  # without it, punctuation would be other tokens
    return tokenizer


def _lacking(folder: Path, package: str) -> TokenError:
    return TokenError(
        f"{folder} has a tokenizer that needs {package}; pip install 'quizproof[translation]'"
    )


def _read_tokenizer(folder: Path) -> Any:
    safe = {"local_files_only": True, "trust_remote_code": False}
    vocabulary = folder / _VOCABULARY
    if not vocabulary.is_file() or (folder / _WHOLE).is_file():
        return transformers().AutoTokenizer.from_pretrained(os.fspath(folder), **safe)
    # an old folder names no class, and often not whether capitals count: its words tell
    settings: dict[str, Any] = {}
    if (folder / _SETTINGS).is_file():
        settings = json.loads((folder / _SETTINGS).read_text(encoding="utf-8"))
    if "do_lower_case" not in settings:
        words = vocabulary.read_text(encoding="utf-8").split()
        safe["do_lower_case"] = not any(w != w.lower() and w[0] != "[" for w in words)
    kind = "AutoTokenizer" if "tokenizer_class" in settings else "BertTokenizer"
    return getattr(transformers(), kind).from_pretrained(os.fspath(folder), **safe)


def _without_spaces(text: str, first: int, last: int) -> tuple[int, int]:
    """The span without spaces at its ends: some tokenizers count the one before a word to it."""
    while first < last and text[first].isspace():
        first += 1
    while first < last and text[last - 1].isspace():
        last -= 1
    return first, last


def _spaced(character: str) -> bool:
    return re.match(_SPACED, character) is not None


def _short(text: str) -> str:
    return f"“{one_line(text, 60)}”"
