"""``quizproof copy``: the files of a quiz in a folder of one's own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from quizproof.questions.files import write_whole
from quizproof.questions.pictures import read_pictures
from quizproof.questions.problems import InputError
from quizproof.questions.quiz import PACK_FILE, QUIZ_FILE, bundled_quiz, read_head, read_question
from quizproof.questions.spec import Question, QuizFile
from quizproof.reports import exit_codes
from quizproof.reports.output_paths import check_new_folder, check_parent
from quizproof.reports.telling import tell


def copy_quiz(quiz: str, folder: Path) -> int:
    """Copy the files of ``quiz`` into ``folder``, which is new; returns the exit code.

    Raises QuizproofError for a quiz that is none, or a folder that is not empty.
    """
    origin = bundled_quiz(quiz)
    head, _ = read_head(origin)
    check_new_folder(folder)
    check_parent(folder)
    files = sorted(path for path in origin.glob("*.yaml") if path.is_file())
    with TemporaryDirectory(dir=folder.absolute().parent) as beside:
        whole = Path(beside) / "quiz"
        whole.mkdir()
        for path in files:
            shutil.copyfile(path, whole / path.name)
        for name, content in read_pictures(origin, _readable(origin, head)).items():
            (whole / name).parent.mkdir(parents=True, exist_ok=True)
            write_whole(whole / name, content)
        if folder.exists():
            folder.rmdir()
        whole.replace(folder)
    tell(f"{head.id}: {len(files)} files in {folder}; change them, then: quizproof lint {folder}")
    if head.pack is not None and not (folder / head.pack / PACK_FILE).is_file():
        tell(f"its pack lies at {origin / head.pack}: mend 'pack' in {folder / QUIZ_FILE}")
    return exit_codes.NOTHING_TO_COMPLAIN_OF


def _readable(origin: Path, head: QuizFile) -> Iterator[Question]:
    """The questions that can be read: one that is broken is copied, to be mended."""
    for name in head.questions:
        with suppress(InputError):
            yield read_question(origin, name)[0]
