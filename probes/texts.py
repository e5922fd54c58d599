"""The texts of a pack: sentences, triples, an annotated corpus, a reference matrix."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from quizproof.questions.problems import InputError, Problem, one_line
from quizproof.questions.spec import Model

MAX_BYTES = 50_000_000
_T = TypeVar("_T")
Words: TypeAlias = Annotated[str, Field(min_length=1, max_length=10_000)]

# Universal POS tags (Petrov, Das & McDonald 2012; universaldependencies.org/u/pos)
UPOS = tuple(
    "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X".split()  # noqa: SIM905
)


class Triple(Model):
    """What a model of reading comprehension is asked, and the answer, a part of the context."""

    context: Words
    question: Words
    answer: Words

    @model_validator(mode="after")
    def _answer_is_there(self) -> Triple:
        if self.answer not in self.context:
            raise ValueError("the answer is no part of the context")
        return self


class Sentence(Model):
    text: Words
    sense: str | None = None  # which of its meanings the word in question has


class Link(Model):
    """A pronoun and what it refers to, by their places among the words."""

    pronoun: Annotated[int, Field(ge=0)]
    referent: Annotated[int, Field(ge=0)]
    settled: bool = True  # whether the sentence alone says so


class CorpusSentence(Model):
    """A sentence with its words in order, each with its part of speech as a UPOS tag."""

    text: Words
    words: Annotated[list[Words], Field(min_length=1)]
    pos: list[str]
    links: list[Link] = []

    @model_validator(mode="after")
    def _fits(self) -> CorpusSentence:
        if len(self.pos) != len(self.words):
            raise ValueError(f"{len(self.pos)} parts of speech for {len(self.words)} words")
        if unknown := sorted(set(self.pos) - set(UPOS)):
            raise ValueError(f"{unknown[0]!r} is no UPOS tag; they are {' '.join(UPOS)}")
        for link in self.links:
            if max(link.pronoun, link.referent) >= len(self.words):
                raise ValueError("a link names a word that is not there")
        self.places()
        return self

    def places(self) -> list[tuple[int, int]]:
        """The characters [start, end) of each word. Raises ValueError where one is not there."""
        found, end = [], 0
        for word in self.words:
            start = self.text.find(word, end)
            if start < 0:
                raise ValueError(f"word {word!r} is not in the text, in its order")
            end = start + len(word)
            found.append((start, end))
        return found


def read_triples(path: Path) -> list[Triple]:
    """A JSON list of context, question and answer. Raises InputError."""
    return _checked(path, TypeAdapter(list[Triple]), _json(path, _read(path)))


def read_sentences(path: Path) -> list[Sentence]:
    """A JSON list of sentences, or plain text with one a line. Raises InputError."""
    text = _read(path)
    if path.suffix.lower() == ".json":
        return _checked(path, TypeAdapter(list[Sentence]), _json(path, text))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return _checked(path, TypeAdapter(list[Sentence]), [{"text": line} for line in lines])


def read_corpus(path: Path) -> list[CorpusSentence]:
    """JSON Lines, a sentence each. Raises InputError with every wrong line."""
    adapter = TypeAdapter(CorpusSentence)
    found: list[CorpusSentence] = []
    problems: list[Problem] = []
    for number, line in enumerate(_read(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(_checked(path, adapter, _json(path, line, number), number))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    if not found:
        raise _wrong(path, 0, "no sentence in it", "write one a line")
    return found


def read_matrix(path: Path) -> NDArray[np.float64]:
    """A square matrix of finite numbers as CSV without a header, (n, n). Raises InputError."""
    rows = []
    for number, line in enumerate(_read(path).splitlines(), 1):
        if line.strip():
            try:
                rows.append([float(cell) for cell in line.split(",")])
            except ValueError as error:
                raise _wrong(path, number, str(error), "write numbers with commas") from None
    if not rows or any(len(row) != len(rows) for row in rows):
        raise _wrong(path, 0, "no square matrix", "give it as many columns as rows")
    matrix = np.array(rows)
    if not np.isfinite(matrix).all():
        raise _wrong(path, 0, "a number that is not finite", "write finite ones")
    return matrix


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _wrong(path, 0, f"over {MAX_BYTES // 10**6} MB", "take a part of it")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _wrong(path, 0, f"cannot be read ({error.strerror})", "put it back") from None
    except UnicodeDecodeError:
        raise _wrong(path, 0, "no UTF-8", "save it as UTF-8") from None


def _json(path: Path, text: str, line: int = 0) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        what = f"no JSON ({error.msg})"
        raise _wrong(path, line or error.lineno, what, "mend it", error.colno) from None
    except RecursionError:
        raise _wrong(path, line, "JSON nested too deep", "mend it") from None


def _checked(path: Path, adapter: TypeAdapter[_T], content: Any, line: int = 0) -> _T:
    try:
        return adapter.validate_python(content)
    except ValidationError as error:
        raise InputError(
            [
                Problem(
                    str(path),
                    line,
                    0,
                    one_line(f"{'.'.join(map(str, e['loc'])) or 'it'}: {e['msg']}"),
                    "mend it",
                )
                for e in error.errors()
            ]
        ) from None


def _wrong(path: Path, line: int, what: str, mend: str, column: int = 0) -> InputError:
    return InputError([Problem(str(path), line, column, what, mend)])
