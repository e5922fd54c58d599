"""A quiz as it is handed out: everything but what its key expects.

Each file is made of what was read with the key taken out of it, and of nothing else: no comment, no
digest and no time of the teacher's files is in it. So two quizzes that differ in their keys alone
come out the same, byte for byte.
"""

from __future__ import annotations

from pathlib import Path

from quizproof.questions.pictures import named_pictures, read_pictures
from quizproof.questions.quiz import bundled_quiz, load_questions
from quizproof.questions.write_quiz import write_quiz
from quizproof.reports import exit_codes
from quizproof.reports.numbers import counted
from quizproof.reports.output_paths import check_new_folder
from quizproof.reports.telling import tell


def export_for_students(quiz: str, folder: Path) -> int:
    """Write ``quiz`` without its key as ``folder``, which is new or empty; gives the exit code.

    Raises QuizproofError.
    """
    origin = bundled_quiz(quiz)
    head, questions = load_questions(origin, key=False)
    pictures = read_pictures(origin, questions)
    check_new_folder(folder)  # what lies in it might be handed out as well
    folder.mkdir(parents=True, exist_ok=True)
    write_quiz(folder, head.model_copy(update={"without_key": True}), questions, pictures)
    tell(f"{folder}: {counted(len(questions), 'question')} without a key")
    if lacking := [name for name in named_pictures(questions) if name not in pictures]:
        tell(f"pictures that cannot be read are not in it: {', '.join(lacking)}")
    if head.pack is not None:
        where = origin / head.pack
        tell(f"the pack it is measured on, {head.pack}, is not in it: hand out {where} beside it")
    tell(f"hand it out as it is; answers are judged with: quizproof check {folder} ANSWERS")
    return exit_codes.NOTHING_TO_COMPLAIN_OF
