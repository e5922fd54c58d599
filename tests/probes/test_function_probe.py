"""A function of a quiz's own is measured where it is trusted."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from quizproof.probes import function_probe
from quizproof.probes.beside import code_beside
from quizproof.probes.declaration import DECLARED
from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from quizproof.reports.cli import main
from tests.beside import quiz_with_probes

PROBES = '''
from quizproof.probes import function_probe

@function_probe("own.letters", unit="letters", low=0)
def letters(word: str, times: int = 1) -> int:
    """Count the letters of a word."""
    return len(word) * times
'''


@pytest.fixture(autouse=True)
def _declared() -> Iterator[None]:
    before = dict(DECLARED)
    yield
    DECLARED.clear()
    DECLARED.update(before)


def test_its_value_its_defaults_and_its_range() -> None:
    @function_probe("planted.root", low=0)
    def root(x: float, of: int = 2) -> float:
        return math.copysign(abs(x) ** (1 / of), x)

    assert draws_of("planted.root", x=9.0)[0].values == {"value": 3.0}
    assert draws_of("planted.root", x=27.0, of=3)[0].values["value"] == pytest.approx(3)
    with pytest.raises(QuizproofError, match="value"):
        draws_of("planted.root", x=-4.0)
    with pytest.raises(QuizproofError, match=r"parameter of of probe planted\.root"):
        draws_of("planted.root", x=9.0, of="two")
    assert root(16.0) == 4.0


def test_a_function_that_says_a_word() -> None:
    @function_probe("planted.side")
    def side(x: float) -> str:
        return "right" if x > 0 else "left"

    assert DECLARED["planted.side"].categories({"x": 1.0}) == {"value": ()}
    assert draws_of("planted.side", x=-1.0)[0].values == {"value": "left"}


def _no_type(x) -> float:  # type: ignore[no-untyped-def]
    return float(x)


def _many(*x: float) -> float:
    return sum(x)


@pytest.mark.parametrize(
    ("function", "said"), [(_no_type, "parameter x has no type"), (_many, "given by a name")]
)
def test_what_cannot_be_asked_is_one_line(function: Callable[..., Any], said: str) -> None:
    with pytest.raises(QuizproofError, match=said) as caught:
        function_probe("planted.wrong")(function)
    assert "\n" not in str(caught.value)


def test_it_runs_beside_a_quiz_once_it_is_trusted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quiz = quiz_with_probes(tmp_path / "quiz", PROBES)
    question = quiz / "q01.yaml"
    asked = question.read_text("utf-8").replace("letters < 3.5", "value < 3.5")
    question.write_text(asked.replace("letters > 3.5", "value > 3.5"), "utf-8")
    code = code_beside(quiz)
    assert code is not None
    assert code.probe_names == ["own.letters"]
    verify = ["verify", str(quiz), "--only", "q01", "--store", "none"]
    assert main(verify) == 2
    assert "1 failed           q01" in capsys.readouterr().out
    assert main([*verify, "--trust"]) == 0
    assert "1 confirmed        q01" in capsys.readouterr().out
