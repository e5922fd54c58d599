from __future__ import annotations

import doctest
from pathlib import Path

import quizproof.questions.quiz as quiz

README = Path(quiz.__file__).parent / "README.md"


def test_the_examples_of_points_are_what_the_program_gives() -> None:
    text = README.read_text(encoding="utf-8").replace("```", "")
    found = doctest.DocTestParser().get_doctest(text, {}, "README", str(README), 0)
    assert len(found.examples) > 10
    runner = doctest.DocTestRunner(verbose=False)
    said: list[str] = []
    runner.run(found, out=said.append)
    assert runner.failures == 0, "".join(said)
