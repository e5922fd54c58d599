"""The texts of a pack: sentences, triples, an annotated corpus, a reference matrix."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias, TypeVar

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from quizproof.questions.files import read_bounded
from quizproof.questions.problems import FEW, InputError, Problem, few, one_line
from quizproof.questions.spec import Model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_BYTES = 50_000_000
_MOST_PROBLEMS = 20
_SPACE = re.compile(r"[\s,]*")
_T = TypeVar("_T")


Words: TypeAlias = Annotated[str, Field(min_length=1, max_length=10_000)]

# Universal POS tags (Petrov, Das & McDonald 2012; universaldependencies.org/u/pos)
UPOS = tuple(
    "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X".split()  # noqa: SIM905
)


class Triple(Model):
    """Context and question that a reader is given, and the answer, a part of the context."""

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


@dataclass(frozen=True, eq=False)
class Triples:
    """Triples in order, which readers are given."""

    part_kind: ClassVar[str] = "triples"

    triples: tuple[Triple, ...]
    description: str


@dataclass(frozen=True, eq=False)
class Sentences:
    """Sentences in order."""

    part_kind: ClassVar[str] = "sentences"

    sentences: tuple[Sentence, ...]
    description: str


@dataclass(frozen=True, eq=False)
class Corpus:
    """Annotated sentences in order."""

    part_kind: ClassVar[str] = "corpus"

    sentences: tuple[CorpusSentence, ...]
    description: str


@dataclass(frozen=True, eq=False)
class MatrixPart:
    """A square matrix of numbers."""

    part_kind: ClassVar[str] = "matrix"

    values: NDArray[np.float64]  # (n, n)
    printed: float  # one in the last digit that its cells are printed to
    description: str


@dataclass(frozen=True, eq=False)
class FilePart:
    """Any file."""

    part_kind: ClassVar[str] = "file"

    path: Path
    description: str


def read_triples(path: Path) -> list[Triple]:
    """A JSON list of context, question and answer. Raises InputError."""
    return _listed(path, TypeAdapter(Triple))


def read_sentences(path: Path) -> list[Sentence]:
    """A JSON list of sentences, or plain text with one a line. Raises InputError."""
    adapter = TypeAdapter(Sentence)
    if path.suffix.lower() == ".json":
        return _listed(path, adapter)
    return _each(path, adapter, ((n, {"text": line}) for n, line in _lines(path)))


def read_corpus(path: Path) -> list[CorpusSentence]:
    """JSON Lines, a sentence each. Raises InputError with every wrong line."""
    return _each(path, TypeAdapter(CorpusSentence), _lines(path), of_json=True)


def read_matrix(path: Path) -> NDArray[np.float64]:
    """A square matrix of finite numbers as CSV without a header, (n, n). Raises InputError."""
    import numpy as np

    rows: list[list[float]] = []
    for number, line in _lines(path):
        try:
            rows.append([float(cell) for cell in line.split(",")])
        except ValueError as error:
            raise _wrong(path, number, str(error)[:80], "write numbers with commas") from None
        if not np.isfinite(rows[-1]).all():
            raise _wrong(path, number, "a number that is not finite", "write finite ones")
        if len(rows[-1]) != len(rows[0]):
            what = f"{len(rows[-1])} numbers, the first row has {len(rows[0])}"
            raise _wrong(path, number, what, "give each row as many")
    if not rows or len(rows) != len(rows[0]):
        raise _wrong(path, 0, "no square matrix", "give it as many columns as rows")
    return np.array(rows)


def printed_unit(path: Path) -> float:
    """One in the last digit that the cells of a matrix are printed to: 0.01 for 0.5 and 0.67.

    Of the cell with most digits, for a zero at the end may be left out. Raises InputError.
    """
    read_matrix(path)
    cells = [Decimal(cell.strip()) for _, line in _lines(path) for cell in line.split(",")]
    return float(10.0 ** min(int(cell.as_tuple().exponent) for cell in cells))


def _listed(path: Path, adapter: TypeAdapter[_T]) -> list[_T]:
    """Of a JSON list, each item; a problem with one is told by the line it begins in."""
    text = _read(path)
    content = _json(path, text)
    if not isinstance(content, list):
        raise _wrong(path, 0, f"a JSON {type(content).__name__}, not a list", "write a list")
    starts = _starts(text) if content else []
    return _each(path, adapter, zip(starts, content, strict=True))


def _starts(text: str) -> list[int]:
    """The line on which each item of the JSON list ``text`` begins."""
    decoder = json.JSONDecoder()
    lines: list[int] = []
    line, before, place = 1, 0, text.index("[") + 1
    while (item := _SPACE.match(text, place)) and text[item.end()] != "]":
        line += text.count("\n", before, item.end())
        before = item.end()
        lines.append(line)
        _, place = decoder.raw_decode(text, before)
    return lines


def _each(
    path: Path,
    adapter: TypeAdapter[_T],
    items: Iterable[tuple[int, Any]],
    *,
    of_json: bool = False,
) -> list[_T]:
    """The items, each from its line. Raises InputError with what is wrong with the first few."""
    found: list[_T] = []
    problems: list[Problem] = []
    for line, content in items:
        try:
            parsed = _json(path, content, line) if of_json else content
            found.append(_checked(path, adapter, parsed, line))
        except InputError as error:
            problems += error.problems
        if len(problems) >= _MOST_PROBLEMS:
            break
    if problems:
        raise InputError(problems[:_MOST_PROBLEMS])
    if not found:
        raise _wrong(path, 0, "nothing in it", "write at least one")
    return found


def _lines(path: Path) -> list[tuple[int, str]]:
    """The lines that are not empty, by number; what else Unicode ends a line with is text."""
    lines = enumerate(_read(path).split("\n"), 1)
    return [(number, line.strip()) for number, line in lines if line.strip()]


def _read(path: Path) -> str:
    try:
        text = read_bounded(path, MAX_BYTES, "take a part of it").decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _wrong(path, line, "no UTF-8", "save the file as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _json(path: Path, text: str, line: int = 0) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        what = f"no JSON ({error.msg})"
        raise _wrong(path, line or error.lineno, what, "mend it", error.colno) from None
    except RecursionError:
        raise _wrong(path, line, "JSON nested too deep", "mend it") from None
    except ValueError:  # a number of thousands of digits
        raise _wrong(path, line, "a number beyond all use", "mend it") from None


def _checked(path: Path, adapter: TypeAdapter[_T], content: Any, line: int) -> _T:
    try:
        return adapter.validate_python(content)
    except ValidationError as error:
        wrong = error.errors(include_url=False)
        told = [_problem(path, line, each) for each in wrong[: FEW + 1]]
        raise InputError(few(told, len(wrong))) from None


def _problem(path: Path, line: int, error: Any) -> Problem:
    where = ".".join(map(str, error["loc"]))
    what = error["msg"].removeprefix("Value error, ")
    return Problem(str(path), line, 0, one_line(f"{where}: {what}" if where else what), "mend it")


def _wrong(path: Path, line: int, what: str, mend: str, column: int = 0) -> InputError:
    return InputError([Problem(str(path), line, column, what, mend)])
