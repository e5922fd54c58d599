from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from quizproof.questions.class_file import read_class
from quizproof.questions.grading import Attempt, ClassGrades, grade_class
from quizproof.questions.scoring import Policy, key_answer
from quizproof.questions.spec import Question
from tests.reports.runs import choice, dropdowns

ONE = choice("q01", rules=("x > y",) * 4)
SEVERAL = choice("q04", "multiple", ("x > y",) * 4, ["a", "d"])
LISTS = dropdowns()
QUIZ = (ONE, SEVERAL, LISTS)
TENTH = Fraction(1, 10)


def grade(
    tmp_path: Path,
    content: str,
    policy: Policy = Policy.ALL_OR_NOTHING,
    attempt: Attempt = Attempt.HIGHEST,
    quiz: tuple[Question, ...] = QUIZ,
) -> ClassGrades:
    path = tmp_path / "class.csv"
    path.write_text(content, encoding="utf-8", newline="")
    keys = {q.id: key for q in quiz if (key := key_answer(q)) is not None}
    return grade_class(quiz, keys, read_class(path, quiz), policy, attempt)


def totals(grades: ClassGrades) -> dict[str, Fraction]:
    return {student.student.name: student.total for student in grades.students}


def test_points_by_policy(tmp_path: Path) -> None:
    content = 'student,q01,q04,q29\nx,a,"a,d",10a 2a\ny,b,a,10a\nz,,,\n'
    assert totals(grade(tmp_path, content)) == {"x": 9 * TENTH, "y": 0, "z": 0}
    partial = totals(grade(tmp_path, content, Policy.PARTIAL_CREDIT))
    assert partial == {"x": 9 * TENTH, "y": 3 * TENTH, "z": 0}
    per_blank = totals(grade(tmp_path, content, Policy.PER_BLANK))
    assert per_blank == {"x": 9 * TENTH, "y": Fraction(3, 20), "z": 0}


def test_what_could_not_be_read_gives_no_points_and_the_rest_does(tmp_path: Path) -> None:
    grades = grade(tmp_path, 'student,q01,q04,q29\nx,a,"a,z",10a 2a\n')
    assert totals(grades) == {"x": 6 * TENTH}
    assert grades.students[0].responses["q04"] is None
    assert len(grades.problems) == 1


def test_a_question_without_a_key_counts_for_nobody(tmp_path: Path) -> None:
    without = SEVERAL.model_copy(update={"expected": None})
    grades = grade(tmp_path, 'student,q01,q04\nx,a,"a,d"\n', quiz=(ONE, without))
    assert totals(grades) == {"x": 3 * TENTH}
    assert grades.possible == 3 * TENTH
    assert "q04: not graded, the quiz has no key for it" in str(grades.problems[0])


@pytest.mark.parametrize(
    ("rows", "graded", "ungraded", "told"),
    [
        ("x,a\nx,a\n", {"x": 3 * TENTH}, [], "the rows 2, 3 are all of x; they are the same"),
        ("x,a\nx,b\ny,a\n", {"y": 3 * TENTH}, ["x"], "of x; they differ: none is graded"),
        (",a\ny,a\n", {"y": 3 * TENTH}, [], "2: the row says not whose it is"),
    ],
)
def test_two_rows_for_one_student(
    tmp_path: Path, rows: str, graded: dict[str, Fraction], ungraded: list[str], told: str
) -> None:
    grades = grade(tmp_path, f"student,q01\n{rows}", quiz=(ONE,))
    assert totals(grades) == graded
    assert [student.name for student in grades.ungraded] == ungraded
    [problem] = grades.problems
    assert told in str(problem)


def test_one_name_with_two_ids_is_two_students(tmp_path: Path) -> None:
    grades = grade(tmp_path, "name,id,q01\nx,1,a\nx,2,b\n", quiz=(ONE,))
    assert [student.total for student in grades.students] == [3 * TENTH, 0]
    assert grades.problems == []


def attempts(*answers: tuple[int, str], name: str = "x") -> str:
    rows = "".join(
        f"{name},7,S,3,2021-05-09 08:00:00 UTC,{attempt},{answer},0.3,0,0,0\n"
        for attempt, answer in answers
    )
    labels = "name,id,section,section_id,submitted,attempt"
    return f'{labels},"1: {ONE.prompt.en}",0.3,n correct,n incorrect,score\n{rows}'


def test_of_several_attempts_one_counts(tmp_path: Path) -> None:
    content = attempts((2, "Option b"), (1, "Option a"))
    assert totals(grade(tmp_path, content, quiz=(ONE,))) == {"x": 3 * TENTH}
    latest = grade(tmp_path, content, attempt=Attempt.LATEST, quiz=(ONE,))
    assert totals(latest) == {"x": 0}
    again = grade(tmp_path, attempts((1, "Option a"), (1, "Option b")), quiz=(ONE,))
    assert again.students == []


def test_anonymous_rows_are_students_of_their_own(tmp_path: Path) -> None:
    labels = "section,section_id,submitted"
    rows = "".join(f"S,3,2021-05-09 08:00:00 UTC,Option {o},0,0,0,0\n" for o in "aab")
    content = f'{labels},"1: {ONE.prompt.en}",0.3,n,m,s\n{rows}'
    grades = grade(tmp_path, content, quiz=(ONE,))
    assert [student.total for student in grades.students] == [3 * TENTH, 3 * TENTH, 0]
    assert [student.label for student in grades.students] == [f"anonymous {n}" for n in (2, 3, 4)]


def test_what_was_not_put_to_anyone_is_not_to_be_had(tmp_path: Path) -> None:
    labels = "name,id,section,section_id,submitted"
    who = "7,S,3,2021-05-09 08:00:00 UTC"
    content = (
        f'{labels},"1: {ONE.prompt.en}",0.3,"2: {SEVERAL.prompt.en}",0.3,n,m,s\n'
        f"x,1{who},Option a,0.3,,,1,0,1\ny,2{who},,,Option a,0,1,0,1\n"
    )
    grades = grade(tmp_path, content, quiz=(ONE, SEVERAL))
    assert grades.possible == 3 * TENTH
    assert [set(student.points) for student in grades.students] == [{"q01"}, {"q04"}]


def test_where_a_part_is_not_known_it_is_told_and_gives_nothing(tmp_path: Path) -> None:
    labels = "name,id,section,section_id,submitted"
    two_alike = LISTS.model_copy(update={"parts": dict.fromkeys(("1", "2"), LISTS.parts["2"])})  # type: ignore[union-attr]
    content = f'{labels},"1: {LISTS.prompt.en}",0.3,n,m,s\nx,7,S,3,2021-05-09 08:00,2a,0,0,0,0\n'
    for policy in Policy:
        grades = grade(tmp_path, content, policy, quiz=(two_alike,))
        assert totals(grades) == {"x": 0}
        assert bool(grades.problems) is (policy is not Policy.ALL_OR_NOTHING)
