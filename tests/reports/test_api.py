"""``import quizproof``: what a program may rely on is what the README lists, and it works."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import quizproof
from tests.planted_probes import bright_pack, write_quiz

README = Path(__file__).parents[2] / "README.md"


def section(heading: str) -> str:
    return README.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]


def test_what_is_public_is_what_is_documented() -> None:
    listed = re.findall(r"^\| `(\w+)", section("In Python"), re.MULTILINE)
    assert sorted(listed) == sorted(quizproof.__all__)
    assert all(getattr(quizproof, name) for name in listed)
    assert set(quizproof.__all__) <= set(dir(quizproof))


def test_every_public_function_says_what_it_does() -> None:
    public = [getattr(quizproof, name) for name in quizproof.__all__ if name != "__version__"]
    assert all(thing.__doc__ for thing in public)


def test_importing_it_loads_nothing() -> None:
    code = (
        "import sys\nbefore = set(sys.modules)\nimport quizproof\nquizproof.__version__\n"
        "new = {n for n in sys.modules if n.startswith('quizproof.') or n in ('torch', 'numpy')}\n"
        "sys.exit(f'imported {new}' if new else 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_as_a_module_it_is_the_command() -> None:
    arguments = [sys.executable, "-m", "quizproof", "--version"]
    ran = subprocess.run(arguments, capture_output=True, text=True)
    assert ran.stdout.strip() == f"quizproof {quizproof.__version__}"


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        quizproof.nothing  # noqa: B018


@pytest.mark.usefixtures("planted_site")
def test_verify(tmp_path: Path) -> None:
    quiz = write_quiz(tmp_path / "quiz", good="b", random="a", good_too="a")
    (quiz / "q03.yaml").write_text((quiz / "q01.yaml").read_text().replace("[b]", "[a]"))
    run = quizproof.verify(quiz, pack=quiz / "pack", only=["q01", "q02"], store="none")
    assert isinstance(run, quizproof.Run)
    assert [str(result.state) for result in run.results] == ["stand-in differs", "stand-in agrees"]
    again = quizproof.verify(str(quiz), pack=quiz / "pack", only="q03", store="none", seed=5)
    assert [(r.question.id, r.state) for r in again.results] == [
        ("q03", quizproof.State.STAND_IN_AGREES)
    ]
    assert again.seed == 5


@pytest.mark.usefixtures("planted_site")
def test_a_quiz_s_own_pack(tmp_path: Path) -> None:
    """The picture is white in the quiz's pack, and black in the one that is named instead."""
    quiz = write_quiz(tmp_path / "quiz", bright_exactly="a")
    bright_pack(tmp_path / "white", 1.0)
    with (quiz / "quiz.yaml").open("a") as head:
        head.write("pack: ../white\n")
    [own] = quizproof.verify(quiz, store="none").results
    [other] = quizproof.verify(quiz, pack=quiz / "pack", store="none").results
    assert (own.measured, other.measured) == (("a",), ("b",))
    assert quizproof.check(quiz, {"q01": "a"}, store="none").marks != (
        quizproof.check(quiz, {"q01": "b"}, store="none").marks
    )


@pytest.mark.usefixtures("planted_site")
def test_lint_and_load(tmp_path: Path) -> None:
    quiz = write_quiz(tmp_path / "quiz", good="z")
    [problem] = quizproof.lint(quiz)
    assert isinstance(problem, quizproof.Problem)
    assert problem.line == 9
    assert quizproof.load_quiz("hw09").questions[0].id == "q01"


@pytest.mark.usefixtures("planted_site")
def test_grade(tmp_path: Path) -> None:
    quiz = write_quiz(tmp_path / "quiz", good="a", random="b")
    responses = tmp_path / "class.csv"
    responses.write_text("student,q01,q02\nAda,a,a\nBo,a,b\n")
    graded = quizproof.grade(quiz, responses, pack=quiz / "pack", store="none")
    assert isinstance(graded, quizproof.GradedClass)
    assert [sum(student.points.values()) for student in graded.grades.students] == [1, 2]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda quiz: quizproof.verify(quiz, seed=-5), "-5 is no seed"),
        (lambda quiz: quizproof.check(quiz, {}, seed=-5), "-5 is no seed"),
        (lambda quiz: quizproof.check(quiz, {}, policy="kind"), "there is no policy 'kind'"),
        (lambda quiz: quizproof.grade(quiz, quiz, policy="kind"), "there is no policy 'kind'"),
        (lambda quiz: quizproof.grade(quiz, quiz, attempt="best"), "there is no attempt 'best'"),
        (lambda quiz: quizproof.verify(quiz, only=["q9"]), "q9, not in the quiz"),
        (lambda quiz: quizproof.verify(quiz, pack="nowhere"), "no pack.yaml here"),
        (lambda quiz: quizproof.lint("nowhere"), "no quiz.yaml here"),
    ],
)
@pytest.mark.usefixtures("planted_site")
def test_what_is_wrong_is_one_line(call: object, said: str, tmp_path: Path) -> None:
    quiz = write_quiz(tmp_path / "quiz", good="a")
    assert callable(call)
    with pytest.raises(quizproof.QuizproofError, match=re.escape(said)) as raised:
        call(quiz)
    assert "\n" not in str(raised.value)
