"""A student's own answers, checked as a student does it; the key has no say in it."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from quizproof.probes.engine.judge import Finding
from quizproof.probes.engine.measured import Measurement
from quizproof.probes.engine.results import State
from quizproof.questions.responses import Response
from quizproof.questions.scoring import Policy
from quizproof.reports.cli import main
from quizproof.reports.student.marking import Checked, Mark, checked
from tests.reports.answered import ANSWERS, quiz
from tests.reports.runs import blanks, measured, result

pytestmark = pytest.mark.usefixtures("planted_site")


def check(quiz: Path, answers: str | Path, *arguments: str | Path) -> int:
    file = answers
    if isinstance(answers, str):
        file = quiz.parent / "answers.yaml"
        file.write_text(answers, encoding="utf-8")
    words = ["check", quiz, file, "--pack", quiz / "pack", *arguments]
    return main([str(word) for word in words])


def checked_json(quiz: Path, answers: str, *arguments: str | Path) -> dict[str, Any]:
    check(quiz, answers, "--json", quiz.parent / "run.json", *arguments)
    found: dict[str, Any] = json.loads((quiz.parent / "run.json").read_text(encoding="utf-8"))
    return found


def test_every_answer_has_a_mark_and_points(tmp_path: Path) -> None:
    run = checked_json(quiz(tmp_path / "quiz"), ANSWERS + "q99: a\n")
    marks = {q["id"]: (q["mark"], q["stand_in"], q["points"]) for q in run["questions"]}
    assert marks == {
        "q01": ("agrees", False, 1),
        "q02": ("differs", True, 0),
        "q03": ("not decided", False, 0),
        "q04": ("not measured", None, 0),
        "q05": ("differs", False, 0),
        "q06": ("agrees", False, 1),
        "q07": ("differs", False, 0),
    }
    assert run["points"] == {
        "settled": {"got": 2, "possible": 4, "questions": ["q01", "q05", "q06", "q07"]},
        "stand_in": {"got": 0, "possible": 1, "questions": ["q02"]},
        "open": {"got": 0, "possible": 2, "questions": ["q03", "q04"]},
        "unanswered": {"got": 0, "possible": 0, "questions": []},
    }
    five = run["questions"][4]
    assert five["measured"] == ["a", "c"]
    assert (
        five["options"]["c"]
        == {"holds": True, "margin": [pytest.approx(0.8)] * 3, "rule": "x > 0.1"}
        or five["options"]["c"]["holds"]
    )
    assert five["measurements"]["x"]["unit"] == "share"
    assert run["questions"][3]["reason"].startswith("the probe raised RuntimeError")
    assert run["problems"] == [
        f"{tmp_path / 'answers.yaml'}:8: there is no question 'q99'; remove it"
    ]


def test_partial_credit_is_a_policy(tmp_path: Path) -> None:
    asked = quiz(tmp_path / "quiz")
    assert checked_json(asked, "q07: 1a 2c")["questions"][6]["points"] == 0
    run = checked_json(asked, "q07: 1a 2c", "--policy", "per-blank")
    assert run["questions"][6]["points"] == 0.5
    assert run["questions"][6]["mark"] == "differs"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ("q01: a\nq06: 0.93; 0.9\n", 0),
        ("q01: b\nq99: a\n", 1),
        ("q02: b\n", 0),  # on a stand-in nothing is settled
        ("q03: b\n", 0),
        ("q04: a\n", 4),
        ("q01: z\n", 2),
        ("q01: z\nq02: a", 2),
        ("", 2),
        ("q01: [a\n", 2),
        ("\ufeffq01: a\n", 0),
        ("{}", 0),
    ],
)
def test_exit_codes(tmp_path: Path, answers: str, code: int) -> None:
    assert check(quiz(tmp_path / "quiz"), answers) == code


KEYS: list[dict[str, Any]] = [
    {"q01": ["b"], "q02": ["b"], "q03": ["b"], "q05": ["b", "c"], "q06": 0.1, "q07": "b"},
    {"q01": ["a", "b"], "q05": ["z"], "q07": None, "because": "it is b"},
    {"q01": "b", "q05": {"b": 1}, "q06": "nothing", "range": [0.1, 0.3]},  # no keys at all
    {"q06": None, "range": [1.0, 0.8]},
]


@pytest.mark.parametrize("keys", KEYS)
def test_nothing_told_depends_on_the_key(
    tmp_path: Path, keys: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    def told(asked: Path) -> tuple[str, ...]:
        code = check(
            asked, ANSWERS, "--report", asked.parent / "out", "--json", asked.parent / "run.json"
        )
        page = (asked.parent / "out" / "index.html").read_text(encoding="utf-8")
        page = re.sub(r"[\d.×⁻⁰¹²³⁴⁵⁶⁷⁸⁹ ]+ ?(s|秒)</span>", "", page)
        json_ = (asked.parent / "run.json").read_text(encoding="utf-8")
        said = capsys.readouterr()
        everything = (str(code), said.out, said.err, page, json_)
        return tuple(text.replace(str(asked.parent), "DIR") for text in everything)

    with_key = told(quiz(tmp_path / "one" / "quiz"))
    assert told(quiz(tmp_path / "two" / "quiz", **keys)) == with_key
    if None not in keys.values() and "because" not in keys:
        return
    main(["export", str(tmp_path / "one" / "quiz"), "--for-students", "-o", str(tmp_path / "3/q")])
    shutil.copytree(tmp_path / "one" / "quiz" / "pack", tmp_path / "3" / "quiz" / "pack")
    for file in (tmp_path / "3" / "q").iterdir():
        shutil.move(file, tmp_path / "3" / "quiz")
    capsys.readouterr()
    assert told(tmp_path / "3" / "quiz") == with_key


def test_the_page_says_no_word_of_a_key(tmp_path: Path) -> None:
    check(quiz(tmp_path / "quiz"), ANSWERS, "--report", tmp_path / "out")
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    body = page[page.index("<body>") :]
    for word in ("expected", "contradicted", "confirmed", "key ticks", "differs from the key"):
        assert word not in body, word


def test_known_evidence_needs_no_torch(tmp_path: Path, planted_site: Path) -> None:
    asked = quiz(tmp_path / "quiz")
    file = tmp_path / "quiz.evidence"
    main(["verify", str(asked), "--pack", str(asked / "pack"), "--evidence", str(file)])
    answers = tmp_path / "answers.yaml"
    answers.write_text(ANSWERS, encoding="utf-8")
    code = (
        "import sys\nfrom quizproof.reports.cli import main\nmain(sys.argv[1:])\n"
        "heavy = {'torch', 'transformers', 'scipy', 'jinja2', 'rich'} & sys.modules.keys()\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    arguments = ["check", str(asked), str(answers), "--from", str(file)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(planted_site), *sys.path])}
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=environment
    )
    assert ran.returncode == 0, ran.stderr
    assert "q05  ✗ differs" in ran.stdout
    assert "judged from quiz.evidence" in ran.stdout


def test_a_template_is_read_as_unanswered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = quiz(tmp_path / "quiz")
    assert main(["check", str(asked), "--template"]) == 0
    file = capsys.readouterr().out
    run = checked_json(asked, file)
    assert {question["mark"] for question in run["questions"]} == {"not answered"}
    assert run["problems"] == []
    assert run["points"]["unanswered"]["possible"] == 7
    filled = file.replace("q01:", "q01: a").replace('"1":', '"1": a', 2).replace("·", "\u202e")
    marks = {q["id"]: q["mark"] for q in checked_json(asked, filled)["questions"]}
    assert marks["q01"] == "agrees"
    assert marks["q07"] == "differs"  # the second list is left empty
    capsys.readouterr()
    assert main(["check", "hw09", "--template", "--language", "zh-Hant", "--only", "q01"]) == 0
    only = capsys.readouterr().out
    assert "盤子" in only
    assert "plate" not in only
    assert "q02" not in only


def test_without_a_file_and_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "hw09"]) == 2
    assert "no answers: name a file of answers" in capsys.readouterr().err


def of_blanks(response: Response, low: float, high: float, **more: Any) -> Checked:
    """Answers to three blanks: a word that is "her", a number in [low, high], and nothing."""
    question = blanks()
    assert question.kind == "blanks"
    stripped = {
        part: blank.model_copy(update={"expected": None})
        if part == "1"
        else blank.model_copy(update={"expected_number": None})
        for part, blank in question.blanks.items()
        if part != "3"
    }
    found = measured(
        {},
        {
            "likeliest": Measurement("her", None, None, ""),
            "fall": Measurement((low + high) / 2, low, high, "probability"),
        },
    )
    return checked(
        result(
            State.UNDECIDED,
            question.model_copy(update={"blanks": stripped}),
            measurement=found,
            settles=True,
            **{"confidence": None, "tolerance": 1e-6, **more},
        ),
        response,
        Policy.PER_BLANK,
    )


@pytest.mark.parametrize(
    ("filled", "mark", "points"),
    [
        ({"1": " HER", "2": "0.735"}, Mark.AGREES, 0.3),
        ({"1": "him", "2": "0,735"}, Mark.DIFFERS, 0.15),
        ({"1": "her", "2": "0.75"}, Mark.DIFFERS, 0.15),
        ({"1": "her", "2": "much"}, Mark.DIFFERS, 0.15),
        ({"2": "0.73"}, Mark.DIFFERS, 0.15),
    ],
)
def test_blanks(filled: dict[str, str], mark: Mark, points: float) -> None:
    found = of_blanks(Response(filled=filled), 0.73 - 1e-6, 0.73 + 1e-6)
    assert (found.mark, float(found.points)) == (mark, points)


def test_a_number_that_may_be_right_is_not_decided() -> None:
    found = of_blanks(Response(filled={"1": "her", "2": "0.735"}), 0.72, 0.74)
    assert found.mark is Mark.NOT_DECIDED
    assert not found.points
    assert found.result is not None
    assert found.result.measurement is not None
    margin = found.result.measurement.findings["2"].margin
    assert margin == pytest.approx((-0.005, 0.005, 0.01))
    # a word that was drawn is the commonest of a few draws: that is no proof
    drawn = of_blanks(Response(filled={"1": "her"}), 0.73, 0.73, confidence=0.99)
    assert drawn.mark is Mark.NOT_DECIDED
    assert drawn.result is not None
    assert drawn.result.measurement is not None
    assert drawn.result.measurement.findings["1"] != Finding(True, (math.inf,) * 3)
