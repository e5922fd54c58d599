"""Problems of the pictures in a question's texts: what is shown wrong is measured all the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from quizproof.questions.languages import placed_texts
from quizproof.questions.pictures import (
    PictureError,
    mistaken_in,
    pictures_in,
    read_picture,
    sound,
)
from quizproof.questions.problems import InputError, Problem
from quizproof.questions.spec import Blanks, Lists, Question
from quizproof.questions.yaml_file import Document, Path_


def picture_problems(folder: Path, question: Question, document: Document) -> Iterator[Problem]:
    """Pictures of ``question``, a file of ``folder``, that are not there, or without words."""
    parts: Collection[str] = ()
    if isinstance(question, Blanks | Lists):
        parts = question.blanks if isinstance(question, Blanks) else question.parts
    for place, text in placed_texts(question):
        for language in text.languages or ("",):
            at: Path_ = (*place, language) if language else place
            words = text.in_(language)
            for name in mistaken_in(words):
                yield document.problem(
                    at,
                    f"'{name}' is no picture of the quiz's folder",
                    "name a PNG, JPEG, WebP or GIF file in it, as ![in words](figure.png)",
                )
            for words_instead, name in pictures_in(words):
                yield from _of_picture(folder, document, at, words_instead, name, parts)


def _of_picture(
    folder: Path, document: Document, at: Path_, words: str, name: str, part_names: Collection[str]
) -> Iterator[Problem]:
    if at[0] in ("parts", "choices", "items"):
        yield document.problem(
            at, f"{name} stands in a list, which shows no pictures", "put it into the prompt"
        )
    if not words.strip():
        yield document.problem(
            at,
            f"{name} has no alternative text, for those who do not see it",
            f"say what is to be seen, as ![a cat on a mat]({name})",
        )
    if words in part_names:
        yield document.problem(
            at, f"the alternative text of {name} is the name of a blank", "say what is to be seen"
        )
    try:
        sound(read_picture(folder, name))
    except InputError as error:
        for problem in error.problems:
            yield document.problem(at, f"{name} {problem.what}", problem.mend)
    except PictureError as error:
        what, _, mend = str(error).partition("; ")
        yield document.problem(at, f"{name}: {what}", mend)
