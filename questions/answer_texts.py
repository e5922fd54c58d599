"""The question, or the option, that a text stands for: other systems name them by their words.

Texts are compared in each language, or in two or all of them one after the other, without regard to
spaces, capitals, full-width forms and slashes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

from quizproof.questions.languages import languages_of
from quizproof.questions.pictures import without_pictures
from quizproof.questions.problems import one_line
from quizproof.questions.responses import LONGEST, Response, ResponseError
from quizproof.questions.spec import (
    Blanks,
    DropDowns,
    Lists,
    Matching,
    MultipleChoice,
    Option,
    Ordering,
    Question,
    SingleChoice,
    Text,
)

_IGNORED = re.compile(r"[\s/\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_COMMA = re.compile(r"(?<!\\),")
_NAMED = re.compile(r"\[[^\[\]]*\]")
_LETTER = re.compile(r"\(?([a-z])[.)]?")
_SEVERAL = "?"  # an option of which there is another with the same text
_MANY = 64  # readings of a part, of more than which nobody makes one
_LEAST = 12  # characters of a prompt that may be found within a longer text


def bare(text: str) -> str:
    """``text`` with nothing in it but what tells it from another."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text).casefold())


def variants(text: Text, languages: Sequence[str]) -> tuple[str, ...]:
    """The forms in which a text of a question in ``languages`` may come."""
    said = {tag: without_pictures(text.in_(tag)) for tag in languages or ["en"]}
    words = list(dict.fromkeys(map(bare, said.values())))
    pairs = ("".join(pair) for pair in permutations(words, 2))
    # as another system has it: what is not in a language stands there in another
    every = "".join(map(bare, said.values()))
    return tuple(dict.fromkeys((*words, *pairs, every)))


def question_of(text: str, questions: Sequence[Question]) -> Question | None:
    """The question that ``text`` is the prompt of; None where there is none, or there are several.

    It may be the id instead (``q07``), or begin with it (``q07. …``).
    """
    shown, unnamed = bare(text), _unnamed(text)
    for found in (
        [q for q in questions if shown in _prompts(q)],
        # a blank may be called otherwise there
        [q for q in questions if _has_parts(q) and unnamed in _prompts(q, named=False)],
        [
            q
            for q in questions
            if re.match(rf"\W*{re.escape(q.id)}\s*($|[.:)：、])", text.casefold())
        ],
        _longest(shown, questions),
    ):
        if found:
            return found[0] if len(found) == 1 else None
    return None


def response_of(question: Question, cell: str) -> Response:
    """The response in a cell with the words of the answers, joined by commas.

    A comma within an answer is written ``\\,``, though not everywhere. Raises ResponseError.
    """
    if not cell.strip():
        return Response()
    if len(cell) > LONGEST:
        raise ResponseError(f"an answer of {len(cell)} characters", f"{LONGEST} at most")
    pieces = _COMMA.split(cell)
    if isinstance(question, Blanks):
        return _blanks(question, [piece.replace("\\,", ",") for piece in pieces], cell)
    if isinstance(question, Lists):
        return _lists(question, cell.replace("\\,", ",").split(","))
    if isinstance(question, Ordering):
        return _in_order(question, cell)
    return Response(_chosen(question, cell))


def _chosen(question: SingleChoice | MultipleChoice, cell: str) -> frozenset[str]:
    """The options that ``cell`` names.

    Where it escapes no comma, it is split at every one and put together again: which of them are
    within an answer shows, if there is one way to do that. Raises ResponseError.
    """
    by_text = _by_text(question.options, languages_of(question))
    plain = cell.replace("\\,", ",")
    if isinstance(question, SingleChoice) and (whole := _option(plain, by_text)):
        return frozenset({whole})
    readings: set[frozenset[str]] = set()
    if plain != cell:
        pieces = [piece.replace("\\,", ",") for piece in _COMMA.split(cell)]
        readings = _readings(pieces, by_text, together=1)
    if not readings:
        together = 1 + max((form.count(",") for form in by_text), default=0)
        readings = _readings(plain.split(","), by_text, together)
    if not readings:
        raise ResponseError(f"'{_short(cell)}' is no option's text", "is it another version's?")
    chosen, *others = readings
    if others or _SEVERAL in chosen:
        raise ResponseError(
            f"'{_short(cell)}' can be read in several ways, as the options' texts are",
            "look up what was chosen",
        )
    if isinstance(question, SingleChoice) and len(chosen) > 1:
        raise ResponseError(f"{len(chosen)} options are chosen, where one is to be", "look")
    return chosen


def _in_order(question: Ordering, cell: str) -> Response:
    items = {name: Option(text=item.text) for name, item in question.items.items()}
    by_text = _by_text(items, languages_of(question))
    pieces = cell.replace("\\,", ",").split(",")
    ways, found = _ways([("", by_text)] * len(items), pieces)
    if ways != 1 or sorted(found) != sorted(items):
        raise ResponseError(
            f"'{_short(cell)}' is no order of its items", "is it another version's?"
        )
    return Response(filled=dict(zip(question.positions, found, strict=True)))


def _longest(shown: str, questions: Sequence[Question]) -> list[Question]:
    """Those with the longest prompt within ``shown``: it may have more to it than the prompt."""
    within = [
        (max(lengths), question)
        for question in questions
        if (lengths := [len(v) for v in _prompts(question) if len(v) >= _LEAST and v in shown])
    ]
    longest = max((length for length, _ in within), default=0)
    return [question for length, question in within if length == longest]


def _prompts(question: Question, *, named: bool = True) -> tuple[str, ...]:
    found = variants(question.prompt, languages_of(question))
    return found if named else tuple(map(_unnamed, found))


def _unnamed(text: str) -> str:
    """``text`` with its blanks without their names."""
    return _NAMED.sub("[]", bare(text))


def _has_parts(question: Question) -> bool:
    return isinstance(question, Blanks | DropDowns)


def _by_text(options: Mapping[str, Option], languages: Sequence[str]) -> dict[str, str | None]:
    """Options by the forms of their text; None where two have the same."""
    found: dict[str, str | None] = {}
    for name, option in options.items():
        for form in variants(option.text, languages):
            found[form] = name if found.get(form, name) == name else None
    return found


def _option(text: str, by_text: Mapping[str, str | None]) -> str | None:
    """The option that ``text`` stands for: its words, or its letter where no option reads so."""
    form = bare(text)
    if form in by_text:
        return by_text[form]
    letter = _LETTER.fullmatch(form)
    return letter[1] if letter and letter[1] in by_text.values() else None


def _readings(
    pieces: Sequence[str], by_text: Mapping[str, str | None], together: int
) -> set[frozenset[str]]:
    """The sets of options whose texts, joined by commas, are ``pieces``.

    A text is of as many pieces as ``together`` at most.
    """
    found: list[set[frozenset[str]]] = [set() for _ in pieces] + [{frozenset()}]
    for start in reversed(range(len(pieces))):
        for end in range(start + 1, min(len(pieces), start + together) + 1):
            text = ",".join(pieces[start:end])
            option = _SEVERAL if _is_several(text, by_text) else _option(text, by_text)
            if option is not None:
                found[start] |= {frozenset({option}) | rest for rest in found[end]}
        if len(found[start]) > _MANY:
            return {frozenset({_SEVERAL})}
    return found[0]


def _is_several(text: str, by_text: Mapping[str, str | None]) -> bool:
    return by_text.get(bare(text), "") is None


def _lists(question: Lists, pieces: Sequence[str]) -> Response:
    """Choices in the order of their lists, those left out dropped; or ``list=>choice``."""
    languages = languages_of(question)
    parts = {part: _by_text(down.options, languages) for part, down in question.parts.items()}
    if any("=>" in piece for piece in pieces):
        return Response(frozenset(_matched(_lefts(question), parts, ",".join(pieces))))
    ways, way = _ways(list(parts.items()), pieces)
    if ways == 1:
        return Response(frozenset(way))
    if ways:
        return Response(unplaced=tuple(pieces))
    raise ResponseError(f"'{_short(','.join(pieces))}' is in no list", "is it another version's?")


def _lefts(question: Lists) -> dict[str, str]:
    """The parts by what stands left of them: the text of an item, or the name of a list."""
    named = {bare(part): part for part in question.parts}
    if not isinstance(question, Matching):
        return named
    languages = languages_of(question)
    return named | {
        form: part
        for part, item in question.items.items()
        for form in variants(item.text, languages)
    }


def _matched(
    lefts: Mapping[str, str], parts: Mapping[str, Mapping[str, str | None]], cell: str
) -> Iterator[str]:
    for piece in re.split(r",(?=[^,]*=>)", cell):
        left, _, right = piece.partition("=>")
        part = lefts.get(bare(left)) or lefts.get(bare(left).strip("[]()"))
        option = _option(right, parts[part]) if part is not None else None
        if part is None or option is None:
            raise ResponseError(f"'{_short(piece)}' is in no list", "is it another version's?")
        yield part + option


def _ways(
    parts: Sequence[tuple[str, Mapping[str, str | None]]], pieces: Sequence[str]
) -> tuple[int, tuple[str, ...]]:
    """How many ways there are to take ``pieces``, all of them in order, as choices from some of
    ``parts``, 2 standing for any more; and one way.

    Found from the last part to the first, since the ways of many equal lists are beyond counting.
    """
    nothing: tuple[str, ...] = ()
    # for each place in the pieces, the ways to take what follows from the parts seen so far
    found = [(0, nothing)] * len(pieces) + [(1, nothing)]
    for part, by_text in reversed(parts):
        longest = 1 + max((form.count(",") for form in by_text), default=0)
        with_part = list(found)
        for start in range(len(pieces)):
            for end in range(start + 1, min(len(pieces), start + longest) + 1):
                ways, way = found[end]
                if not ways or with_part[start][0] == 2:
                    continue
                option = _option(",".join(pieces[start:end]), by_text)
                if option is not None:
                    count = min(2, with_part[start][0] + ways)
                    with_part[start] = (count, (part + option, *way))
        found = with_part
    return found[0]


def _blanks(question: Blanks, pieces: Sequence[str], cell: str) -> Response:
    parts = list(question.blanks)
    if len(parts) == 1:
        return Response(filled={parts[0]: cell.replace("\\,", ",").strip()})
    if len(pieces) > len(parts):
        raise ResponseError(
            f"{len(pieces)} answers for {len(parts)} blanks", "look it up: a comma may be in one"
        )
    if len(pieces) < len(parts):
        return Response(unplaced=tuple(pieces))
    return Response(filled=dict(zip(parts, map(str.strip, pieces), strict=True)))


def _short(text: str) -> str:
    return one_line(text, 60)
