"""A quiz's folder: ``quiz.yaml`` and a file per question, read with every mistake in them named."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import TypeAdapter

from quizproof.questions.bundled import BUNDLED, bundled_names
from quizproof.questions.bundled import QUIZ_FILE as QUIZ_FILE
from quizproof.questions.files import read_bounded
from quizproof.questions.pictures import read_pictures
from quizproof.questions.problems import InputError, Problem
from quizproof.questions.spec import Question, Quiz, QuizFile
from quizproof.questions.without_key import without_key
from quizproof.questions.yaml_file import MAX_BYTES, Document, read_model

PACK_FILE = "pack.yaml"  # makes a folder a pack
_HEAD = TypeAdapter(QuizFile)
_QUESTION: TypeAdapter[Question] = TypeAdapter(Question)


def bundled_quiz(name: str) -> Path:
    """The folder of the quiz called ``name`` that comes with the program, or ``name`` itself.

    A folder of that name where the user stands wins, as it would for any path.
    """
    if not Path(name).exists() and (BUNDLED / name / QUIZ_FILE).is_file():
        return BUNDLED / name
    return Path(name)


def shown_path(path: Path) -> Path:
    """The path of a quiz's file, from its quiz's folder where it comes with the program."""
    return path.relative_to(BUNDLED) if path.is_relative_to(BUNDLED) else path


def load_quiz(folder: Path) -> Quiz:
    """The quiz in ``folder``. Raises InputError with every problem of all its files."""
    head, questions = load_questions(folder)
    return assemble(folder, head, questions)


def load_questions(folder: Path, *, key: bool = True) -> tuple[QuizFile, list[Question]]:
    """The head and the questions of the quiz in ``folder``, with or without its key.

    Raises InputError with every problem of all its files.
    """
    head, _ = read_head(folder)
    questions: list[Question] = []
    problems: list[Problem] = []
    for name in head.questions:
        try:
            question, _ = read_question(folder, name, key=key)
            questions.append(question)
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return head, questions


def assemble(folder: Path, head: QuizFile, questions: list[Question]) -> Quiz:
    """The quiz of ``head`` with ``questions``, its digest taken over the files."""
    digest = hashlib.sha256()
    for path in [folder / QUIZ_FILE, *(question_path(folder, q.id) for q in questions)]:
        digest.update(read_bounded(path, MAX_BYTES))
    pictures = read_pictures(folder, questions)
    for name, content in sorted(pictures.items()):
        digest.update(name.encode() + hashlib.sha256(content).digest())
    return Quiz(
        id=head.id,
        title=head.title,
        questions=tuple(questions),
        settled_by=head.settled_by,
        digest=digest.hexdigest(),
        pictures=pictures,
    )


def read_head(folder: Path) -> tuple[QuizFile, Document]:
    """``quiz.yaml``. Raises InputError."""
    if not (folder / QUIZ_FILE).is_file():
        known = ", ".join(bundled_names())
        mend = f"name a bundled quiz ({known}) or a folder with a {QUIZ_FILE}"
        raise InputError([Problem(str(folder), 0, 0, f"no {QUIZ_FILE} here", mend)])
    return read_model(folder / QUIZ_FILE, _HEAD)


def read_question(folder: Path, name: str, *, key: bool = True) -> tuple[Question, Document]:
    """The question called ``name``, with or without its key: its file's name is its id.

    Raises InputError.
    """
    change = None if key else _without_key
    question, document = read_model(question_path(folder, name), _QUESTION, change)
    return question.model_copy(update={"id": name}), document


def _without_key(document: Document) -> Document:
    return document.changed(without_key(document.data))


def question_path(folder: Path, name: str) -> Path:
    return folder / f"{name}.yaml"
