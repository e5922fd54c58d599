"""The key of a question of Moodle, out of the share of the points that each answer gives.

A key that cannot be held whole is none: nobody is to be graded by a part of it in silence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from quizproof.questions.exchange.cloze import Part
from quizproof.questions.exchange.decimals import around, number_blank, read_number
from quizproof.questions.exchange.exchanged import NotHeldError
from quizproof.questions.exchange.html_text import Note
from quizproof.questions.exchange.languages import read_line
from quizproof.questions.exchange.naming import option_letters
from quizproof.questions.exchange.qti_conditions import several
from quizproof.questions.spec import AnyOf, DropDown, NumberBlank, Option, TextBlank

T = TypeVar("T")
Shares = Mapping[str, float]  # in per cent, by option
_ANY = re.compile(r"(?<!\\)\*")


def with_text(options: Sequence[tuple[str, T]], note: Note) -> list[T]:
    """The options that have a text."""
    shown = [option for text, option in options if text.strip()]
    if empty := len(options) - len(shown):
        note(f"{empty} {'option' if empty == 1 else 'options'} without a text left out")
    if not shown:
        raise NotHeldError("none of its options has a text")
    return shown


def any_right(shares: Shares, what: str, note: Note) -> list[str] | AnyOf | None:
    """The option that is right where one is to be chosen, or any of several; None: no key."""
    right = [name for name, share in shares.items() if share > 0]
    if len(right) > 1 and all(shares[name] == 100 for name in right):
        return AnyOf(any=[[name] for name in right])
    return one_right(shares, what, note)


def one_right(shares: Shares, what: str, note: Note) -> list[str] | None:
    """The option that is right where one is to be chosen; None where there is no key."""
    most = max(shares.values(), default=0.0)
    right = [name for name, share in shares.items() if share == most > 0]
    partly = [name for name, share in shares.items() if 0 < share < most]
    if len(right) > 1:
        note(
            f"no key: {len(right)} options of {what} are right ({', '.join(right)}); "
            "write 'expected'"
        )
    elif partly:
        note(
            f"no key: {', '.join(right)} gives all of the points of {what} there, "
            f"{', '.join(partly)} a part; write 'expected'"
        )
    else:
        return right or None
    return None


def all_right(shares: Shares, what: str, note: Note) -> list[str] | None:
    """The options that are all to be chosen; None where there is no key."""
    right = [name for name, share in shares.items() if share > 0]
    # shares are rounded to five places there; 21 rights of 5 % are the most that are ours
    if len(right) <= 10 and sum(shares[name] for name in right) > 100.1:
        note(
            f"no key: less than all of {', '.join(right)} is right in {what} as well; "
            "write 'expected'"
        )
        return None
    if len({shares[name] for name in right}) > 1:
        note("its options are worth different points there")
    return right or None


def drop_down(part: Part, name: str, note: Note, languages: Sequence[str]) -> DropDown:
    shown = with_text([(answer.text, answer) for answer in part.answers], note)
    letters = list(option_letters([str(place) for place in range(len(shown))]).values())
    shares = {letter: answer.share for letter, answer in zip(letters, shown, strict=True)}
    key = one_right(shares, f"list {name}", note)
    if sum(a.share > 0 for a in part.answers) > sum(share > 0 for share in shares.values()):
        note(f"no key for list {name}: its right choice has no text; write 'expected'")
        key = None
    return DropDown(
        options={
            letter: Option(text=read_line(answer.text, languages))
            for letter, answer in zip(letters, shown, strict=True)
        },
        expected=key[0] if key else None,
    )


def filled(
    answers: Sequence[tuple[str, float]], number: bool, name: str, note: Note
) -> TextBlank | NumberBlank:
    """A blank called ``name`` from its answers and the share of the points for each."""
    given = [(text.strip(), share) for text, share in answers if share > 0 and text.strip()]
    right = list(dict.fromkeys(text for text, share in given if share == 100))
    if partly := [text for text, share in given if share < 100]:
        whole = f", '{', '.join(right)[:60]}' all" if right else ""
        note(
            f"no key for blank {name}: '{', '.join(partly)[:60]}' gives a part of the points "
            f"there{whole}; write 'expected'"
        )
        return NumberBlank(tolerance=0.0) if number else TextBlank()
    if number:
        return _number(right, note)
    if loose := [word for word in right if _ANY.search(word)]:
        note(
            f"no key for blank {name}: * in '{loose[0][:60]}' stands for anything there; write "
            "each word that is right as 'expected'"
        )
        return TextBlank()
    words = [word.replace("\\*", "*") for word in right]
    return TextBlank(expected=list(dict.fromkeys(words)) or None)


def _number(right: Sequence[str], note: Note) -> NumberBlank:
    """A blank from what is right: a number and its tolerance, with a colon between."""
    if not right:
        raise NotHeldError("no number is right")
    found = {}
    for text in right:
        exact, _, within = text.partition(":")
        middle = read_number(exact.replace(",", "."))
        low, high = around(middle, read_number((within or "0").replace(",", ".")).copy_abs())
        found[middle, low, high] = exact.strip()
    if len(found) > 1:
        several(list(found.values()), note)
        return NumberBlank(tolerance=0.0)
    return number_blank(*next(iter(found)))
