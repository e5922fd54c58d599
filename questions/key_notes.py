"""Notes on a key that is none by mistake, or that shows where it should not."""

from __future__ import annotations

from collections.abc import Iterator

from quizproof.questions.canvas_names import is_canvas_own
from quizproof.questions.problems import Problem
from quizproof.questions.spec import (
    Blanks,
    DropDowns,
    MultipleChoice,
    Question,
    QuizFile,
    SingleChoice,
    TextBlank,
    keys_of,
)
from quizproof.questions.yaml_file import Document


def key_notes(question: Question, document: Document) -> Iterator[Problem]:
    """Notes on the key of ``question``, whose file is ``document``."""
    if isinstance(question, MultipleChoice) and question.expected == []:
        yield document.problem(
            ("expected",),
            "nothing is expected: an empty answer would be right, so the question is not graded",
            "expect an option, as 'none of these'",
        )
    if isinstance(question, SingleChoice):
        expected = {option for key in keys_of(question.expected) for option in key}
        if expected >= question.options.keys():
            yield document.problem(
                ("expected",),
                "every option is expected: whichever is measured, the key is right",
                "say full_credit, or expect fewer",
            )
    for part, words in _answers(question):
        place = ("blanks" if isinstance(question, Blanks) else "parts", part)
        if not all(map(str.strip, words)):
            yield document.problem(
                (*place, "expected"),
                f"blank {part} expects an empty word, which gives nobody points",
                "take it out, and the question if it may be left empty",
            )
        if not part.isdigit() and part in {word.strip().casefold() for word in words}:
            yield document.problem(
                place,
                f"{part} is called as its answer is, and students are shown the name",
                "call it 1, 2 …, in the prompt as well",
            )


def title_notes(head: QuizFile, document: Document) -> Iterator[Problem]:
    """A note where Canvas would drop the column of grades that is called as the quiz is."""
    if is_canvas_own(head.title.en):
        yield document.problem(
            ("title",),
            "Canvas takes a column of this name for one of its own, and drops the grades in it",
            "call it otherwise, or grade with --assignment TITLE",
        )


def _answers(question: Question) -> Iterator[tuple[str, list[str]]]:
    """Each blank or list with the words that are right in it."""
    if isinstance(question, Blanks):
        for part, blank in question.blanks.items():
            if isinstance(blank, TextBlank):
                yield part, blank.expected or []
    elif isinstance(question, DropDowns):
        for part, down in question.parts.items():
            right = down.options.get(down.expected or "")
            if right is not None:
                texts = [right.text.in_(language) for language in right.text.languages or [""]]
                yield part, texts
