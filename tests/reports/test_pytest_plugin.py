"""A quiz's questions as tests, in pytest runs of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.planted_probes import bright_pack, write_quiz

pytest_plugins = ["pytester"]


@pytest.fixture
def quiz(planted_site: Path, pytester: pytest.Pytester) -> Path:
    return write_quiz(
        pytester.path / "quiz", good="a", random="a", raises="a", classifier="a", nan="a"
    )


def settle(quiz: Path, *names: str, expected: str = "a") -> None:
    """Make questions about the method, which any evidence settles."""
    for name in names:
        path = quiz / f"{name}.yaml"
        text = path.read_text(encoding="utf-8").replace("about: model", "about: method")
        path.write_text(text.replace("expected: [a]", f"expected: [{expected}]"), encoding="utf-8")


def run(pytester: pytest.Pytester, *arguments: str, **ini: str) -> pytest.RunResult:
    if ini:
        lines = "".join(f"{name} = {value}\n" for name, value in ini.items())
        pytester.makeini(f"[pytest]\n{lines}")
    return pytester.runpytest("quiz", "--quizproof-pack", "quiz/pack", *arguments)


def counts(result: pytest.RunResult) -> Mapping[str, int]:
    return result.parseoutcomes()


def test_every_state_is_told(quiz: Path, pytester: pytest.Pytester) -> None:
    settle(quiz, "q01")
    settle(quiz, "q02", expected="b")
    result = run(pytester, "-rA")
    assert counts(result) == {"passed": 1, "failed": 1, "errors": 2, "skipped": 1}
    said = result.stdout.str()
    assert "PASSED quiz/quiz.yaml::q01" in said
    assert "q02 contradicted: measured a, expected b\n  a holds by +0.3" in said
    assert "] at 99 %: x > 0.5" in said
    assert "q03 failed: the probe raised RuntimeError" in said
    assert "missing: pack planted has no classifier" in said
    assert "Traceback" not in said
    assert "site-packages" not in said


def test_questions_are_chosen_by_name_and_by_marker(quiz: Path, pytester: pytest.Pytester) -> None:
    settle(quiz, "q01")
    for arguments, names in (
        (("-k", "q02"), ["q02"]),
        (("-m", "method"), ["q01"]),
        (("-m", "model and not method"), ["q02", "q03", "q04", "q05"]),
    ):
        said = run(pytester, "--collect-only", "-q", "--strict-markers", *arguments).stdout.str()
        assert [name for name in names if f"quiz.yaml::{name}" in said] == names
        assert said.count("quiz.yaml::") == len(names)
    assert "@pytest.mark.method" in pytester.runpytest("--markers").stdout.str()


@pytest.mark.parametrize(
    ("outcome", "agrees", "differs"),
    [
        ("xfail", "xfailed", "xfailed"),
        ("skip", "skipped", "skipped"),
        ("pass", "passed", "xfailed"),
    ],
)
def test_stand_ins_are_what_the_configuration_says(
    quiz: Path, pytester: pytest.Pytester, outcome: str, agrees: str, differs: str
) -> None:
    assert counts(run(pytester, "-k", "q01", quizproof_stand_in=outcome)) == {
        agrees: 1,
        "deselected": 4,
    }
    text = (quiz / "q01.yaml").read_text(encoding="utf-8").replace("expected: [a]", "expected: [b]")
    (quiz / "q01.yaml").write_text(text, encoding="utf-8")
    assert counts(run(pytester, "-k", "q01")) == {differs: 1, "deselected": 4}


@pytest.mark.parametrize(
    ("outcome", "counted"), [("xfail", "xfailed"), ("skip", "skipped"), ("fail", "failed")]
)
def test_undecided_is_what_the_configuration_says(
    quiz: Path, pytester: pytest.Pytester, outcome: str, counted: str
) -> None:
    text = (quiz / "q01.yaml").read_text(encoding="utf-8").replace("x < 0.5", "x > 0.4")
    (quiz / "q01.yaml").write_text(text, encoding="utf-8")
    result = run(pytester, "-rA", "-k", "q01", quizproof_undecided=outcome)
    assert counts(result) == {counted: 1, "deselected": 4}
    assert "a and b hold, but 1 is to be chosen" in result.stdout.str()


def test_a_wrong_configuration_is_one_line(quiz: Path, pytester: pytest.Pytester) -> None:
    result = run(pytester, quizproof_stand_in="maybe")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "quizproof_stand_in is 'maybe'; write one of xfail, skip, pass" in result.stderr.str()


def test_what_is_wrong_with_the_quiz_is_told(quiz: Path, pytester: pytest.Pytester) -> None:
    (quiz / "q09.yaml").write_text("kind: single", encoding="utf-8")
    (quiz / "q02.yaml").write_text("kind: single", encoding="utf-8")
    result = run(pytester, "-k", "lint or q02")
    assert counts(result) == {"failed": 1, "errors": 1, "deselected": 4}
    assert "q09.yaml is not part of the quiz" in result.stdout.str()
    assert "the key 'about' is missing" in result.stdout.str()
    (quiz / "quiz.yaml").write_text("id: x\ntitle: y\nquestions: []\n", encoding="utf-8")
    result = run(pytester)
    assert counts(result) == {"errors": 1}
    assert "quiz.yaml:3:12:" in result.stdout.str()
    assert "Traceback" not in result.stdout.str()


@pytest.mark.parametrize(
    "content", ["questions:\n- what\n", "title: Trivia\nrounds: []\n", "", "\xff", "[1, 2]"]
)
def test_other_peoples_files_are_left_alone(pytester: pytest.Pytester, content: str) -> None:
    (pytester.path / "quiz.yaml").write_text(content, encoding="latin-1")
    pytester.makepyfile("def test_nothing(): pass")
    assert counts(pytester.runpytest()) == {"passed": 1}


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes there")
def test_a_pipe_of_that_name_is_not_waited_for(pytester: pytest.Pytester) -> None:
    os.mkfifo(pytester.mkdir("quiz") / "quiz.yaml")
    pytester.makepyfile("def test_nothing(): pass")
    assert counts(pytester.runpytest_subprocess(timeout=60)) == {"passed": 1}


def test_nothing_from_outside_moves_the_terminal(quiz: Path, pytester: pytest.Pytester) -> None:
    manifest = quiz / "pack" / "pack.yaml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("name: planted", 'name: "\\e[2J\\u202ex"'), encoding="utf-8")
    with (quiz / "q02.yaml").open("a", encoding="utf-8") as file:
        file.write('"\\e[2J\\u202e": 1\n')
    said = run(pytester, "-rA").stdout.str()
    assert "no classifier" in said
    assert "unknown key" in said
    assert not {"\x1b", "\u202e"} & set(said)


def test_a_pack_that_is_not_there_is_an_error(quiz: Path, pytester: pytest.Pytester) -> None:
    result = pytester.runpytest("quiz", "--quizproof-pack", "nowhere", "-k", "q01")
    assert counts(result) == {"errors": 1, "deselected": 4}
    assert "no pack.yaml here" in result.stdout.str()


def test_seed_and_store_are_used(
    planted_site: Path, pytester: pytest.Pytester, tmp_path: Path
) -> None:
    quiz = write_quiz(pytester.path / "quiz", bright="a")
    bright_pack(quiz / "pack", 0.9)
    store = tmp_path / "store"
    for arguments, entries in (((), 1), ((), 1), (("--quizproof-seed", "4"), 2)):
        run(pytester, "--quizproof-store", str(store), *arguments)
        assert len([path for path in store.rglob("*") if path.is_file()]) == entries


def test_beside_xdist(quiz: Path, pytester: pytest.Pytester, planted_site: Path) -> None:
    path = f"sys.path.insert(0, {str(planted_site)!r})"
    pytester.makeconftest(f"import sys\n{path}\n")
    result = pytester.runpytest_subprocess(
        "quiz", "--quizproof-pack", "quiz/pack", "-n", "2", "-k", "q01 or q02"
    )
    assert counts(result) == {"xfailed": 2}


def test_no_seed(pytester: pytest.Pytester) -> None:
    ran = pytester.runpytest_subprocess("--quizproof-seed=-5")
    assert ran.ret == pytest.ExitCode.USAGE_ERROR
    ran.stderr.fnmatch_lines(["*'-5' is no whole number from 0*"])


def test_importing_the_plugin_imports_nothing_else() -> None:
    code = (
        "import sys, pytest\nbefore = set(sys.modules)\n"
        "import quizproof.reports.pytest_plugin\n"
        "new = {n for n in sys.modules if n not in before and not n.startswith('quizproof')}\n"
        "sys.exit(f'imported {new}' if new else 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_a_quiz_s_own_pack(pytester: pytest.Pytester, planted_site: Path) -> None:
    """Two quizzes of one session, each measured on its own: one picture is white, one is black."""
    for name, brightness in (("white", 1.0), ("black", 0.0)):
        folder = write_quiz(pytester.path / name, bright_exactly="a")
        bright_pack(folder / "own", brightness)
        with (folder / "quiz.yaml").open("a", encoding="utf-8") as head:
            head.write("pack: own\n")
    path = f"sys.path.insert(0, {str(planted_site)!r})"
    pytester.makeconftest(f"import sys\n{path}\n")
    pytester.makeini("[pytest]\nquizproof_stand_in = pass\n")
    ran = pytester.runpytest_subprocess("-v", "--quizproof-store=none")
    ran.stdout.fnmatch_lines(["black/quiz.yaml::q01 XFAIL*", "white/quiz.yaml::q01 PASSED*"])
