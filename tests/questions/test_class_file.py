"""What a class's file holds, whoever wrote it and however it is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quizproof.questions.class_file import read_class
from quizproof.questions.classroom import ClassResponses, Student
from quizproof.questions.problems import InputError
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.responses import Response
from tests.made_class import as_canvas, as_plain, made_class
from tests.reports.runs import blanks, choice, dropdowns, text

HW09 = load_quiz(bundled_quiz("hw09")).questions
FULL = ("name", "id", "sis_id", "section", "section_id", "section_sis_id", "submitted", "attempt")
CHINESE = ("姓名", "識別碼", "SIS 識別碼", "班級", "班級識別碼", "班級 SIS", "提交時間", "次數")

ONE = choice("q01", rules=("x > y",) * 4)
SEVERAL = choice("q04", "multiple", ("x > y",) * 4, ["a", "d"])
LISTS, FILLED = dropdowns(), blanks()
QUIZ = (ONE, SEVERAL, FILLED, LISTS)


def read(tmp_path: Path, content: str | bytes, name: str = "class.csv") -> ClassResponses:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_class(path, QUIZ)


def told(found: ClassResponses) -> list[str]:
    return [str(problem).rpartition("/")[2] for problem in found.problems if problem.line]


@pytest.mark.parametrize("language", ["en", "zh", "both"])
@pytest.mark.parametrize("labels", [FULL, CHINESE])
def test_canvas_gives_back_what_was_answered(
    tmp_path: Path, language: str, labels: tuple[str, ...]
) -> None:
    made = made_class(HW09, 12)
    path = tmp_path / "quiz Student Analysis.csv"
    path.write_text("\ufeff" + as_canvas(made, HW09, language=language, labels=labels), "utf-8")
    found = read_class(path, HW09)
    assert found.problems == []
    assert found.asked == tuple(question.id for question in HW09)
    for (who, responses), submission in zip(made, found.submissions, strict=True):
        assert submission.responses == responses
        assert submission.student == Student(
            who["name"], who["id"], who["sis_id"], "", who["section"]
        )
        assert submission.attempt == 1


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_plain_gives_back_what_was_answered(tmp_path: Path, separator: str) -> None:
    made = made_class(QUIZ_WITH_KEYS, 9)
    content = as_plain(made, QUIZ_WITH_KEYS)
    if separator != ",":  # as a spreadsheet of another country writes it
        import csv
        import io

        table = io.StringIO()
        csv.writer(table, delimiter=separator).writerows(csv.reader(io.StringIO(content)))
        content = table.getvalue()
    path = tmp_path / "class.csv"
    path.write_text("\ufeff" + content, encoding="utf-8", newline="")
    found = read_class(path, QUIZ_WITH_KEYS)
    assert found.problems == []
    assert [s.responses for s in found.submissions] == [responses for _, responses in made]
    assert [s.student.key for s in found.submissions] == [who["id"] for who, _ in made]


QUIZ_WITH_KEYS = tuple(q for q in HW09 if q.id in ("q01", "q04", "q22", "q29", "q30"))


def test_names_come_as_they_are(tmp_path: Path) -> None:
    names = ["Müller, Zoë", "two\nlines", "\u202eevil\u202c", "👩‍🎓 Łódź", "=cmd|' /C calc'!A0"]
    rows = "".join('"{}",a\n'.format(name.replace('"', '""')) for name in names)
    found = read(tmp_path, f"student,q01\n{rows}")
    assert [submission.student.name for submission in found.submissions] == names
    assert [submission.line for submission in found.submissions] == [2, 3, 5, 6, 7]
    assert told(found) == []


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("student,q01,q04", "x,a,a;d"),
        ("Student,Q1,Q4", "x,A,A D"),
        ("學號,1,4", "x,a,ad"),
        ("姓名,第1題,第 4 題", "x,a,ad"),
        ("id,name,q001,q04", 'x,y,a,"d,a"'),
    ],
)
def test_headers_in_their_writings(tmp_path: Path, header: str, cells: str) -> None:
    found = read(tmp_path, f"{header}\n{cells}\n")
    assert found.submissions[0].responses == {
        "q01": Response(frozenset("a")),
        "q04": Response(frozenset("ad")),
    }
    assert told(found) == []


def test_a_column_for_each_part(tmp_path: Path) -> None:
    found = read(tmp_path, 'student,q22[1],q22[2],q29[10],q29[2]\nx,"him, her",0.73,a,\n')
    assert found.submissions[0].responses == {
        "q22": Response(filled={"1": "him, her", "2": "0.73"}),
        "q29": Response(frozenset({"10a"})),
    }


@pytest.mark.parametrize(
    "data",
    [
        {"x": {"q01": "a", "q29": {"10": "a", "2": "b"}}},
        [{"student": "x", "q01": "a", "q29": "10a 2b"}],
        [{"student": "x", "answers": {"Q1": ["a"], "q29": ["a", "b"]}}],
    ],
)
def test_json_in_its_forms(tmp_path: Path, data: object) -> None:
    found = read(tmp_path, json.dumps(data), "class.json")
    [submission] = found.submissions
    assert submission.student.name == "x"
    assert submission.responses == {
        "q01": Response(frozenset("a")),
        "q29": Response(frozenset({"10a", "2b"})),
    }


def test_what_cannot_be_read_is_listed_by_line_and_the_rest_is_there(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "student,q01,q04,q99\n"
        "unknown option,e,a,\n"
        "two where one,a b,a,\n"
        "too few,a\n"
        "too many,a,b,c,d\n"
        'a stray quote,"a"b,a,\n'
        "\n"
        "good,a,ad,\n"
        'cut,a,"a',
    )
    whole = (
        "where the header has 4: nothing in it is graded; mend the row; the file may be cut here"
    )
    assert told(found) == [
        "class.csv:1: no question is called 'q99'; remove or rename it",
        "class.csv:2: q01: no option is called 'e'; choose of a, b, c, d",
        "class.csv:3: q01: 2 options are chosen (a, b), where one is to be; choose one",
        f"class.csv:4: 2 cells {whole}",
        f"class.csv:5: 5 cells {whole}",
        "class.csv:6: no row of a CSV (',' expected after '\"'); mend its quotes",
        "class.csv:9: the file ends within quotes; export it again",
    ]
    read_ = {s.student.name: dict(s.responses) for s in found.submissions}
    assert list(read_) == ["unknown option", "two where one", "good"]
    assert read_["unknown option"] == {"q01": None, "q04": Response(frozenset("a"))}
    assert str(found.problems[-1]).endswith(
        "no answers to q22, q29; grades are over the other 2; "
        "grade a quiz of those alone, or add them"
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty; export it again"),
        (b"\n \n", "empty; export it again"),
        ("student,q01\nx,a\n".encode("utf-16"), "UTF-16, not UTF-8; save it as 'CSV UTF-8'"),
        ("學號,q01\nx,a\n".encode("big5"), "class.csv:1: not UTF-8"),
        (b"student,q01\nx,\0a\n", "class.csv:2: not text: it has a zero byte"),
        (b"PK\x03\x04rest", "a zip or a spreadsheet, not text"),
        (b"student,mood\nx,good\n", "no column is a question of this quiz; is it another quiz's"),
        (b'"student,q01\nx,a\n', "class.csv:1: the file ends within quotes"),
        (b"name,id\n", "no answers in it"),
        (b"q01,q04\na,a\n", "class.csv:1: the first column is q01, where it is to say who"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_in_a_line(
    tmp_path: Path, content: bytes, told: str
) -> None:
    with pytest.raises(InputError, match=told.replace("(", r"\(")) as refused:
        read(tmp_path, content)
    assert "\n" not in str(refused.value)


def test_a_huge_cell_costs_its_row_alone(tmp_path: Path) -> None:
    found = read(tmp_path, f"student,q01\nx,{'a' * 300_000}\ny,a\n")
    assert [submission.student.name for submission in found.submissions] == ["y"]
    assert told(found) == ["class.csv:2: a cell of over 200000 characters; shorten it"]


def analysis(*columns: tuple[str, str], who: str = "x,7,S,3,2021-05-09 08:00:00 UTC") -> str:
    """A Student Analysis of one student with these headers and cells."""
    header = ",".join(f'"42: {head}",0.3' for head, _ in columns)
    cells = ",".join(f'"{cell}",0.0' for _, cell in columns)
    return (
        f"name,id,section,section_id,submitted,{header},n correct,n incorrect,score\n"
        f"{who},{cells},0,0,0\n"
    )


P1, P4, P22, P29 = (question.prompt.en for question in QUIZ)


@pytest.mark.parametrize(
    ("prompt", "cell", "response"),
    [
        (P1, "Option b", Response(frozenset("b"))),
        ("  what   of\nQ01? ", " option  B", Response(frozenset("b"))),
        ("q01 如何？", "中：Option a", Response(frozenset("a"))),
        ("q01", "b", Response(frozenset("b"))),
        ("Q01. Whatever it says", "Option b", Response(frozenset("b"))),
        (P1, "", Response()),
        (P4, "Option a,Option d", Response(frozenset("ad"))),
        (P29, "10a,2b", Response(frozenset({"10a", "2b"}))),
        (P29, "2=>2b,10=>10a", Response(frozenset({"10a", "2b"}))),
        (P29, "2b", Response(frozenset({"2b"}))),
        (P22, r"him\, her,0.73,x", Response(filled={"1": "him, her", "2": "0.73", "3": "x"})),
        (P22, "0.73", Response(unplaced=("0.73",))),
    ],
)
def test_canvas_cells(tmp_path: Path, prompt: str, cell: str, response: Response) -> None:
    found = read(tmp_path, analysis((prompt, cell)))
    assert told(found) == []
    assert list(found.submissions[0].responses.values()) == [response]


def test_commas_within_answers_whether_escaped_or_not(tmp_path: Path) -> None:
    options = {
        name: {"text": text(words), "rule": "x > y"}
        for name, words in {"a": "red, green", "b": "red", "c": "green", "d": "no, none"}.items()
    }
    question = choice("q01", "multiple", options=options)
    for cell, chosen in [
        (r"red\, green,no\, none", "ad"),
        ("red,no, none", "bd"),
        ("green,red", "bc"),
    ]:
        path = tmp_path / "class.csv"
        path.write_text(analysis((question.prompt.en, cell)), encoding="utf-8")
        assert read_class(path, [question]).submissions[0].responses == {
            "q01": Response(frozenset(chosen))
        }, cell


@pytest.mark.parametrize(
    ("prompt", "cell", "problem"),
    [
        (P1, "Option z", "2: q01: 'Option z' is no option's text; is it another version's?"),
        (P29, "11z", "2: q29: '11z' is in no list; is it another version's?"),
        (P22, "a,b,c,d", "2: q22: 4 answers for 3 blanks; look it up: a comma may be in one"),
        ("What of q99?", "a", "1: question 42 'What of q99?' is none of this quiz's, or several"),
    ],
)
def test_canvas_cells_that_are_none(tmp_path: Path, prompt: str, cell: str, problem: str) -> None:
    found = read(tmp_path, analysis(("q04", "Option a"), (prompt, cell)))
    assert told(found)[0].startswith(f"class.csv:{problem}")
    assert found.submissions[0].responses["q04"] == Response(frozenset("a"))
    assert [r for q, r in found.submissions[0].responses.items() if q != "q04"] in ([None], [])


def test_what_was_not_shown_is_not_left_empty(tmp_path: Path) -> None:
    content = analysis((P1, "Option a"), (P4, "")).replace('"",0.0', ",")
    [submission] = read(tmp_path, content).submissions
    assert submission.shown == frozenset(["q01"])
    [submission] = read(tmp_path, analysis((P1, "Option a"), (P4, ""))).submissions
    assert submission.shown == frozenset(["q01", "q04"])


@pytest.mark.parametrize(
    ("labels", "cells", "student", "attempt"),
    [
        (
            "name,id,section,section_id,submitted",
            "x,7,S,3,{t}",
            Student("x", "7", section="S"),
            None,
        ),
        ("n,i,s,t,u,v", "x,7,b1,S,3,{t}", Student("x", "7", "b1", section="S"), None),
        ("n,i,s,r,t,u,v,w", "x,7,b1,R,S,3,S1,{t}", Student("x", "7", "b1", section="S"), None),
        ("n,i,s,r,t,u,v,w,a", "x,7,b1,R,S,3,S1,{t},2", Student("x", "7", "b1", section="S"), 2),
        ("section,section_id,submitted,attempt", "S,3,{t},1", Student(section="S"), 1),
        ("班級,編號,時間", "S,3,{t}", Student(section="S"), None),
        (
            "name,id,section,section_id,submitted,attempt",
            "x,7,S,3,,1",
            Student("x", "7", section="S"),
            1,
        ),
    ],
)
def test_who_is_told_by_place(
    tmp_path: Path, labels: str, cells: str, student: Student, attempt: int | None
) -> None:
    cells = cells.format(t="2021-05-09 08:00:00 UTC")
    content = f'{labels},"1: {P1}",0.3,n,m,s\n{cells},Option a,0.3,1,0,0.3\n'
    [submission] = read(tmp_path, content).submissions
    assert (submission.student, submission.attempt) == (student, attempt)


def test_another_quiz_of_canvas_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column is a question of this quiz"):
        read(tmp_path, analysis(("What is the capital of France?", "Paris")))
