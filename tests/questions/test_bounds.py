"""What takes the more time or memory the more hostile it is, and is refused, or takes little."""

from __future__ import annotations

import io
import json
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.questions import tables
from quizproof.questions.answer_texts import response_of
from quizproof.questions.answers_file import read_answers
from quizproof.questions.class_file import read_class
from quizproof.questions.exchange.exchanged import ExchangeError
from quizproof.questions.exchange.forms import read_quizzes
from quizproof.questions.exchange.safe_zip import SafeZip
from quizproof.questions.head_problems import head_problems
from quizproof.questions.lint import lint_quiz
from quizproof.questions.problems import InputError
from quizproof.questions.responses import ResponseError
from quizproof.questions.rules import MAX_DEPTH, RuleError, parse_rule
from quizproof.questions.spec import DropDown, DropDowns, Option, QuizFile, Text
from quizproof.questions.tables import read_json
from quizproof.questions.yaml_file import Document
from tests.questions.test_lint import linted, quiz
from tests.questions.test_yaml_file import QUESTION
from tests.reports.runs import choice


@contextmanager
def soon(seconds: float = 5) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


@pytest.mark.parametrize(
    "rule",
    [
        "-" * 990 + "1 > 0",
        "not " * 240 + "x > 0",
        "(" * 490 + "x" + ")" * 490 + " > 0",
        "abs(" * 190 + "x" + ")" * 190 + " > 0",
        "+".join("x" * 490) + " > 0",
        "x" + "**-x" * 240 + " > 0",
        "x > " + "min(0, " * 140 + "x" + ")" * 140,
        "lambda: " * 120 + "x",
        "x" + "[x" * 300 + "]" * 300 + " > 0",
        "x" + ".x" * 490 + " > 0",
        "1 if x else " * 80 + "1",
    ],
)
def test_a_rule_of_many_levels_is_refused_and_costs_its_question_alone(
    rule: str, tmp_path: Path
) -> None:
    with soon(), pytest.raises(RuleError):
        parse_rule(rule)
    text = QUESTION.replace("layer_type == 'ReLU'", json.dumps(rule))
    first, second = lint_quiz(quiz(tmp_path, q01=text, q02=QUESTION), catalogue()).questions
    assert "option a" in first.broken[0].what
    assert not second.broken


def test_a_rule_of_as_many_levels_as_there_may_be_is_read() -> None:
    rule = parse_rule("-" * (MAX_DEPTH - 3) + "x > 0")
    assert rule.margin({"x": 1.0}) == (-1.0) ** (MAX_DEPTH - 3)
    assert parse_rule(" or ".join(["x > 0"] * 90)).holds({"x": 1.0})


ONE = "kind: blanks\npoints: 1\nabout: model\nprompt: P\nprobe: {name: network.layer_type, with: "


@pytest.mark.parametrize(
    ("text", "more"),
    [
        (QUESTION + "".join(f"unknown{i}: 1\n" for i in range(20_000)), "19,990"),
        (QUESTION + "points: 1\n" * 20_000, "19,990"),
        (QUESTION + f"close: [{', '.join(f't{i}' for i in range(20_000))}]\n", "19,990"),
        (QUESTION.replace("[a]", f"[{', '.join(['z'] * 20_000)}]"), "19,991"),
        (
            ONE + "{layer: cnn.6}}\nblanks:\n"
            + "".join(f"  b{i}: {{measure: zz, tolerance: 1}}\n" for i in range(5_000)),
            "4,990",
        ),
    ],
)  # fmt: skip
def test_lint_takes_time_and_lines_in_proportion(text: str, more: str, tmp_path: Path) -> None:
    with soon(20):
        found = linted(tmp_path, text)
    problems = [*found.broken, *found.key]
    assert len(problems) <= 22
    assert any(p.what == f"and {more} more" for p in problems)


@pytest.mark.parametrize("names", [["q1"] * 50_000, [f"q{number}" for number in range(50_000)]])
def test_a_quiz_of_any_number_of_questions_is_read_in_proportion(
    names: list[str], tmp_path: Path
) -> None:
    with soon(2):
        found = head_problems(tmp_path, quiz_file(names), Document(tmp_path, {}, {}), [])
        assert len(list(found)) == len(names) - len(set(names))


def quiz_file(names: list[str]) -> QuizFile:
    return QuizFile(id="planted", title=Text("Planted"), questions=names)


def test_a_name_of_any_length_is_told_in_a_line_of_some(tmp_path: Path) -> None:
    with soon():
        found = linted(tmp_path, QUESTION + f"? {'x' * 500_000}\n: 1\n")
    assert len(str(found.broken[0])) < 1000


@pytest.mark.parametrize("points", ["1.0e+308", "5.0e-324", "1.0e+7", "1.0e-5", "-1", ".inf"])
def test_points_beyond_what_a_gradebook_takes_are_refused(points: str, tmp_path: Path) -> None:
    [problem] = linted(tmp_path, QUESTION.replace("0.3", points)).broken
    assert "'points'" in problem.what


@pytest.mark.parametrize("points", ["0", "0.001", "1000000"])
def test_points_at_the_ends_of_what_it_takes_are_taken(points: str, tmp_path: Path) -> None:
    assert not linted(tmp_path, QUESTION.replace("0.3", points)).broken


def lists(count: int) -> DropDowns:
    options = {letter: Option(text=Text(f"choice {letter}")) for letter in "abc"}
    parts = {str(part): DropDown(options=options, expected="a") for part in range(count)}
    return DropDowns(kind="dropdowns", points=1, about="model", prompt=Text("P"), parts=parts)


def test_the_ways_of_many_equal_lists_are_not_written_out() -> None:
    cell = ",".join(["choice a"] * 12)
    tracemalloc.start()
    with soon():
        assert response_of(lists(24), cell).unplaced == ("choice a",) * 12
        assert response_of(lists(12), cell).chosen == {f"{part}a" for part in range(12)}
        with pytest.raises(ResponseError):
            response_of(lists(24), cell + ",choice z")
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "header",
    [
        "student" + ",x" * 1_000_000,
        "name,id,section,section_id,submitted" + ",1: x,1.0" * 500_000,
        "student," + "x" * 3_000_000,
        'student,"' + "x," * 2_000_000,
    ],
)
def test_a_class_of_a_million_columns_is_refused(header: str, tmp_path: Path) -> None:
    path = tmp_path / "class.csv"
    path.write_text(f"{header}\nann,a\n")
    with soon(), pytest.raises(InputError) as caught:
        read_class(path, [choice("q01")])
    assert len(str(caught.value)) < 500


def test_a_row_of_a_million_cells_costs_itself(tmp_path: Path) -> None:
    path = tmp_path / "class.csv"
    path.write_text("student,q01\nann,a\nbob" + ",a" * 2_000_000 + "\ncleo,a\n")
    with soon():
        found = read_class(path, [choice("q01")])
    assert [row.student.name for row in found.submissions] == ["ann", "cleo"]
    assert [problem.line for problem in found.problems] == [3]


@pytest.mark.parametrize("suffix", [".yaml", ".json", ".csv"])
@pytest.mark.parametrize("content", ["[" * 400_000, '{"a":' * 150_000, "q01: " + "{a: " * 200_000])
def test_answers_of_any_depth_are_read_or_refused(
    suffix: str, content: str, tmp_path: Path
) -> None:
    path = tmp_path / f"answers{suffix}"
    path.write_text(content)
    with soon(), suppress(InputError):
        assert read_answers(path, [choice("q01")]).problems


@pytest.mark.parametrize("suffix", [".yaml", ".json", ".csv"])
def test_answers_larger_than_a_person_writes_are_refused(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"answers{suffix}"
    path.write_bytes(b" " * 1_000_001)
    with pytest.raises(InputError, match="larger than 1000000 bytes"):
        read_answers(path, [choice("q01")])


def test_lines_of_json_are_found_in_proportion(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    names = [f"é{i}" for i in range(30_000)]
    path.write_text(json.dumps(dict.fromkeys(names, "a"), indent=0, ensure_ascii=True))
    with soon(10):
        found = read_answers(path, [choice("q01")])
    assert [problem.line for problem in found.problems[:3]] == [2, 3, 4]
    path.write_text(json.dumps(dict.fromkeys(names, "a"))[:-1] + ', "twice": 1, "twice": 2}')
    with soon(), pytest.raises(InputError, match="'twice' stands twice"):
        read_json(path)


def zipped(path: Path, names: list[str]) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        for name in names:
            package.writestr(zipfile.ZipInfo(name), "x")
    return path


def test_an_empty_name_in_a_zip_is_a_name(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ["", "a", "b/"])
    with SafeZip(path) as package:
        assert package.names == ("", "a")
    with pytest.raises(ExchangeError):
        read_quizzes(path)


@pytest.mark.parametrize("comment", [b"", b"x" * 65_000])
def test_a_zip_s_list_of_files_is_not_read_beyond_bounds(comment: bytes, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ["x" * 60_000 + str(number) for number in range(80)])
    with zipfile.ZipFile(path, "a") as package:
        package.comment = comment
    with soon(), pytest.raises(ExchangeError, match="its list of files is too long"):
        SafeZip(path)


def test_a_list_of_files_for_large_archives_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 10)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        for number in range(80):
            package.writestr(zipfile.ZipInfo("x" * 60_000 + str(number)), "x")
    assert b"PK\x06\x06" in whole.getvalue()
    (tmp_path / "a.zip").write_bytes(whole.getvalue())
    with pytest.raises(ExchangeError, match="its list of files is too long"):
        SafeZip(tmp_path / "a.zip")


def test_a_line_is_cut_where_no_table_has_one() -> None:
    text = "a,b\n" + "x," * tables.MAX_LINE + "\n1,2\n"
    assert [len(line) for line in tables._lines(text)] == [4, tables.MAX_LINE, 4]
