"""Numbers that one language of a text has and another lacks: one of them was not mended.

Compared are the numbers in digits, of any script and width, with thousands separators and without.
One that the other language writes in words, as far as they are known here (English, Chinese), is
there; of other languages a number below 10 is taken to be written in words, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import permutations

from quizproof.questions.languages import placed_texts
from quizproof.questions.problems import Problem
from quizproof.questions.spec import Question
from quizproof.questions.yaml_file import Document

_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?")
_ENGLISH = (
    ("one", "first", "once", "single", "a", "an"),
    ("two", "second", "twice", "both", "pair"),
    ("three", "third"),
    ("four", "fourth"),
    ("five", "fifth"),
    ("six", "sixth"),
    ("seven", "seventh"),
    ("eight", "eighth"),
    ("nine", "ninth"),
    ("ten", "tenth"),
    ("eleven", "eleventh"),
    ("twelve", "twelfth"),
)
_CHINESE = "一二三四五六七八九十"
_ALSO = {"兩": 2, "两": 2, "雙": 2, "双": 2, "壹": 1, "貳": 2, "參": 3}


def number_notes(question: Question, document: Document) -> Iterator[Problem]:
    """Say of each text which number one language has and another lacks, the first alone.

    Nothing is said where ``wordings`` says that the two ask different things.
    """
    if question.wordings is not None:
        return
    for place, text in placed_texts(question):
        words = {language: text.in_(language) for language in text.languages}
        for one, other in permutations(words, 2):
            lacking = [n for n in _numbers(words[one]) if not _has(words[other], other, n)]
            if lacking:
                yield document.problem(
                    (*place, other),
                    f"its {one} has the number {lacking[0]}, which its {other} lacks",
                    "mend one of them, if they should say the same",
                )
                break


def _numbers(text: str) -> list[str]:
    """The numbers in ``text``, each written in one way."""
    plain = unicodedata.normalize("NFKC", text)
    return [_one_form(match[0]) for match in _NUMBER.finditer(plain)]


def _one_form(number: str) -> str:
    whole, _, decimals = number.replace(",", "").partition(".")
    whole, decimals = whole.lstrip("0") or "0", decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


def _has(text: str, language: str, number: str) -> bool:
    if number in _numbers(text):
        return True
    if not number.isdecimal():
        return False
    if language == "en":
        said = set(re.findall(r"[a-z]+", text.casefold()))
        return int(number) <= len(_ENGLISH) and not said.isdisjoint(
            _ENGLISH[int(number) - 1] if int(number) else ("zero", "no", "none")
        )
    if language.startswith("zh"):
        return any(_chinese(character) == int(number) for character in text)
    return int(number) < 10


def _chinese(character: str) -> int | None:
    return _ALSO.get(character, _CHINESE.find(character) + 1 or None)
