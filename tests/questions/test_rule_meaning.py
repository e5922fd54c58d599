"""What lint says of a rule's meaning is so whatever is measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.questions.lint import LintedQuestion, lint_quiz
from quizproof.questions.quiz import bundled_quiz

WHERE = (
    "probe: {name: attribution.regions, with: {picture: 0, regions: [one, two], method: "
    "{name: saliency, output: logit, colours: sum}, mass: absolute, scale: as_computed}}"
)
QUESTION = """\
kind: {kind}
points: 1
about: model
prompt: Where?
{probe}
options:
  a: {{text: One, rule: "{a}"}}
  b: {{text: Two, rule: "{b}"}}
expected: [a]
"""
LAYER = "probe: {name: network.layer_type, with: {layer: cnn.0}}"


def linted(folder: Path, a: str, b: str, kind: str = "single") -> LintedQuestion:
    head = "id: planted\ntitle: Planted\nquestions: [q01]\n"
    (folder / "quiz.yaml").write_text(head, encoding="utf-8")
    text = QUESTION.format(kind=kind, probe=WHERE, a=a, b=b)
    if "layer_type" in a:
        text = "\n".join(LAYER if "probe:" in line else line for line in text.splitlines())
    (folder / "q01.yaml").write_text(text, encoding="utf-8")
    [only] = lint_quiz(folder, catalogue()).questions
    return only


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("contrast_one > 1.5", "can never hold, whatever is measured (contrast_one from -1 to 1)"),
        ("contrast_one > 0.5 and contrast_one < 0.2", "can never hold"),
        ("contrast_one > contrast_two and contrast_two > contrast_one", "can never hold"),
        ("contrast_one <= 1", "always holds, whatever is measured (contrast_one from -1 to 1)"),
        ("contrast_one > 0 or contrast_one < 0.1", "always holds"),
        ("layer_type == 'ReLU' and layer_type == 'Conv2d'", "can never hold"),
    ],
)
def test_a_rule_that_is_decided_by_itself(rule: str, said: str, tmp_path: Path) -> None:
    other = "layer_type == 'Conv2d'" if "layer_type" in rule else "contrast_two > 0.3"
    found = linted(tmp_path, rule, other)
    [problem] = (*found.broken, *found.harmless)
    assert said in problem.what
    assert problem.line == 7
    # what always holds would be confirmed whatever is measured, what never does is ruled out
    assert bool(found.broken) == said.startswith("always")


@pytest.mark.parametrize(
    "rule",
    ["contrast_one > 0.999", "contrast_one >= -0.999", "contrast_one * contrast_two > 0.9"],
)
def test_a_rule_that_some_world_decides(rule: str, tmp_path: Path) -> None:
    found = linted(tmp_path, rule, "contrast_two > 0.3")
    assert (found.broken, found.harmless) == ((), ())


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ("contrast_one > 0.5", "contrast_one > 0.2", ["a holds, option b does"]),
        ("contrast_one > 0.2", "contrast_one > 0.5", ["b holds, option a does"]),
        ("contrast_one > 0.2", "0.2 < contrast_one", ["a holds, opt", "b holds, opt"]),
        ("contrast_one > 0.2", "contrast_two > 0.2", []),  # may hold together, and need not
        ("contrast_one > 0.2", "contrast_one <= 0.2", []),
    ],
)
def test_an_option_that_another_one_implies(
    a: str, b: str, said: list[str], tmp_path: Path
) -> None:
    notes = [note.what for note in linted(tmp_path, a, b).notes]
    assert len(notes) == len(said)
    assert all(part in note for part, note in zip(said, notes, strict=True))
    assert linted(tmp_path, a, b, kind="multiple").notes == ()


def test_no_rule_of_the_bundled_quiz_is_complained_of() -> None:
    found = lint_quiz(bundled_quiz("hw09"), catalogue())
    assert not [n for n in found.notes if "option" in n.what and "holds" in n.what]


@pytest.mark.parametrize(
    ("blank", "said"),
    [
        ("tolerance: {range: [-5, 5]}", "the key of blank 1 always holds, whatever is measured"),
        ("expected_number: 0.5, tolerance: {relative: 9}", "always holds"),
        ("expected_number: 3, tolerance: 1", "can never hold"),
        ("expected_number: 0.5, tolerance: 0.1", ""),
    ],
)
def test_a_blank_that_nothing_can_miss_has_no_key(blank: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "quiz.yaml").write_text("id: q\ntitle: Q\nquestions: [q01]\n", encoding="utf-8")
    text = (
        "kind: blanks\npoints: 1\nabout: model\nprompt: How much [1]?\n"
        f"{WHERE}\nestimate: mean\nblanks:\n  '1': {{measure: contrast_one, {blank}}}\n"
    )
    (tmp_path / "q01.yaml").write_text(text, encoding="utf-8")
    [found] = lint_quiz(tmp_path, catalogue()).questions
    problems = [*found.key, *found.harmless]
    assert [problem.what for problem in problems if said and said in problem.what] == [
        problem.what for problem in problems
    ]
    assert bool(problems) == bool(said)
    assert found.broken == ()
