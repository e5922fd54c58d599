"""A matching question on the page of a run, and of a student's check."""

from __future__ import annotations

from quizproof.probes.engine.results import State
from quizproof.questions.responses import parse_response
from quizproof.questions.scoring import Policy
from quizproof.questions.spec import Matched, Matching, Text
from quizproof.reports.html import render_html
from quizproof.reports.student.marking import Mark, checked
from tests.reports.runs import measured, result, run

QUESTION = Matching(
    id="q01",
    kind="matching",
    points=1,
    about="method",
    prompt=Text("Which?"),
    choices={"a": Text("a cat"), "b": Text("a dog")},
    items={
        "1": Matched(text=Text("It <purrs>"), rules={"a": "x > y", "b": "x < y"}, expected="a"),
        "2": Matched(text=Text("It barks"), rules={"a": "x > y", "b": "x < y"}, expected="b"),
    },
)
HOLDS = (True, 0.1, 0.2, 0.3)
FAILS = (False, -0.3, -0.2, -0.1)
MEASURED = measured({"1a": HOLDS, "1b": FAILS, "2a": HOLDS, "2b": FAILS})


def test_each_item_heads_its_choices() -> None:
    found = result(
        State.CONTRADICTED,
        QUESTION,
        expected=("1a", "2b"),
        measured=("1a", "2a"),
        measurement=MEASURED,
    )
    page = render_html(run(found))
    assert "[1] " in page
    assert "It &lt;purrs&gt;" in page
    assert "[1] a, [2] b" in page


def test_a_students_pairs_are_judged() -> None:
    items = {p: i.model_copy(update={"expected": None}) for p, i in QUESTION.items.items()}
    question = QUESTION.model_copy(update={"items": items})
    found = result(
        State.UNDECIDED,
        question,
        expected=None,
        measured=("1a", "2a"),
        measurement=MEASURED,
        settles=True,
    )
    right = checked(found, parse_response(question, "1a 2a"), Policy.ALL_OR_NOTHING)
    assert (right.mark, float(right.points)) == (Mark.AGREES, 1.0)
    wrong = checked(found, parse_response(question, "1a 2b"), Policy.PER_BLANK)
    assert (wrong.mark, float(wrong.points)) == (Mark.DIFFERS, 0.5)
    assert wrong.concerned == ("2a", "2b")
