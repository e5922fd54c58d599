"""Writing a quiz for other systems and reading theirs, with what was lost on the way told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from quizproof.questions.exchange.exchanged import Exchanged, Outcome, Row
from quizproof.questions.exchange.forms import FORMS, Form, read_quizzes
from quizproof.questions.exchange.languages import ALL, in_language, text_in
from quizproof.questions.exchange.losses import losses
from quizproof.questions.exchange.naming import quiz_id
from quizproof.questions.files import write_whole
from quizproof.questions.languages import quiz_languages
from quizproof.questions.pictures import PictureError, named_pictures, sound
from quizproof.questions.problems import InputError, QuizproofError, one_line
from quizproof.questions.quiz import bundled_quiz, load_quiz, question_path, read_question
from quizproof.questions.scoring import key_answer
from quizproof.questions.spec import Question, Quiz, QuizFile
from quizproof.questions.write_quiz import write_quiz
from quizproof.reports import exit_codes
from quizproof.reports.classroom.autograder_package import autograder_package
from quizproof.reports.numbers import counted
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
    quiz_there, unseen = _in_language(asked, language)
    content, notes_ = chosen.write(quiz_there)
    notes_ += unseen
    with TemporaryDirectory() as passing:
        written = Path(passing) / path.name
        written.write_bytes(content)
        back = _read_back(written, chosen, notes_)
    write_whole(path, content)
    notes_ += losses(asked.questions, back, language)
    tell(f"{path}: {counted(len(back), 'question')} for {chosen.what}")
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

    One quiz becomes the folder ``output``, several become folders in it. What cannot be read is
    told, and costs nothing else. Raises QuizproofError, OSError.
    """
    check_new_folder(output)
    check_parent(output)
    quizzes = read_quizzes(file)
    with TemporaryDirectory(dir=output.absolute().parent) as beside:
        whole = Path(beside) / "quizzes"
        whole.mkdir()
        written = list(_write_all(quizzes, whole, output))
        if not any(kept for _, kept, _ in written):
            row = next(row for _, _, rows in written for row in rows if row.why)
            raise QuizproofError(f"{file}: no question that can be kept; {row}")
        whole.replace(output)
    for place, kept, rows in written:
        counted_ = f"{kept} of {counted(_asked(rows), 'question')} taken over, without probes"
        tell(f"{place}: {counted_ if kept else 'nothing taken over'}")
        _print_table(rows)
    rows = [row for _, _, those in written for row in those]
    left_out = any(row.outcome is Outcome.LEFT_OUT for row in rows)
    return exit_codes.WRONG_INPUT if left_out else exit_codes.NOTHING_TO_COMPLAIN_OF


def _in_language(quiz: Quiz, language: str) -> tuple[Exchanged, list[str]]:
    """``quiz`` as it is written, and a line for each picture that cannot be."""
    questions = tuple(in_language(question, language) for question in quiz.questions)
    pictures, unseen = {}, []
    for name in named_pictures(questions):
        try:
            sound(quiz.pictures.get(name, b""))
        except PictureError as error:
            unseen.append(f"{name}: {error}" if name in quiz.pictures else f"{name}: is not there")
        else:
            pictures[name] = quiz.pictures[name]
    title = text_in(quiz.title, language)
    return Exchanged(quiz.id, title, questions, pictures=pictures), unseen


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
) -> Iterator[tuple[str, int, list[Row]]]:
    """Write each quiz; where, how many of its questions, and what became of each."""
    taken: set[str] = set()
    for place, quiz in enumerate(quizzes, 1):
        if not quiz.questions:
            yield one_line(quiz.title.en, 80), 0, list(quiz.rows)
            continue
        name = quiz.id or quiz_id(output.name) or "imported"
        if len(quizzes) > 1:
            name = quiz.id if quiz.id and quiz.id not in taken else f"quiz{place}"
        taken.add(name)
        folder = whole / name if len(quizzes) > 1 else whole
        folder.mkdir(exist_ok=True)
        kept, unkept = _write(quiz, name, folder)
        rows = [_unkept(row, unkept) for row in quiz.rows]
        if not kept:
            rmtree(folder)
        yield str(output / name if len(quizzes) > 1 else output), kept, rows


def _write(quiz: Exchanged, name: str, folder: Path) -> tuple[int, dict[str, str]]:
    """Write the questions that read back as themselves; how many, and why not by each other."""
    kept: list[str] = []
    unkept = {}
    head = QuizFile(id=name, title=quiz.title, questions=[q.id for q in quiz.questions])
    write_quiz(folder, head, quiz.questions, quiz.pictures)
    for question in quiz.questions:
        try:
            again, _ = read_question(folder, question.id)
            if again == question:
                kept.append(question.id)
                continue
            why = "it is not read back the same"
        except InputError as error:
            why = f"{error.problems[0].what}; {error.problems[0].mend}"
        question_path(folder, question.id).unlink()
        unkept[question.id] = one_line(why)
    if kept:
        write_quiz(folder, head.model_copy(update={"questions": kept}), ())
    return len(kept), unkept


def _unkept(row: Row, unkept: Mapping[str, str]) -> Row:
    """``row``, that of a question which could not be kept as such."""
    why = unkept.get(row.what.partition(",")[0])
    return row if why is None else replace(row, outcome=Outcome.LEFT_OUT, why=(why,))


def _asked(rows: Sequence[Row]) -> int:
    """The questions that the file has, taken over or not."""
    return sum(row.question for row in rows)


def _print_table(rows: Sequence[Row]) -> None:
    """What became of each question, and why."""
    cells = [(one_line(row.what), str(row.outcome), one_line("; ".join(row.why))) for row in rows]
    first, second = (max((len(row[at]) for row in cells), default=0) for at in (0, 1))
    for what, outcome, why in cells:
        tell(f"  {what:{min(first, 60)}}  {outcome:{second}}  {why}".rstrip())


def _print_notes(what: str, notes: Sequence[str]) -> None:
    if notes:
        tell(f"  {what}:")
    for note in notes:
        tell(f"  - {one_line(note)}")
