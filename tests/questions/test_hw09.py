"""The bundled quiz against the page it was handed in on, which is not part of this repository."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.questions.lint import lint_quiz
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.spec import Blanks, DropDowns, Question, choices, expected_answer

SOURCE = Path(__file__).parents[2].parent / "shared" / "hw09" / "source.md"
QUESTIONS = {q.id: q for q in load_quiz(bundled_quiz("hw09")).questions}


def ticked() -> dict[str, list[str]]:
    """The options ticked on the page, by question, as letters from top to bottom."""
    found: dict[str, list[str]] = {}
    page = SOURCE.read_text(encoding="utf-8")
    sections = re.split(r"^[#*\s]*問題 (\d+)", page, flags=re.MULTILINE)
    for number, text in zip(sections[1::2], sections[2::2], strict=True):
        boxes = [box for box in text if box in "☐☒"]
        found[f"q{int(number):02}"] = [
            chr(ord("a") + place) for place, box in enumerate(boxes) if box == "☒"
        ]
    return found


@pytest.mark.skipif(not SOURCE.is_file(), reason="the page is not here")
@pytest.mark.parametrize("name", QUESTIONS)
def test_the_key_is_the_one_that_was_handed_in(name: str) -> None:
    question = QUESTIONS[name]
    if isinstance(question, Blanks):
        assert expected_answer(question) == ("him", 0.73)  # written out, not ticked
    elif isinstance(question, DropDowns):
        page = SOURCE.read_text(encoding="utf-8")
        chosen = [down.options[down.expected or ""].text.en for down in question.parts.values()]
        assert "Cosine Similarity ▼" in page
        assert "「果」字的 Embedding Emb ▼" in page
        assert [text.lower() for text in chosen] == ["cosine similarity", "the character 果"]
    else:
        assert list(expected_answer(question) or ()) == ticked()[name]


def test_a_key_that_ticks_one_where_two_are_asked_for_is_invalid() -> None:
    linted = {q.id: q for q in lint_quiz(bundled_quiz("hw09"), catalogue()).questions}
    assert [name for name, q in linted.items() if q.key] == ["q16"]
    assert "choose 2, but 1 expected" in str(linted["q16"].key[0])


def numbers(rule: str) -> set[float]:
    """The sizes of a rule's number literals, thresholds that have names left out."""
    values = [node.value for node in ast.walk(ast.parse(rule)) if isinstance(node, ast.Constant)]
    return {abs(float(value)) for value in values if isinstance(value, int | float)}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_every_number_that_decides_has_a_name_and_a_source(question: Question) -> None:
    if isinstance(question, Blanks):
        return  # its numbers are the key's own
    for choice in choices(question):
        assert choice.rule is not None
        # 0, ½ and 1 are ends and middles of scales
        assert numbers(choice.rule) <= {0, 0.5, 1}, choice.rule
