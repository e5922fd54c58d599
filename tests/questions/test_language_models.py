"""The bundled quiz ``language-models``: what its files have to have."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.questions.lint import lint_quiz
from quizproof.questions.problems import InputError
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.spec import Question, Text, choices
from tests.questions.test_hw09 import numbers

FOLDER = bundled_quiz("language-models")
QUESTIONS = {question.id: question for question in load_quiz(FOLDER).questions}


def test_it_is_told_where_another_quiz_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="hw09, language-models"):
        load_quiz(tmp_path / "language-model")


def test_there_is_nothing_to_complain_of() -> None:
    linted = lint_quiz(FOLDER, catalogue())
    assert not [str(problem) for problem in linted.problems]
    assert not [str(problem) for question in linted.questions for problem in question.key]


def test_fourteen_questions_most_of_which_any_model_settles() -> None:
    about = Counter(question.about for question in QUESTIONS.values())
    assert about == {"method": 10, "architecture": 2, "model": 2}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_its_key_has_an_argument_its_words_two_languages_its_numbers_a_source(
    question: Question,
) -> None:
    assert question.because
    for words in (question.prompt, *(choice.text for choice in choices(question))):
        assert isinstance(words, Text)
        assert words.en != words.zh_hant
    for choice in choices(question):
        assert choice.rule is not None
        assert numbers(choice.rule) <= {0, 0.5, 1}, choice.rule
