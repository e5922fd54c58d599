"""An ordering question on a page, in a student's check, and in a class."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from quizproof.probes.engine.results import QuestionResult, State
from quizproof.questions.responses import parse_response
from quizproof.questions.scoring import Policy
from quizproof.questions.spec import Ordering
from quizproof.reports.cli import main
from quizproof.reports.html import render_html
from quizproof.reports.json_report import json_report
from quizproof.reports.student.marking import Mark, checked
from tests.reports.runs import measured, result, run

HOLDS = (True, 0.1, 0.2, 0.3)
FAILS = (False, -0.3, -0.2, -0.1)
OPEN = (None, -0.3, 0.0, 0.3)


def ordering(expected: list[str] | None) -> Ordering:
    return Ordering.model_validate(
        {
            "id": "q01",
            "kind": "ordering",
            "points": 1,
            "about": "method",
            "prompt": "In order?",
            "items": {"a": {"text": "<one>", "measure": "x"}, "b": {"text": "two", "measure": "y"}},
            "expected": expected,
        }
    )


def found(expected: list[str] | None, *, decided: bool = True) -> QuestionResult:
    of_pair: dict[str, tuple[bool | None, float, float, float]]
    of_pair = {"aba": FAILS, "abb": HOLDS} if decided else {"aba": OPEN, "abb": OPEN}
    return result(
        State.CONTRADICTED if expected else State.UNDECIDED,
        ordering(expected),
        expected=None if expected is None else tuple(expected),
        measured=("b", "a") if decided else None,
        measurement=measured(of_pair),
        settles=True,
    )


def test_a_page_asks_of_each_two() -> None:
    made = run(found(["a", "b"]))
    page = render_html(made)
    assert "Which comes first, <bdi" in page
    assert "&lt;one&gt;" in page
    [question] = json.loads(json_report(made))["questions"]
    assert (question["expected"], question["measured"]) == (["a", "b"], ["b", "a"])
    assert question["options"]["abb"]["holds"] is True


@pytest.mark.parametrize(
    ("answer", "decided", "mark", "points"),
    [
        ("b,a", True, Mark.AGREES, 1),
        ("a,b", True, Mark.DIFFERS, 0),
        ("a,b", False, Mark.NOT_DECIDED, 0),
    ],
)
def test_a_students_order_is_judged(answer: str, decided: bool, mark: Mark, points: int) -> None:
    made = found(None, decided=decided)
    response = parse_response(made.question, answer)
    got = checked(made, response, Policy.PARTIAL_CREDIT)
    assert (got.mark, float(got.points)) == (mark, float(points))
    assert got.answer == answer


def test_a_class_is_graded(tmp_path: Path) -> None:
    (tmp_path / "quiz.yaml").write_text("id: planted\ntitle: T\nquestions: [q01]\n", "utf-8")
    (tmp_path / "q01.yaml").write_text(
        "kind: ordering\npoints: 1\nabout: method\nprompt: In order?\nexpected: [b, a, c]\n"
        "items: {a: {text: one}, b: {text: two}, c: {text: three}}\n",
        encoding="utf-8",
    )
    (tmp_path / "class.csv").write_text(
        'student,q01\ns 1,"b,a,c"\ns 2,bca\ns 3,\ns 4,"b,a"\n', encoding="utf-8"
    )
    out = tmp_path / "out.csv"
    arguments = ["--policy", "partial-credit", "--store", "none", "--report", str(tmp_path)]
    common = ["grade", str(tmp_path), str(tmp_path / "class.csv"), "-o", str(out)]
    assert main([*common, *arguments]) == 2  # s 4's is no order, and there is no probe
    with out.open(encoding="utf-8", newline="") as file:
        assert [float(row[-1]) for row in list(csv.reader(file))[2:]] == [1, 0.33, 0, 0]
