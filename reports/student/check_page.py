"""The page for a student: like the report of a run, with the answer in the key's place."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment

from quizproof.questions.languages import shown_languages
from quizproof.questions.spec import Text
from quizproof.reports.charts.gallery import Gallery
from quizproof.reports.html import environment_with
from quizproof.reports.page import render_page
from quizproof.reports.question_view import question_view
from quizproof.reports.student import check_words as words
from quizproof.reports.student.check_phrases import (
    measured_text,
    name_of,
    points_text,
    symbol_of,
    totals,
)
from quizproof.reports.student.check_result import CheckedQuiz
from quizproof.reports.student.marking import JUDGED, OPEN, Checked, Mark
from quizproof.reports.words import WORDS


def render_check(quiz: CheckedQuiz, first: str = "en") -> str:
    """The whole page in the quiz's languages; ``first`` is shown until another is chosen."""
    gallery = Gallery()
    items = [
        (item, question_view(item.result, quiz.run, gallery) if item.result else None)
        for item in quiz.questions
    ]
    judged = sum(item.mark in JUDGED for item, _ in items)
    settled = quiz.agreeing(stand_in=False)
    return render_page(
        check_environment(_languages(quiz, first)),
        "check.html.j2",
        quiz.title,
        style="check.css.j2",
        first=first,
        short=f"{settled[0]} ∕ {settled[1]}",
        finds=True,
        quiz_id=quiz.id,
        run=quiz.run,
        items=items,
        gallery=gallery,
        judged=judged,
        on_settled=settled,
        on_stand_in=quiz.agreeing(stand_in=True),
        settled=quiz.settled,
        stand_in=quiz.stand_in,
        open=quiz.open,
        unanswered=quiz.unanswered,
        tone=tone(quiz),
        problems=quiz.problems,
        notes=quiz.run.notes,
        policy=quiz.policy,
        shown_marks=JUDGED,
        open_marks=OPEN,
    )


def render_in_notebook(quiz: CheckedQuiz, first: str = "en") -> str:
    """A table for a notebook's cell, which restyles nothing around it, with the page folded in.

    The page is a document of its own: neither its styles nor the ids in it meet the notebook's.
    """
    return (
        check_environment(_languages(quiz, first))
        .get_template("notebook.html.j2")
        .render(
            quiz=quiz,
            page=render_check(quiz, first),
            first=first,
            said={**WORDS, **words.SAID},
            summary="; ".join(totals(quiz, first)),
            open_marks=OPEN,
            left=[q.question.id for q in quiz.questions if q.mark is Mark.NOT_ANSWERED],
        )
    )


@cache
def check_environment(languages: tuple[str, ...]) -> Environment:
    environment = environment_with(words.SAID, languages)
    environment.globals.update(
        symbol_of=symbol_of,
        name_of=name_of,
        meaning_of=_meaning,
        slug_of=_slug,
        measured_of=measured_text,
    )
    environment.filters.update(points=points_text)
    return environment


def _languages(quiz: CheckedQuiz, first: str) -> tuple[str, ...]:
    return shown_languages(quiz.title, quiz.run.quiz.questions, first)


def _meaning(item: Checked) -> Text:
    return (words.STAND_IN_MEANINGS if item.stand_in else words.MEANINGS)[item.mark]


def _slug(item: Checked) -> str:
    """The class that colours a mark."""
    on_stand_in = item.stand_in and item.mark in JUDGED
    return f"mark-{str(item.mark).replace(' ', '-')}" + ("-on-stand-in" if on_stand_in else "")


def tone(quiz: CheckedQuiz) -> str:
    """The colour of the headline; green for nothing less than every question settled and right."""
    marks = {(item.mark, item.stand_in) for item in quiz.questions}
    if (Mark.DIFFERS, False) in marks:
        return "bad"
    return "good" if marks == {(Mark.AGREES, False)} else "plain"
