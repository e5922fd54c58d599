"""A contradiction that a course knowingly keeps."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from quizproof.probes.engine.acceptance import acceptance
from quizproof.probes.engine.results import State
from quizproof.questions.problems import InputError
from quizproof.questions.quiz import read_head, read_question
from quizproof.questions.spec import Answer, Question
from quizproof.questions.without_key import without_key
from quizproof.questions.write_quiz import write_quiz, yaml_text
from tests.questions.test_lint import linted
from tests.questions.test_yaml_file import QUESTION

KEPT = "accepted: {measured: [b], reason: as handed out, by: the course, until: 2027-01-31}\n"
LAST = date(2027, 1, 31)


def kept(folder: Path, text: str = KEPT) -> Question:
    linted(folder, QUESTION + text)
    question, _ = read_question(folder, "q01")
    return question


@pytest.mark.parametrize(
    ("measured", "today", "holds", "said"),
    [
        (("b",), LAST, True, "accepted by the course until 2027-01-31: as handed out"),
        (("b",), date(2027, 2, 1), False, "its acceptance lapsed: on 2027-01-31"),
        (("a",), LAST, False, "its acceptance lapsed: what was accepted is b, not this"),
        ((), LAST, False, "its acceptance lapsed: what was accepted is b, not this"),
        (None, LAST, False, "its acceptance lapsed: what was accepted is b, not this"),
    ],
)
def test_it_holds_for_what_was_accepted_and_until_its_last_day(
    tmp_path: Path, measured: Answer | None, today: date, holds: bool, said: str
) -> None:
    found = acceptance(kept(tmp_path), State.CONTRADICTED, measured, today)
    assert found is not None
    assert (found.holds, found.why.en) == (holds, said)


@pytest.mark.parametrize("state", [s for s in State if s is not State.CONTRADICTED])
def test_nothing_but_a_contradiction_is_accepted(tmp_path: Path, state: State) -> None:
    assert acceptance(kept(tmp_path), state, ("b",), LAST) is None


def test_numbers_are_the_same_to_three_digits(tmp_path: Path) -> None:
    question = kept(tmp_path, KEPT.replace("[b]", "[b, 0.08753]"))
    for number, holds in ((0.087532, True), (0.0875, True), (0.088, False)):
        found = acceptance(question, State.CONTRADICTED, ("b", number), LAST)
        assert found is not None
        assert found.holds is holds


def test_it_is_written_and_read_back_and_is_not_a_students(tmp_path: Path) -> None:
    question = kept(tmp_path)
    head, _ = read_head(tmp_path)
    write_quiz(tmp_path, head, [question])
    assert "until: 2027-01-31" in yaml_text(question)
    assert read_question(tmp_path, "q01")[0] == question
    stripped = without_key(question.model_dump(by_alias=True, exclude_defaults=True))
    assert "accepted" not in stripped


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("soon", "a day is written as 2027-01-31"),
        ("2027-02-30", "day value is outside expected range"),
        ("1800000000", "a day is written as 2027-01-31"),
    ],
)
def test_a_day_that_is_none(tmp_path: Path, until: str, said: str) -> None:
    linted(tmp_path, QUESTION + KEPT.replace("2027-01-31", until))
    with pytest.raises(InputError, match=said):
        read_question(tmp_path, "q01")


@pytest.mark.parametrize(
    ("measured", "said"),
    [
        ("[b]", []),
        ("[z]", ["accepted option z is not among the options"]),
        ("[a]", ["what is accepted is what the key expects"]),
    ],
)
def test_lint_looks_at_what_is_accepted(tmp_path: Path, measured: str, said: list[str]) -> None:
    found = linted(tmp_path, QUESTION + KEPT.replace("[b]", measured))
    assert [problem.what for problem in found.key] == said
