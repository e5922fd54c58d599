"""A number that one language has and the other lacks is told, one that it writes otherwise not."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.questions.lint import lint_quiz
from quizproof.questions.quiz import bundled_quiz
from tests.questions.test_lint import linted
from tests.questions.test_yaml_file import QUESTION


def notes(folder: Path, prompt: str) -> list[str]:
    first = next(line for line in QUESTION.splitlines() if line.startswith("prompt:"))
    text = QUESTION.replace(first, f"prompt: {prompt}")
    return [str(note) for note in linted(folder, text).notes if "has the number" in note.what]


@pytest.mark.parametrize(
    ("prompt", "number", "lacking"),
    [
        ("{en: the 3 and 14, zh-Hant: 第 3}", "14", "zh-Hant"),
        ("{en: the 3, zh-Hant: 第 3 和 0.5}", "0.5", "en"),
        ("{en: '1,500 steps', zh-Hant: 15000 步}", "1500", "zh-Hant"),
        ("{en: 7 layers, zh-Hant: 六層}", "7", "zh-Hant"),
        ("{en: 12 of them, fr: treize}", "12", "fr"),
    ],
)
def test_a_number_that_is_lacking(prompt: str, number: str, lacking: str, tmp_path: Path) -> None:
    [note] = notes(tmp_path, prompt)
    assert f"has the number {number}, which its {lacking} lacks" in note
    assert "q01.yaml:4:" in note


@pytest.mark.parametrize(
    "prompt",
    [
        "{en: 'the 3, 0.50 and 1,500', zh-Hant: 第３、０.5 和 1500}",
        "{en: 3 regions, zh-Hant: 三個區域}",
        "{en: both of them, zh-Hant: 2 個都}",
        "{en: the third, zh-Hant: 第 3 個}",
        "{en: 3 of them, fr: trois}",
        "{en: none, zh-Hant: 沒有}",
        "in 5 words of no language",
    ],
)
def test_a_number_that_is_written_otherwise(prompt: str, tmp_path: Path) -> None:
    assert notes(tmp_path, prompt) == []


def test_the_bundled_quiz_has_its_numbers_in_both_languages() -> None:
    found = lint_quiz(bundled_quiz("hw09"), catalogue())
    assert not [note for note in found.notes if "has the number" in note.what]
