"""Marks, points and answers as a student reads them."""

from __future__ import annotations

from fractions import Fraction

from quizproof.questions.spec import Text
from quizproof.reports import numbers
from quizproof.reports.counting import filled
from quizproof.reports.numbers import answer
from quizproof.reports.student import check_words as words
from quizproof.reports.student.check_result import CheckedQuiz
from quizproof.reports.student.marking import Checked


def symbol_of(item: Checked) -> str:
    return (words.STAND_IN_SYMBOLS if item.stand_in else words.SYMBOLS)[item.mark]


def name_of(item: Checked) -> Text:
    return (words.STAND_IN_MARKS if item.stand_in else words.MARKS)[item.mark]


def points_text(points: Fraction) -> str:
    """Points as people write them: 0.3, 8.7, 10."""
    return numbers.points(float(points))


def measured_text(item: Checked, language: str = "en") -> str:
    """Write what was measured in place of an answer."""
    if item.result is None or item.result.measured is None:
        return ""
    return answer(item.question, item.result.measured) or words.NONE.in_(language)


def totals(quiz: CheckedQuiz, language: str = "en") -> list[str]:
    """The points in words, a line for each sort of evidence."""
    of = {
        "settled_line": quiz.settled,
        "stand_in_line": quiz.stand_in,
        "open_line": quiz.open,
        "unanswered_line": quiz.left_empty,
        "unread_line": quiz.unread,
    }
    lines = []
    for key, those in of.items():
        if those.questions:
            line = words.SAID[key].in_(language)
            told = {"got": points_text(those.got), "possible": points_text(those.possible)}
            lines.append(filled(line, told))
    return lines
