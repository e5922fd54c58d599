"""The totals of a student's answers, each sort of evidence apart."""

from __future__ import annotations

from fractions import Fraction

from quizproof.questions.problems import Problem
from quizproof.questions.scoring import Policy
from quizproof.questions.spec import Text
from quizproof.reports.student.check_page import render_check
from quizproof.reports.student.check_phrases import totals
from quizproof.reports.student.check_result import CheckedQuiz
from quizproof.reports.student.marking import Checked, Mark, unanswered
from tests.reports.parsed import parsed
from tests.reports.runs import choice, run

ONE = Fraction(1)


def checked_quiz(*items: Checked) -> CheckedQuiz:
    return CheckedQuiz(
        id="quiz",
        title=Text(en="A quiz", zh_hant="測驗"),
        policy=Policy.PARTIAL_CREDIT,
        questions=items,
        problems=[],
        broken=[],
        run=run(),
    )


def judged(name: str, mark: Mark, *, stand_in: bool = False) -> Checked:
    return Checked(choice(name), 1, mark, points=ONE, possible=ONE, stand_in=stand_in)


def heading(quiz: CheckedQuiz) -> str:
    return parsed(render_check(quiz)).one("h2", id="standing").text()


def test_settled_answers_are_counted_apart_from_those_on_a_stand_in() -> None:
    settled = [judged("q01", Mark.AGREES), judged("q02", Mark.DIFFERS)]
    other = [judged("q03", Mark.AGREES, stand_in=True)]
    both = "1 of 2 answers agrees with what was measured; 1 of 1 agrees with a stand-in"
    assert heading(checked_quiz(*settled, *other)) == both
    assert heading(checked_quiz(*settled)) == both.partition(";")[0]
    assert heading(checked_quiz(*other)) == "1 of 1 agrees with a stand-in"
    assert heading(checked_quiz()) == "No answer could be judged"


def test_an_answer_that_cannot_be_read_is_not_left_empty() -> None:
    unread = unanswered(choice("q01"), 1, Problem("a.yaml", 1, 1, "no answer", "write one"))
    quiz = checked_quiz(unread, unanswered(choice("q02"), 2))
    assert totals(quiz) == [
        "0.3 points not answered",
        "0.3 points of answers that cannot be read",
    ]
