"""``quizproof grade`` as a teacher meets it."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.reports.cli import main
from quizproof.reports.report_beside import evidence_beside
from tests.made_class import as_canvas, as_plain, made_class
from tests.planted_probes import write_quiz
from tests.reports.parsed import parsed

WRONG_INPUT = 2  # the key of q16 names one option where two are to be chosen
HW09 = load_quiz(bundled_quiz("hw09")).questions
FORMULA = "=cmd|' /C calc'!A0"


def grade(*arguments: str | Path) -> int:
    return main(["grade", *map(str, arguments)])


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def planted(planted_site: Path, tmp_path: Path) -> Path:
    """A quiz of three questions about a method: two with a right key, one with a wrong one."""
    quiz = write_quiz(tmp_path / "quiz", good="a", prints="a", random="b")
    for path in quiz.glob("q0*.yaml"):
        text = path.read_text(encoding="utf-8").replace("about: model", "about: method")
        path.write_text(text, encoding="utf-8")
    return quiz


def answered(path: Path, *answers: str, students: int = 1) -> Path:
    """A class in which ``students`` times each of ``answers`` was given."""
    lines = [
        f"s {number}-{copy},{answer}"
        for number, answer in enumerate(answers)
        for copy in range(students)
    ]
    path.write_text("student,q01,q02,q03\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_gradebook_is_what_canvas_imports(tmp_path: Path) -> None:
    made = made_class(HW09, 5)
    responses = tmp_path / "class.csv"
    responses.write_text("\ufeff" + as_canvas(made, HW09, language="zh"), encoding="utf-8")
    out = tmp_path / "grades.csv"
    assert (
        grade("hw09", responses, "-o", out, "--assignment", "HW9 (123)", "--store", "none")
        == WRONG_INPUT
    )
    header, possible, *students = rows(out)
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "HW9 (123)"]
    assert possible == ["    Points Possible", "", "", "", "", "10.00"]
    assert [row[:5] for row in students] == [
        [who["name"], who["id"], who["sis_id"], "", who["section"]] for who, _ in made
    ]
    assert all(0 <= float(row[5]) <= 10 for row in students)


@pytest.mark.parametrize("format", ["plain", "en", "zh", "both"])
def test_every_form_gives_the_same_points(tmp_path: Path, format: str) -> None:
    made = made_class(HW09, 20)
    content = as_plain(made, HW09) if format == "plain" else as_canvas(made, HW09, language=format)
    (tmp_path / "class.csv").write_text(content, encoding="utf-8", newline="")
    (tmp_path / "plain.csv").write_text(as_plain(made, HW09), encoding="utf-8", newline="")
    out = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for name, path in zip(("class.csv", "plain.csv"), out, strict=True):
        assert grade("hw09", tmp_path / name, "-o", path, "--store", "none") == WRONG_INPUT
    assert rows(out[0]) == rows(out[1])


def test_without_evidence_it_grades_and_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "class.csv").write_text("student,q01\nx,a\n", encoding="utf-8")
    files = ("-o", tmp_path / "out.csv", "--report", tmp_path / "report", "--store", tmp_path)
    assert grade("hw09", tmp_path / "class.csv", *files) == 2  # the other 29 are not in the file
    said = capsys.readouterr().err
    assert said.count("run quizproof verify hw09 first") == 1
    assert "no answers to q02, q03" in said
    assert rows(tmp_path / "out.csv")[1:] == [
        ["    Points Possible", "", "", "", "", "0.30"],
        ["x", "", "", "", "", "0.30"],
    ]


def test_an_anonymous_report_links_to_the_evidence_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "class.csv").write_text("student,q01\nMary Byron,a\n", encoding="utf-8")
    files: list[str | Path] = [
        tmp_path / "class.csv",
        "-o",
        tmp_path / "out.csv",
        "--store",
        tmp_path,
        "--anonymous",
    ]
    assert grade("hw09", *files) == WRONG_INPUT
    assert "name its folder with --report DIR" in capsys.readouterr().err
    shown = [*files, "--report", tmp_path / "shown"]
    assert grade("hw09", *shown, "--json", tmp_path / "out.json") == WRONG_INPUT
    assert "--json has names" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()
    assert grade("hw09", *shown) == WRONG_INPUT
    page = (tmp_path / "shown" / "index.html").read_text(encoding="utf-8")
    assert "Byron" not in page
    assert "class.csv" not in page


def test_a_question_links_to_the_newest_report_that_has_it(tmp_path: Path) -> None:
    for age, (name, head, questions) in enumerate(
        [
            ("class", "verify hw09", "q01"),
            ("a new one", "verify hw09", "q01 q&amp;2"),
            ("b", "verify hw01", "q01 q03"),
            ("the old", "verify hw09", "q01 q03"),
        ]
    ):
        page = tmp_path / name / "index.html"
        page.parent.mkdir()
        marks = f'<meta name="quizproof" content="{head}">'
        marks += f'<meta name="quizproof-questions" content="{questions}">'
        page.write_text(f"<!doctype html>{marks}", encoding="utf-8")
        os.utime(page, (1e9 - age, 1e9 - age))
    assert evidence_beside(tmp_path / "class", "hw09") == {
        "q01": "../a%20new%20one/index.html#q01",
        "q&2": "../a%20new%20one/index.html#q%262",
        "q03": "../the%20old/index.html#q03",
    }
    assert evidence_beside(tmp_path / "class", "hw10") == {}


def test_names_of_all_kinds_come_back_and_none_as_a_formula(tmp_path: Path) -> None:
    names = ["O'Brien, Seán", "two\nlines", "\u202eevil", "👩‍🎓", FORMULA, "\t=1", "＝1", "x;=1"]
    table = tmp_path / "class.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["name", "id", "section", "q01"], *([n, n, n, "a"] for n in names)]
        )
    out = tmp_path / "out.csv"
    outputs = ("--json", tmp_path / "j.json", "--report", tmp_path, "--gradescope", tmp_path / "gs")
    assert grade("hw09", table, "-o", out, "--store", "none", *outputs) == 2
    students = rows(out)[2:]
    assert [row[0] for row in students[:4]] == [names[0], "two lines", " evil", names[3]]
    assert [row[0] for row in students[4:]] == [f"'{FORMULA}", "'=1", "'＝1", "x;'=1"]
    for row in students:
        for cell in row[:5]:
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝"))
    folders = sorted(folder.name for folder in (tmp_path / "gs").iterdir())
    assert len(folders) == len(names)
    assert all(name.isascii() and "/" not in name and ".." not in name for name in folders)
    known = json.loads((tmp_path / "j.json").read_text(encoding="utf-8"))
    assert [student["name"] for student in known["students"]][4] == FORMULA


def test_gradescope_says_points_and_never_the_key(tmp_path: Path) -> None:
    (tmp_path / "class.csv").write_text(
        'student,q01,q04,q22\nCON,a,"a,b",him;0.7\ncon,b,"a,d",\n../../x,z,,\n', encoding="utf-8"
    )
    folder = tmp_path / "gs"
    assert (
        grade(
            "hw09",
            tmp_path / "class.csv",
            "-o",
            tmp_path / "o.csv",
            "--store",
            "none",
            "--gradescope",
            folder,
            "--policy",
            "partial-credit",
        )
        == 2
    )
    assert sorted(path.name for path in folder.iterdir()) == ["student-2", "student-3", "x"]
    first, second, third = (
        json.loads((folder / name / "results.json").read_text(encoding="utf-8"))
        for name in ("student-2", "student-3", "x")
    )
    assert [test["score"] for test in first["tests"]] == [0.3, 0, 0.2]
    assert first["score"] == pytest.approx(sum(test["score"] for test in first["tests"]))
    assert [test["status"] for test in second["tests"]] == ["failed", "passed", "failed"]
    assert [test["output"] for test in second["tests"]] == [
        "Answered: b",
        "Answered: a,d",
        "Not answered.",
    ]
    assert third["tests"][0]["output"] == "The answer could not be read; it has no points."
    assert set(first) <= {
        "score",
        "output_format",
        "test_output_format",
        "visibility",
        "stdout_visibility",
        "tests",
    }


def judge(quiz: Path, store: Path, *arguments: str | Path) -> int:
    return grade(quiz, *arguments, "--pack", quiz / "pack", "--store", store)


def verified(quiz: Path, store: Path, *more: str | Path) -> None:
    arguments = ["verify", quiz, "--pack", quiz / "pack", "--store", store, *more]
    assert main(list(map(str, arguments))) in (0, 1)


def test_an_option_that_many_chose_and_the_measurement_supports_is_on_top(
    planted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    verified(planted, store, "--evidence", tmp_path / "made.evidence")
    responses = answered(tmp_path / "class.csv", "a,a,a", "a,b,b", "b,a,b", students=4)
    outputs = (
        "-o",
        tmp_path / "out.csv",
        "--report",
        tmp_path / "r",
        "--json",
        tmp_path / "g.json",
    )
    capsys.readouterr()
    assert judge(planted, store, responses, *outputs) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[1] == "  q03: key b, measured a; 4 of 12 students chose a"
    assert "run quizproof verify" not in said.err
    found = json.loads((tmp_path / "g.json").read_text(encoding="utf-8"))
    assert found["questions"][2]["against_key"] == {
        "measured": "a",
        "options": ["a"],
        "chose": 4,
        "many": True,
        "settled": True,
        "gain": 4,
        "lose": 8,
    }
    page = parsed((tmp_path / "r" / "index.html").read_text(encoding="utf-8"))
    headings = [heading.text() for heading in page.all("h2")]
    assert headings[0].startswith("The measurement contradicts the key of one question")
    assert headings[1] == "The measurement against the key"
    # the same from a file, and without a store
    arguments = (planted, responses, "-o", tmp_path / "2.csv", "--from", tmp_path / "made.evidence")
    assert grade(*arguments) == 1
    assert rows(tmp_path / "2.csv") == rows(tmp_path / "out.csv")


def test_few_who_chose_it_are_told_of_and_no_alarm(planted: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    verified(planted, store)
    few = answered(tmp_path / "class.csv", *["a,a,b"] * 11, "a,a,a")
    arguments = (few, "-o", tmp_path / "out.csv", "--report", tmp_path)
    assert judge(planted, store, *arguments) == 0
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "The measurement against the key" in page


def test_a_stand_in_raises_no_alarm(planted_site: Path, tmp_path: Path) -> None:
    quiz = write_quiz(tmp_path / "quiz", good="b", prints="b", random="b")
    verified(quiz, tmp_path / "store")
    responses = answered(tmp_path / "class.csv", "a,a,a", students=9)
    outputs = ("-o", tmp_path / "out.csv", "--report", tmp_path)
    assert judge(quiz, tmp_path / "store", responses, *outputs) == 0
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "Stand-ins that differ from the key" in page
    assert "The measurement against the key" not in page


def test_a_corrected_key_says_whose_points_change(
    planted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new"
    shutil.copytree(planted, new)
    text = (new / "q03.yaml").read_text(encoding="utf-8")
    (new / "q03.yaml").write_text(text.replace("[b]", "[a]"), encoding="utf-8")
    responses = answered(tmp_path / "class.csv", "a,a,a", "a,b,b", "b,b,")
    common = (responses, "--store", "none")
    assert grade(planted, *common, "-o", tmp_path / "1.csv", "--json", tmp_path / "old.json") == 0
    capsys.readouterr()
    for before in (planted, tmp_path / "old.json"):
        files = ("-o", tmp_path / "2.csv", "--json", tmp_path / "new.json")
        assert grade(new, *common, *files, "--before", before) == 0
        said = capsys.readouterr().out.splitlines()[2:6]
        assert said == [
            f"  against {before if before.is_dir() else before.name}: "
            "1 students gain points, 1 lose some",
            "    q03: 1 gain, 1 lose; its key was b, and is a",
            "      s 0-0 (s 0-0): 2 → 3 (q03 +1)",
            "      s 1-0 (s 1-0): 2 → 1 (q03 −1)",
        ]
        changed: Any = json.loads((tmp_path / "new.json").read_text(encoding="utf-8"))["regrade"]
        assert [student["by"] for student in changed["students"]] == [1, -1]
    assert grade(planted, *common, "-o", tmp_path / "3.csv", "--before", tmp_path / "1.csv") == 2
    assert "no grades; name a file of 'quizproof grade --json'" in capsys.readouterr().err


def test_nobody_loses_by_a_corrected_key(
    planted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new"
    shutil.copytree(planted, new)
    text = (new / "q03.yaml").read_text(encoding="utf-8")
    (new / "q03.yaml").write_text(text.replace("[b]", "[a]"), encoding="utf-8")
    responses = answered(tmp_path / "class.csv", "a,a,a", "a,b,b", "b,b,")
    outputs = ("-o", tmp_path / "2.csv", "--json", tmp_path / "2.json", "--report", tmp_path)
    asked = (new, responses, "--store", "none", *outputs, "--nobody-loses")
    assert grade(*asked, "--before", planted) == 0
    said = capsys.readouterr().out.splitlines()[2:6]
    assert said == [
        f"  against {planted}: 1 students gain points, 0 lose some",
        "    an answer that the old key gives more for keeps that",
        "    q03: 1 gain, 0 lose; its key was b, and is a",
        "      s 0-0 (s 0-0): 2 → 3 (q03 +1)",
    ]
    assert [float(row[-1]) for row in rows(tmp_path / "2.csv")[2:]] == [3, 2, 0]
    assert json.loads((tmp_path / "2.json").read_text("utf-8"))["regrade"]["nobody_loses"] is True
    assert "old key gives more" in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert grade(*asked) == 2
    assert "name the quiz with its old key as --before" in capsys.readouterr().err
    assert grade(*asked, "--before", tmp_path / "2.json") == 2
    assert "it has no key" in capsys.readouterr().err


def test_full_credit_is_for_everyone(planted: Path, tmp_path: Path) -> None:
    text = (planted / "q03.yaml").read_text(encoding="utf-8")
    (planted / "q03.yaml").write_text(text + "full_credit: it is unclear\n", encoding="utf-8")
    responses = answered(tmp_path / "class.csv", "a,a,a", "b,b,", "b,b,b", "b,b,z")
    out = tmp_path / "out.csv"
    assert grade(planted, responses, "-o", out, "--store", "none") == 2  # z is no option
    assert [float(row[-1]) for row in rows(out)[2:]] == [3, 1, 1, 1]


def test_a_quiz_without_a_key_grades_nobody(
    planted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in planted.glob("q0*.yaml"):
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join(line for line in lines if "expected" not in line), "utf-8")
    responses = answered(tmp_path / "class.csv", "a,a,a")
    assert grade(planted, responses, "-o", tmp_path / "o.csv", "--store", "none") == 2
    assert "no question has a key to grade by" in capsys.readouterr().err
    assert not (tmp_path / "o.csv").exists()


@pytest.mark.parametrize("title", ["Final Score", "current points (7)", "final"])
def test_a_column_that_canvas_would_drop_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], title: str
) -> None:
    (tmp_path / "class.csv").write_text("student,q01\nx,a\n", encoding="utf-8")
    files = (tmp_path / "class.csv", "-o", tmp_path / "o.csv", "--store", "none")
    assert grade("hw09", *files, "--assignment", title) == 2
    assert "name another with --assignment" in capsys.readouterr().err
    assert not (tmp_path / "o.csv").exists()


@pytest.mark.parametrize(("kind", "expected"), [("single", "[a, b]"), ("multiple", "[]")])
def test_a_key_that_fits_no_answer_or_an_empty_one_grades_nobody(
    planted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, expected: str
) -> None:
    text = (planted / "q02.yaml").read_text(encoding="utf-8")
    text = re.sub(r"expected:[^a-z]*a\S*", f"expected: {expected}", text)
    text = text.replace("kind: single", f"kind: {kind}")
    assert f"expected: {expected}" in text
    (planted / "q02.yaml").write_text(text, encoding="utf-8")
    responses = answered(tmp_path / "class.csv", "a,,b", "a,a,b")
    assert grade(planted, responses, "-o", tmp_path / "o.csv", "--store", "none") == 2
    assert "q02: not graded" in capsys.readouterr().err
    assert [row[5] for row in rows(tmp_path / "o.csv")[1:]] == ["2.00", "2.00", "2.00"]


def test_points_are_told_in_full(
    planted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, points in zip(sorted(planted.glob("q0*.yaml")), ("1230", "4", "0.5"), strict=True):
        lines = path.read_text(encoding="utf-8").splitlines()
        changed = [f"points: {points}" if line.startswith("points") else line for line in lines]
        path.write_text("\n".join(changed) + "\n", encoding="utf-8")
    responses = answered(tmp_path / "class.csv", "a,a,b")
    files = ("-o", tmp_path / "o.csv", "--store", "none", "--report", tmp_path / "report")
    assert grade(planted, responses, *files) == 0
    assert "mean 1234.50 of 1234.5 points" in capsys.readouterr().out
    assert "1234.5" in (tmp_path / "report" / "index.html").read_text(encoding="utf-8")


def test_the_responses_are_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    responses = answered(tmp_path / "class.csv", "a,a,a")
    assert grade("hw09", responses, "-o", responses) == 2
    assert "would be written over" in capsys.readouterr().err
    assert responses.read_text(encoding="utf-8").startswith("student,q01")
    assert grade("hw09", tmp_path / "nowhere.csv", "-o", tmp_path / "o.csv") == 2
    assert "nowhere.csv: cannot be read" in capsys.readouterr().err


def test_a_broken_question_costs_itself(
    planted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (planted / "q02.yaml").write_text("kind: odd\n", encoding="utf-8")
    responses = answered(tmp_path / "class.csv", "a,a,b")
    assert grade(planted, responses, "-o", tmp_path / "o.csv", "--store", "none") == 2
    assert "q02.yaml:1" in capsys.readouterr().err
    assert rows(tmp_path / "o.csv")[2][5] == "2.00"


def test_of_many_unreadable_answers_ten_are_told_and_all_are_in_the_json(
    planted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    responses = answered(tmp_path / "class.csv", "zzz,a,b", students=30)
    written = tmp_path / "class.json"
    outputs = ("-o", tmp_path / "o.csv", "--json", written, "--store", "none")
    assert grade(planted, responses, *outputs) == 2
    said = capsys.readouterr()
    assert said.err.count("no option is called 'zzz'") == 10
    assert "and 20 more" in said.err
    assert "30 problems of the answers: see the lines above" in said.out
    assert len(json.loads(written.read_text(encoding="utf-8"))["problems"]) == 30


def test_no_torch(tmp_path: Path) -> None:
    (tmp_path / "class.csv").write_text("student,q01\nx,a\n", encoding="utf-8")
    code = (
        "import sys\nfrom quizproof.reports.cli import main\nmain(sys.argv[1:])\n"
        "heavy = {'torch', 'transformers', 'huggingface_hub', 'lime', 'skimage'}\n"
        "heavy &= sys.modules.keys()\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    responses, out = str(tmp_path / "class.csv"), str(tmp_path / "o.csv")
    arguments = ["grade", "hw09", responses, "-o", out, "--report", str(tmp_path)]
    ran = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "index.html").is_file()
