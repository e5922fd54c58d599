"""Points for a response against a right answer: the key's, or the one that was measured.

A policy says what becomes of a response that is right in part:

    all-or-nothing   nothing; the course's
    partial-credit   Canvas's: of several options, right less wrong ones, not below zero; of several
                     blanks or lists, or of items put in order, the share that is right
    per-blank        of several blanks or lists, the share that is right; of options, nothing

Points are fractions, so that three thirds of a point are one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from quizproof.questions.responses import Response
from quizproof.questions.spec import (
    Answer,
    Blanks,
    Lists,
    MultipleChoice,
    NumberBlank,
    Ordering,
    Question,
    SingleChoice,
    expected_answer,
    keys_of,
)
from quizproof.questions.tolerance import (
    Bounds,
    bounds_around,
    decimal,
    key_bounds,
    written_number,
)


class Policy(StrEnum):
    ALL_OR_NOTHING = "all-or-nothing"
    PARTIAL_CREDIT = "partial-credit"
    PER_BLANK = "per-blank"


Words: TypeAlias = frozenset[str]  # each as ``plain_word`` makes it


@dataclass(frozen=True)
class RightAnswer:
    """The answer that a response is compared with."""

    options: frozenset[str] = frozenset()  # as the ids of ``choices``: "a", "1a"
    enough: int | None = None  # how many of ``options`` are to be chosen; None: all of them
    blanks: Mapping[str, Words | Bounds] = field(default_factory=dict)  # by part
    others: tuple[RightAnswer, ...] = ()  # as right as this one, each as a whole
    everyone: bool = False  # whatever was answered is right


def key_answer(question: Question) -> RightAnswer | None:
    """The right answer by the key, with the others that it accepts; None where there is none.

    Nor is there one where a single option is to be chosen and the key expects none or several, or
    where it expects none of any number: an empty answer would have all of the points.
    """
    key = _key_answer(question)
    if question.full_credit is not None:
        return replace(key or RightAnswer(), everyone=True)
    return key


def one_of(right: Sequence[RightAnswer]) -> RightAnswer:
    """``right``, of which there is one at least, as one: the most points that any of them gives."""
    each = [other for one in right for other in (replace(one, others=()), *one.others)]
    first, *others = each
    return replace(first, others=tuple(others), everyone=any(one.everyone for one in right))


def _key_answer(question: Question) -> RightAnswer | None:
    if isinstance(question, Blanks):
        blanks: dict[str, Words | Bounds] = {}
        for part, blank in question.blanks.items():
            if isinstance(blank, NumberBlank):
                bounds = key_bounds(blank)
                if bounds is None:
                    return None
                blanks[part] = bounds
            elif words := frozenset(filter(None, map(plain_word, blank.expected or ()))):
                blanks[part] = words
            else:
                return None
        return RightAnswer(blanks=blanks)
    if isinstance(question, Ordering):
        answer = expected_answer(question)
        return None if answer is None else measured_answer(question, answer)
    # what the key expects, be it an option or not: nobody is right by a key that names none
    if isinstance(question, Lists):
        expected = [
            None if down.expected is None else part + down.expected
            for part, down in question.parts.items()
        ]
        return None if None in expected else RightAnswer(frozenset(filter(None, expected)))
    keys = [frozenset(key) for key in keys_of(question.expected)]
    if not all(len(key) == 1 if isinstance(question, SingleChoice) else key for key in keys):
        return None
    return one_of([RightAnswer(key) for key in keys]) if keys else None


def measured_answer(question: Question, answer: Answer) -> RightAnswer:
    """The right answer by what was measured: ``QuestionResult.measured``, where it is not None.

    Where more options hold than are to be chosen, any of them are right.
    """
    if isinstance(question, Ordering):
        places = zip(question.positions, answer, strict=True)
        return RightAnswer(blanks={place: frozenset([str(item)]) for place, item in places})
    if not isinstance(question, Blanks):
        wanted = 1 if isinstance(question, SingleChoice) else getattr(question, "choose", None)
        enough = wanted if wanted is not None and len(answer) > wanted else None
        return RightAnswer(frozenset(map(str, answer)), enough)
    blanks: dict[str, Words | Bounds] = {}
    for (part, blank), value in zip(question.blanks.items(), answer, strict=True):
        if isinstance(blank, NumberBlank):
            blanks[part] = bounds_around(blank, float(value))
        else:
            blanks[part] = frozenset([plain_word(str(value))])
    return RightAnswer(blanks=blanks)


def points(
    question: Question,
    right: RightAnswer,
    response: Response | None,
    policy: Policy = Policy.ALL_OR_NOTHING,
) -> Fraction:
    """Points from 0 to the question's.

    0 for None, what could not be read, and where nobody knows which part was answered, unless
    everyone has them.
    """
    if right.everyone:
        return Fraction(decimal(question.points))
    if response is None or response.unplaced:
        return Fraction(0)
    shares = [_share(question, each, response, policy) for each in (right, *right.others)]
    return Fraction(decimal(question.points)) * max(shares)


def right_parts(
    question: Blanks | Lists | Ordering, right: RightAnswer, response: Response
) -> dict[str, bool]:
    """Tell of each part, a blank or a list, whether it is answered right."""
    if isinstance(question, Blanks | Ordering):
        parts = question.blanks if isinstance(question, Blanks) else question.positions
        return {
            part: is_filled_right(right.blanks[part], response.filled.get(part, ""))
            for part in parts
        }
    return {
        part: bool(chosen) and chosen <= right.options
        for part, down in question.parts.items()
        for chosen in [response.chosen & {part + option for option in down.options}]
    }


def is_filled_right(right: Words | Bounds, text: str) -> bool:
    """Tell whether a blank that was filled with ``text`` is right."""
    if isinstance(right, Bounds):
        number = written_number(text)
        return number is not None and number in right
    return plain_word(text) in right


def plain_word(text: str) -> str:
    """``text`` without the spaces around it and the difference of capitals."""
    return unicodedata.normalize("NFC", text).strip().casefold()


def _share(question: Question, right: RightAnswer, response: Response, policy: Policy) -> Fraction:
    """The share of its points that a question gives, from 0 to 1."""
    if isinstance(question, Blanks | Lists | Ordering):
        parts = right_parts(question, right, response)
        share = Fraction(sum(parts.values()), max(1, len(parts)))
        return share if policy is not Policy.ALL_OR_NOTHING else Fraction(int(share))
    if isinstance(question, MultipleChoice) and policy is Policy.PARTIAL_CREDIT and right.options:
        net = len(response.chosen & right.options) - len(response.chosen - right.options)
        return min(max(Fraction(0), Fraction(net, right.enough or len(right.options))), Fraction(1))
    if not right.options and (isinstance(question, SingleChoice) or question.choose):
        return Fraction(0)  # something is to be chosen: a key that expects nothing is wrong
    if right.enough is not None:
        those = response.chosen
        return Fraction(int(len(those) == right.enough and those <= right.options))
    return Fraction(int(response.chosen == right.options))
