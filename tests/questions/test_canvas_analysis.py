"""A Student Analysis with columns taken out, and of a quiz whose blanks are called otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.questions.class_file import read_class
from quizproof.questions.classroom import ClassResponses, Student
from quizproof.questions.spec import Blanks, Text, TextBlank
from tests.reports.runs import choice

ONE = choice("q01", rules=("x > y",) * 4)
PROMPT = ONE.prompt.en
AT = "2026-04-09 03:28:49 UTC"


def read(path: Path, content: str, *questions: Blanks) -> ClassResponses:
    (path / "class.csv").write_text(content, encoding="utf-8")
    return read_class(path / "class.csv", questions or (ONE,))


def analysis(labels: str, *rows: str) -> str:
    lines = [f'{labels},"1: {PROMPT}",0.3,n,m,s']
    lines += [f"{row.format(t=AT)},Option a,0.3,1,0,0.3" for row in rows]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("labels", "row", "student", "attempt"),
    [
        ("name,sis_id,submitted,attempt", '"Stone, Ada",a1,{t},2', ("Stone, Ada", "a1"), 2),
        ("name,submitted", "Ada,{t}", ("Ada", ""), None),
        ("name", "Ada", ("Ada", ""), None),
        ("sis_id,submitted,attempt", "a1,{t},1", ("", "a1"), 1),
        ("sis_id", "a1", ("", "a1"), None),
        ("SIS ID,Submitted", "a1,{t}", ("", "a1"), None),
        ("name,sis_id,root_account,submitted,attempt", "Ada,a1,R,{t},3", ("Ada", "a1"), 3),
    ],
)
def test_english_labels_say_what_they_are(
    tmp_path: Path, labels: str, row: str, student: tuple[str, str], attempt: int | None
) -> None:
    [submission] = read(tmp_path, analysis(labels, row)).submissions
    assert submission.student == Student(name=student[0], sis_id=student[1])
    assert submission.attempt == attempt


def test_a_school_number_and_a_section(tmp_path: Path) -> None:
    content = analysis("name,sis_id,section,submitted", "Ada,a1,S,{t}")
    [submission] = read(tmp_path, content).submissions
    assert submission.student == Student(name="Ada", sis_id="a1", section="S")


def test_other_labels_without_a_section(tmp_path: Path) -> None:
    rows = ["艾達,a1,{t},1", "班,b2,{t},1", "班,b2,{t},2"]
    found = read(tmp_path, analysis("姓名,學號,提交時間,次數", *rows))
    assert [s.student for s in found.submissions[:2]] == [
        Student(name="艾達", sis_id="a1"),
        Student(name="班", sis_id="b2"),
    ]
    assert [s.attempt for s in found.submissions] == [1, 1, 2]


def test_other_labels_with_both_numbers(tmp_path: Path) -> None:
    rows = ["艾達,7,a1,{t},1", "班,8,b2,{t},1"]
    found = read(tmp_path, analysis("姓名,識別碼,學號,提交時間,次數", *rows))
    assert found.submissions[0].student == Student(name="艾達", id="7", sis_id="a1")


def test_other_labels_of_an_anonymous_quiz(tmp_path: Path) -> None:
    rows = ["甲,3,{t},1"] * 3 + ["乙,4,{t},1"] * 2
    found = read(tmp_path, analysis("班級,編號,提交時間,次數", *rows))
    assert {s.student for s in found.submissions} == {Student(section="甲"), Student(section="乙")}


def blanks(id: str, prompt: str) -> Blanks:
    return Blanks(
        id=id,
        kind="blanks",
        points=1,
        about="model",
        prompt=Text(prompt),
        blanks={"1": TextBlank(expected=["cat"])},
    )


def test_a_blank_that_is_called_otherwise(tmp_path: Path) -> None:
    head = 'name,id,section,section_id,submitted,"7: The [Animal_1] sat.",1.0,n,m,s'
    row = f"Ada,1,S,3,{AT},cat,1.0,1,0,1.0"
    found = read(tmp_path, f"{head}\n{row}\n", blanks("q01", "The [1] sat."))
    assert found.problems == []
    [response] = [s.responses["q01"] for s in found.submissions]
    assert response is not None
    assert response.filled == {"1": "cat"}


def test_questions_that_differ_in_the_name_of_a_blank_alone(tmp_path: Path) -> None:
    questions = blanks("q01", "The [1] sat."), blanks("q02", "The [b] sat.")
    head = 'name,id,section,section_id,submitted,"7: The [{}] sat.",1.0,n,m,s'
    row = f"Ada,1,S,3,{AT},cat,1.0,1,0,1.0"
    assert read(tmp_path, f"{head.format('b')}\n{row}\n", *questions).asked == ("q02",)
    assert "or several" in str(
        read(
            tmp_path,
            f'{head.format("1")[:-6]},"8: The [x] sat.",1.0,n,m,s\n'
            f"Ada,1,S,3,{AT},cat,1.0,cat,1.0,1,0,1.0\n",
            *questions,
        ).problems[0]
    )
