"""Notes of lint on a key that is none by mistake, or that shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.questions.canvas_names import is_canvas_own
from quizproof.questions.lint import LintedQuiz, lint_quiz
from quizproof.questions.scoring import key_answer
from tests.questions.test_yaml_file import QUESTION

SEVERAL = QUESTION.replace("kind: single", "kind: multiple")
HEAD = "kind: blanks\npoints: 1\nabout: model\n"
WORD = HEAD + "prompt: A [{0}] sat.\nblanks: {{'{0}': {{expected: [{1}]}}}}\n"
LIST = (
    HEAD.replace("blanks", "dropdowns")
    + "prompt: A [{0}] sat.\nparts: {{'{0}': {{options: {{a: {{text: Cat}}, b: {{text: dog}}}},"
    " expected: a}}}}\n"
)


def linted(folder: Path, text: str, title: str = "A quiz", *, key: bool = True) -> LintedQuiz:
    (folder / "quiz.yaml").write_text(f"id: planted\ntitle: {title}\nquestions: [q01]\n")
    (folder / "q01.yaml").write_text(text, encoding="utf-8")
    return lint_quiz(folder, catalogue(), key=key)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SEVERAL.replace("[a]", "[]"), "q01.yaml:9:11: nothing is expected: an empty answer"),
        (QUESTION.replace("[a]", "{any: [[a], [b]]}"), "every option is expected"),
        (WORD.format("1", "' '"), "blank 1 expects an empty word"),
        (WORD.format("cat", "Cat"), "cat is called as its answer is"),
        (LIST.format("cat"), "cat is called as its answer is"),
    ],
)
def test_what_is_noted(tmp_path: Path, text: str, said: str) -> None:
    assert said in str(linted(tmp_path, text).notes[0])
    assert linted(tmp_path, text, key=False).notes == []


@pytest.mark.parametrize(
    "text", [SEVERAL, WORD.format("1", "'1'"), WORD.format("cat", "dog"), LIST.format("dog")]
)
def test_nothing_is_noted(tmp_path: Path, text: str) -> None:
    assert linted(tmp_path, text).notes == []


def test_an_empty_word_is_no_key(tmp_path: Path) -> None:
    [question] = linted(tmp_path, WORD.format("1", "' '")).questions
    assert question.question is not None
    assert key_answer(question.question) is None


@pytest.mark.parametrize(
    ("title", "own"),
    [
        ("Final Score", True),
        ("unposted  current score", True),
        ("Midterm Final Grade (123)", True),
        ("Override Score (Fall)", True),
        ("final", True),
        ("Section", True),
        ("SIS User ID", True),
        ("Final (123)", False),
        ("Final quiz", False),
        ("Scores of nets", False),
    ],
)
def test_columns_of_canvas_itself(tmp_path: Path, title: str, own: bool) -> None:
    assert is_canvas_own(title) == own
    notes = linted(tmp_path, QUESTION, title).notes
    assert any("Canvas takes a column of this name" in str(note) for note in notes) == own
