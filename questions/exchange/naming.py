"""The ids that quizzes, questions, options and blanks of other systems get here."""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Sequence

from quizproof.questions.exchange.exchanged import NotHeldError
from quizproof.questions.fields import PART_ID, QUESTION_ID

_SHORT = 2  # characters of a word that a name may well have in it by chance
_TAKEN = frozenset(["quiz", "regions", "con", "prn", "aux", "nul"])  # by files, here or on Windows


def quiz_id(name: str) -> str:
    """``name``, or "" where a quiz cannot be called so."""
    return name if re.fullmatch(QUESTION_ID, name) else ""


def free_id(name: str, taken: Collection[str], place: int) -> str:
    """``name`` for a question, or its place where it cannot be called so."""
    if re.fullmatch(QUESTION_ID, name) and name not in taken and name not in _TAKEN:
        return name
    name = f"q{place:02}"
    while name in taken:
        place += 1
        name = f"q{place:02}"
    return name


def option_letters(idents: Sequence[str]) -> dict[str, str]:
    """A letter for each ident: the one that it was written for, else by its place."""
    if len(set(idents)) < len(idents):
        raise NotHeldError("two options of one list have the same ident")
    letters = [_letter(ident) for ident in idents]
    if None not in letters and len(set(letters)) == len(letters):
        return {ident: letter for ident, letter in zip(idents, letters, strict=True) if letter}
    if len(idents) > len(string.ascii_lowercase):
        raise NotHeldError(f"{len(idents)} options; 26 are the most")
    return dict(zip(idents, string.ascii_lowercase, strict=False))


def part_names(names: Sequence[str], words: Collection[str]) -> dict[str, str]:
    """A name for each blank: its own, or its place where one of them cannot be called so.

    Names are in small letters here. Students are shown them: one that has one of ``words``, the
    answers, in it would tell them.
    """
    own = {name: name.lower() for name in names}
    told = {_bare(word) for word in words} - {""}
    fit = (re.fullmatch(PART_ID, name) and not _tells(name, told) for name in own.values())
    if all(fit) and len(set(own.values())) == len(own):
        return own
    return {name: str(place) for place, name in enumerate(names, 1)}


def _tells(name: str, told: Collection[str]) -> bool:
    bare = _bare(name)
    return not name.isdigit() and any(
        word == bare or (len(word) > _SHORT and word in bare) for word in told
    )


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _letter(ident: str) -> str | None:
    """The letter that ``qti_write`` wrote a number for."""
    if not re.fullmatch(r"[1-9][0-9]{3,8}", ident) or not 1 <= int(ident) % 1000 <= 26:
        return None
    return string.ascii_lowercase[int(ident) % 1000 - 1]
