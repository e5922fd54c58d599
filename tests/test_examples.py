"""The documentation's examples are what the program does."""

from __future__ import annotations

import doctest
import inspect
import math
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from quizproof import probes
from quizproof.probes import declaration, testing
from quizproof.probes.catalogue import catalogue
from quizproof.probes.declaration import DECLARED
from quizproof.probes.part_types import EVERY
from quizproof.questions.key_problems import key_problems
from quizproof.questions.lint import lint_quiz
from quizproof.questions.quiz import read_question
from tests.probes.picture.painted import box, painted_world

ROOT = Path(__file__).parents[1]


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def run(text: str, known: dict[str, Any]) -> int:
    """Run the examples in ``text``; gives how many there are."""
    examples = doctest.DocTestParser().get_doctest(text, known, "example", None, 0)
    said: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(examples, out=said.append)
    assert runner.failures == 0, "".join(said)
    return len(examples.examples)


def test_the_readme_s_python() -> None:
    assert sum(run(block, {}) for block in blocks("README.md", "python")) >= 3


@pytest.fixture
def declared() -> Iterator[None]:
    """Probes that a test declares are gone after it."""
    catalogue()
    before = dict(DECLARED)
    yield
    DECLARED.clear()
    DECLARED.update(before)


@pytest.mark.usefixtures("declared")
def test_how_a_probe_is_declared() -> None:
    known = vars(declaration) | {"math": math, "Bench": object}
    assert run(declaration.__doc__ or "", known) >= 2


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize(
    "name", sorted({*probes.__all__} - {"File", "Probe", "Text"} - EVERY.keys())
)
def test_what_an_author_declares_with(name: str) -> None:
    known = vars(declaration) | vars(probes) | {"math": math, "Bench": object}
    assert run(inspect.cleandoc(getattr(probes, name).__doc__), known) >= 1


@pytest.mark.usefixtures("declared")
def test_how_a_probe_is_tested() -> None:
    known = {"Bench": object, "Iterator": Iterator}
    assert run(testing.__doc__ or "", known) >= 4


@pytest.mark.usefixtures("declared")
def test_the_worked_probe(tmp_path: Path) -> None:
    """In a world whose saliency is on the left quarter of the picture alone."""
    code, _ = blocks("probes/README.md", "python")
    file = tmp_path / "mine.py"
    file.write_text(code, encoding="utf-8")
    run_as = runpy.run_path(str(file))
    left, right = box(0, 0, 32, 8), box(0, 16, 32, 32)
    bench = painted_world(tmp_path, 1, left.astype(float), {"left": left, "right": right})
    parameters = {"picture": 1, "regions": ["left", "right"]}
    assert set(DECLARED["saliency.inside"].measures(parameters)) == {"share_left", "share_right"}
    assert run_as["saliency_inside"].__name__ == "saliency_inside"
    [draw] = bench.run(DECLARED["saliency.inside"], parameters)
    assert float(draw.values["share_left"]) > 0.9
    assert float(draw.values["share_right"]) < 0.1


@pytest.mark.usefixtures("declared")
def test_the_worked_function() -> None:
    _, code = blocks("probes/README.md", "python")
    exec(code, {"__name__": "worked"})
    assert testing.draws_of("own.leaky", x=-2.0)[0].values == {"value": -0.02}


def test_the_worked_quiz_has_nothing_to_complain_of(tmp_path: Path) -> None:
    head, asked, *_ = blocks("questions/README.md", "yaml")
    (tmp_path / "quiz.yaml").write_text(head, encoding="utf-8")
    (tmp_path / "q01.yaml").write_text(asked, encoding="utf-8")
    assert lint_quiz(tmp_path, catalogue()).problems == []
    with_pack = head.replace("# pack:", "pack:")
    (tmp_path / "quiz.yaml").write_text(with_pack, encoding="utf-8")
    [problem] = lint_quiz(tmp_path, catalogue()).problems
    assert "no pack.yaml in" in problem.what


def test_the_worked_thresholds_are_of_the_right_form(tmp_path: Path) -> None:
    _, asked, *_, thresholds = blocks("questions/README.md", "yaml")
    (tmp_path / "q01.yaml").write_text(f"{asked}{thresholds}", encoding="utf-8")
    read, _ = read_question(tmp_path, "q01")
    assert set(read.thresholds) == set(yaml.safe_load(thresholds)["thresholds"])


def test_what_else_a_worked_question_may_say_is_of_the_right_form(tmp_path: Path) -> None:
    _, asked, picture, matching, ordering, accepted, _ = blocks("questions/README.md", "yaml")
    common = "points: 1\nabout: model\nprompt: Which?\n"
    for text in (
        asked.replace("prompt: What activates the filter?\n", picture),
        common + matching,
        common + ordering,
        asked + accepted,
    ):
        (tmp_path / "q01.yaml").write_text(text, encoding="utf-8")
        read, document = read_question(tmp_path, "q01")
        assert list(key_problems(read, document)) == []
    assert picture in asked.replace("prompt: What activates the filter?\n", picture)
