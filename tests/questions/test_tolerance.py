from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.questions.lint import LintedQuestion, lint_quiz
from quizproof.questions.spec import choices, expected_answer

HEAD = "id: quiz\ntitle: {en: Quiz, zh-Hant: 測驗}\nquestions: [q01]\n"
QUESTION = """\
kind: blanks
points: 1
about: model
prompt: {{en: "How much? [1]", zh-Hant: "多少？[1]"}}
blanks:
  1: {{measure: x, {blank}}}
"""


def linted(folder: Path, blank: str) -> LintedQuestion:
    (folder / "quiz.yaml").write_text(HEAD, encoding="utf-8")
    (folder / "q01.yaml").write_text(QUESTION.format(blank=blank), encoding="utf-8")
    [question] = lint_quiz(folder, {}).questions
    return question


@pytest.mark.parametrize(
    ("blank", "rule", "expected"),
    [
        ("expected_number: -0.5, tolerance: 0.1", "abs(x - (-0.5)) <= 0.1", -0.5),
        (
            "expected_number: 2, tolerance: {relative: 0.05}",
            "abs(x - (2.0)) <= 0.05 * abs(2.0)",
            2.0,
        ),
        ("tolerance: {range: [-1, 0.76]}", "(-1.0) <= x <= (0.76)", "-1 … 0.76"),
    ],
)
def test_each_tolerance_makes_a_rule(
    tmp_path: Path, blank: str, rule: str, expected: float | str
) -> None:
    found = linted(tmp_path, blank)
    assert found.key == ()
    assert found.question is not None
    # without a probe the question is broken; no rule is named as wrong
    assert all("probe" in problem.what for problem in found.broken)
    assert [choice.rule for choice in choices(found.question)] == [rule]
    assert expected_answer(found.question) == (expected,)


@pytest.mark.parametrize(
    ("blank", "told"),
    [
        ("tolerance: {range: [2, 1]}", "the range ends before it begins; write [1, 2]"),
        ("expected_number: 3, tolerance: {range: [1, 2]}", "3 is expected, which the range leaves"),
        ("expected_number: 0, tolerance: {relative: 0.1}", "a share of 0 leaves no room"),
        ("tolerance: 0.1", "blank 1 expects nothing; add 'expected_number'"),
    ],
)
def test_a_tolerance_that_cannot_be_meant_is_told(tmp_path: Path, blank: str, told: str) -> None:
    [problem] = linted(tmp_path, blank).key
    assert told in str(problem)
    assert problem.line == 6


@pytest.mark.parametrize(
    "tolerance", ["-1", ".nan", ".inf", "{range: [1]}", "{relative: -1}", "{}"]
)
def test_what_is_no_tolerance_is_no_question(tmp_path: Path, tolerance: str) -> None:
    assert linted(tmp_path, f"expected_number: 1, tolerance: {tolerance}").question is None
