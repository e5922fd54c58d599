"""Writing a quiz for other systems and reading theirs, with what was lost on the way told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from quizproof.questions.exchange.exchanged import Exchanged
from quizproof.questions.exchange.forms import FORMS, Form, read_quizzes
from quizproof.questions.exchange.languages import ALL, in_language, text_in
from quizproof.questions.exchange.losses import losses
from quizproof.questions.exchange.naming import quiz_id
from quizproof.questions.files import write_whole
from quizproof.questions.languages import quiz_languages
from quizproof.questions.problems import InputError, QuizproofError, one_line
from quizproof.questions.quiz import bundled_quiz, load_quiz, question_path, read_question
from quizproof.questions.scoring import key_answer
from quizproof.questions.spec import Question, Quiz, QuizFile
from quizproof.questions.write_quiz import write_quiz
from quizproof.reports import exit_codes
from quizproof.reports.classroom.autograder_package import autograder_package
from quizproof.reports.output_paths import check_new_folder, check_outputs, check_parent
from quizproof.reports.telling import tell


def export_quiz(quiz: str, output: Path, form: str, language: str) -> int:
    """Write ``quiz`` to ``output``; returns the exit code. Raises QuizproofError, OSError."""
    asked = load_quiz(bundled_quiz(quiz))
    there = quiz_languages(asked.title, asked.questions)
    if language not in (ALL, *there):
        has = f"it names {', '.join(there)}" if there else "it names none; leave --language out"
        raise QuizproofError(f"no text of {asked.id} is in the language '{language}'; {has}")
    if form == "gradescope":
        return _export_autograder(asked, bundled_quiz(quiz), output)
    chosen = FORMS[form]
    path = _file(output, f"{asked.id}{chosen.suffix}")
    content, notes_ = chosen.write(_in_language(asked, language))
    with TemporaryDirectory() as passing:
        written = Path(passing) / path.name
        written.write_bytes(content)
        back = _read_back(written, chosen, notes_)
    write_whole(path, content)
    notes_ += losses(asked.questions, back, language)
    tell(f"{path}: {len(back)} questions for {chosen.what}")
    _print_notes("cannot be held", notes_)
    return exit_codes.NOTHING_TO_COMPLAIN_OF


def _export_autograder(quiz: Quiz, folder: Path, output: Path) -> int:
    path = _file(output, f"{quiz.id}-autograder.zip")
    write_whole(path, autograder_package(folder))
    tell(f"{path}: an autograder for Gradescope, with the quiz and its key")
    without = [q.id for q in quiz.questions if key_answer(q) is None]
    _print_notes("not graded", [f"{name}: it has no key" for name in without])
    return exit_codes.NOTHING_TO_COMPLAIN_OF


def _file(output: Path, name: str) -> Path:
    """``output``, or the file called ``name`` in it. Raises QuizproofError."""
    path = output / name if output.is_dir() else output
    check_outputs([path])
    return path


def import_quiz(file: Path, output: Path) -> int:
    """Write the quizzes in ``file`` as folders; returns the exit code.

    One quiz becomes the folder ``output``, several become folders in it. Raises QuizproofError,
    OSError.
    """
    check_new_folder(output)
    check_parent(output)
    quizzes = read_quizzes(file)
    with TemporaryDirectory(dir=output.absolute().parent) as beside:
        whole = Path(beside) / "quizzes"
        whole.mkdir()
        notes_ = list(_write_all(quizzes, whole, output))
        whole.replace(output)
    for line, notes in notes_:
        tell(line)
        _print_notes("not taken over, or otherwise", notes)
    return exit_codes.NOTHING_TO_COMPLAIN_OF


def _in_language(quiz: Quiz, language: str) -> Exchanged:
    questions = tuple(in_language(question, language) for question in quiz.questions)
    return Exchanged(quiz.id, text_in(quiz.title, language), questions)


def _read_back(written: Path, form: Form, notes_: list[str]) -> tuple[Question, ...]:
    """The questions that the file holds; where it can hold none of them, ``told`` says so."""
    try:
        (back,) = read_quizzes(written)
    except QuizproofError as error:
        notes_.append(one_line(str(error).replace(str(written), form.what)))
        return ()
    return back.questions


def _write_all(
    quizzes: Sequence[Exchanged], whole: Path, output: Path
) -> Iterator[tuple[str, list[str]]]:
    """Write each quiz; a line about it, and its notes."""
    taken: set[str] = set()
    for place, quiz in enumerate(quizzes, 1):
        name = quiz.id or quiz_id(output.name) or "imported"
        if len(quizzes) > 1:
            name = quiz.id if quiz.id and quiz.id not in taken else f"quiz{place}"
        taken.add(name)
        folder = whole / name if len(quizzes) > 1 else whole
        folder.mkdir(exist_ok=True)
        kept, notes = _write(quiz, name, folder)
        shown = output / name if len(quizzes) > 1 else output
        yield f"{shown}: {kept} questions without probes", [*quiz.notes, *notes]


def _write(quiz: Exchanged, name: str, folder: Path) -> tuple[int, list[str]]:
    """Write the questions that read back as themselves; how many, and a line for each other."""
    kept: list[Question] = []
    notes = []
    head = QuizFile(id=name, title=quiz.title, questions=[q.id for q in quiz.questions])
    write_quiz(folder, head, quiz.questions)
    for question in quiz.questions:
        try:
            again, _ = read_question(folder, question.id)
            if again == question:
                kept.append(question)
                continue
            why = "it is not read back the same"
        except InputError as error:
            why = f"{error.problems[0].what}; {error.problems[0].mend}"
        question_path(folder, question.id).unlink()
        notes.append(f"{question.id}: not taken over: {one_line(why)}")
    if not kept:
        raise QuizproofError(f"{name}: no question that can be kept; {notes[0]}")
    write_quiz(folder, head.model_copy(update={"questions": [q.id for q in kept]}), ())
    return len(kept), notes


def _print_notes(what: str, notes: Sequence[str]) -> None:
    if notes:
        tell(f"  {what}:")
    for note in notes:
        tell(f"  - {one_line(note)}")
