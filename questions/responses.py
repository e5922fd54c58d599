"""One person's answer to one question, in the question's own words.

A cell or a value names options by their letters: ``a``, ``a,d``, ``A D``; an option of a list by
list and letter: ``1a 2b``, or letters in the order of the lists; what fills several blanks is a
mapping, or ``[1] him [2] 0.73``, or in the order of the blanks ``him; 0.73``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from quizproof.questions.fields import PART
from quizproof.questions.problems import QuizproofError, one_line
from quizproof.questions.spec import Blanks, Lists, Ordering, Question, SingleChoice, choices

LONGEST = 2_000  # characters of an answer
_BETWEEN = re.compile(r"[\s,;/|+]+")
_PART = re.compile(rf"\[({PART})\]")
_NOTHING = frozenset({"", "-", "–", "—"})


class ResponseError(QuizproofError):
    """An answer that is none to its question; it is worth nothing."""

    def __init__(self, what: str, mend: str) -> None:
        self.what, self.mend = what, mend
        super().__init__(f"{what}; {mend}")


@dataclass(frozen=True)
class Response:
    """An answer to one question; nothing in it where the question was left empty."""

    chosen: frozenset[str] = frozenset()  # option ids as ``choices`` has them: "a", "1a"
    filled: Mapping[str, str] = field(default_factory=dict)  # blanks that were filled, by part
    unplaced: tuple[str, ...] = ()  # answered in some part: which, the file does not say

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        # a class has some hundred thousand of them, and each is looked up several times
        return hash((self.chosen, frozenset(self.filled.items()), self.unplaced))

    @property
    def empty(self) -> bool:
        return not self.chosen and not self.filled and not self.unplaced


def parse_response(question: Question, value: Any) -> Response:
    """The response that a cell's text, or a value of YAML or JSON, stands for.

    Raises ResponseError for one that names an option or a part that the question has not, or that
    chooses several where one is to be chosen.
    """
    if isinstance(question, Blanks):
        return _filled(question, value)
    if isinstance(question, Lists):
        return Response(frozenset(_from_lists(question, value)))
    if isinstance(question, Ordering):
        return Response(
            filled=dict(zip(question.positions, _ordered(question, value), strict=False))
        )
    if isinstance(value, Mapping):
        raise ResponseError("a mapping, where options are to be chosen", _ask_for(question))
    known = frozenset(question.options)
    chosen = frozenset(
        option for word in _words(value) for option in _letters(question, word, known)
    )
    if isinstance(question, SingleChoice) and len(chosen) > 1:
        raise ResponseError(
            f"{len(chosen)} options are chosen ({', '.join(sorted(chosen))}), where one is to be",
            "choose one",
        )
    return Response(chosen)


def written(question: Question, response: Response) -> str:
    """``response`` as a cell that ``parse_response`` reads back as the same."""
    if isinstance(question, Blanks):
        texts = [
            (part, response.filled[part]) for part in question.blanks if part in response.filled
        ]
        if len(question.blanks) == 1:
            return "".join(text for _, text in texts)
        return " ".join(f"[{part}] {text}" for part, text in texts)
    if isinstance(question, Ordering):
        return ",".join(response.filled.get(place, "") for place in question.positions).strip(",")
    between = " " if isinstance(question, Lists) else ","
    return between.join(choice.id for choice in choices(question) if choice.id in response.chosen)


def _letters(question: Question, word: str, known: frozenset[str]) -> Iterable[str]:
    """The options that one word names: ``a``, ``(a)``, ``a.``, or ``ad`` for a and d."""
    bare = word.strip("().[]") or word
    if bare in known:
        return [bare]
    if set(bare) <= known and "".join(sorted(set(bare))) == bare:
        return bare
    raise ResponseError(f"no option is called '{_short(word)}'", _ask_for(question))


def _ordered(question: Ordering, value: Any) -> Sequence[str]:
    """The items in the order that ``value`` has them in, all of them, or none."""
    if isinstance(value, Mapping):
        raise ResponseError("a mapping, where items are to be put in order", _ask_for(question))
    words = [word.strip("().[]") for word in _words(value)]
    items = list(words[0]) if len(words) == 1 else words
    if items and sorted(items) != sorted(question.items):
        raise ResponseError(f"'{_short(' '.join(words))}' is no order of them", _ask_for(question))
    return items


def _from_lists(question: Lists, value: Any) -> Iterator[str]:
    """The choices in lists, one of each at most."""
    if isinstance(value, Mapping):
        for part, chosen in _by_part(question.parts, value):
            if words := _words(chosen):
                yield _of_list(question, part, words)
        return
    if isinstance(value, str) and value.lstrip().startswith("["):
        yield from _from_lists(question, _marked(value))
        return
    words = _words(value, keep_empty=isinstance(value, Sequence) and not isinstance(value, str))
    ids = {part + option: part for part, down in question.parts.items() for option in down.options}
    bare = [re.sub(r"[\[\]():.=]", "", word) for word in words]
    if all(word in ids for word in bare):
        for part in {ids[word] for word in bare}:
            yield _of_list(question, part, [w for w in dict.fromkeys(bare) if ids[w] == part])
    elif len(words) == len(question.parts):
        for part, word in zip(question.parts, words, strict=True):
            if word:
                yield _of_list(question, part, [word])
    else:
        unknown = next((word for word in words if word not in ids), "")
        raise ResponseError(f"no list has an option '{_short(unknown)}'", _ask_for(question))


def _of_list(question: Lists, part: str, words: Sequence[str]) -> str:
    found = {word.removeprefix(part).strip("().[]") for word in words}
    if len(found) > 1:
        raise ResponseError(f"list {part} has {len(found)} choices", "choose one of each list")
    option = found.pop()
    if option not in question.parts[part].options:
        raise ResponseError(
            f"list {part} has no option '{_short(option)}'",
            f"choose one of {', '.join(question.parts[part].options)}",
        )
    return part + option


def _filled(question: Blanks, value: Any) -> Response:
    parts = list(question.blanks)
    if isinstance(value, Mapping):
        texts = list(_by_part(question.blanks, value))
    elif isinstance(value, list | tuple):
        if len(value) != len(parts):
            raise ResponseError(f"{len(value)} answers for {len(parts)} blanks", _ask_for(question))
        texts = list(zip(parts, value, strict=True))
    else:
        texts = list(_blanks_in(question, _text(value)))
    filled = {part: _text(text).strip() for part, text in texts}
    return Response(filled={part: text for part, text in filled.items() if text})


def _blanks_in(question: Blanks, text: str) -> Iterator[tuple[str, str]]:
    parts = list(question.blanks)
    if not text.strip():
        return
    if len(parts) == 1:
        yield parts[0], text.strip().removeprefix(f"[{parts[0]}]")
        return
    if text.lstrip().startswith("["):
        yield from _by_part(question.blanks, _marked(text))
        return
    for between in (";", ","):
        pieces = text.split(between)
        if len(pieces) == len(parts):
            yield from zip(parts, pieces, strict=True)
            return
    raise ResponseError(f"not an answer to {len(parts)} blanks", _ask_for(question))


def _marked(text: str) -> dict[str, str]:
    """``[1] him [2] 0.73`` as a mapping."""
    pieces = _PART.split(text)[1:]
    found = dict(zip(pieces[::2], pieces[1::2], strict=True))
    if len(found) < len(pieces) // 2:
        raise ResponseError("a part is answered twice", "answer each once")
    return found


def _by_part(parts: Mapping[str, Any], value: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    for name, answer in value.items():
        part = str(name).strip().strip("[]").lower()
        if part not in parts:
            raise ResponseError(
                f"there is no part '{_short(str(name))}'", f"the parts are {', '.join(parts)}"
            )
        yield part, answer


def _words(value: Any, *, keep_empty: bool = False) -> list[str]:
    """The words of a text or of a list of texts, each in lower case."""
    if isinstance(value, list | tuple):
        words = [_text(item).strip().lower() for item in value]
        return [word for word in words if keep_empty or word not in _NOTHING]
    text = unicodedata.normalize("NFKC", _text(value)).replace("、", ",").lower()
    return [word for word in _BETWEEN.split(text) if word not in _NOTHING]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ResponseError(f"{_short(str(value))} is no answer", "write it in quotes")
    text = repr(value) if isinstance(value, float) else str(value)
    if len(text) > LONGEST:
        raise ResponseError(f"an answer of {len(text)} characters", f"{LONGEST} at most")
    return text


def _ask_for(question: Question) -> str:
    if isinstance(question, Blanks):
        return "write " + " ".join(f"[{part}] …" for part in question.blanks)
    if isinstance(question, Lists):
        lists = [f"{part}{next(iter(down.options), '')}" for part, down in question.parts.items()]
        return f"write list and letter, as {' '.join(lists)}"
    if isinstance(question, Ordering):
        return f"write all of {', '.join(question.items)} in their order"
    return f"choose of {', '.join(question.options)}"


def _short(text: str) -> str:
    return one_line(text, 40)
