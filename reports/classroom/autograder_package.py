"""An autograder for Gradescope: a zip with the quiz, its key, and what grades by it.

Gradescope has no form for the contents of a quiz; a programming assignment with an autograder is
how it grades files that students hand in. The zip has all of the program that it takes, so that
what grades there is what was tried here; it installs two libraries and no torch.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import quizproof.questions as questions_room
import quizproof.reports as reports_room
from quizproof.questions.quiz import QUIZ_FILE, load_quiz, question_path

_EPOCH = (1980, 1, 1, 0, 0, 0)
_CLASSROOM = ("__init__.py", "autograder.py", "gradebook.py", "spreadsheet.py")
_REPORTS = ("__init__.py", *(f"classroom/{name}" for name in _CLASSROOM))
_SETUP = """\
#!/usr/bin/env bash
set -euo pipefail
apt-get update
apt-get install -y python3.11 python3.11-venv
python3.11 -m venv /opt/quizproof
/opt/quizproof/bin/pip install "pydantic>=2.10" "pyyaml>=6.0"
"""
# --policy may be changed here: all-or-nothing, partial-credit or per-blank
_RUN = """\
#!/usr/bin/env bash
set -u
cd /autograder/source
PYTHONPATH=/autograder/source exec /opt/quizproof/bin/python \\
    -m quizproof.reports.classroom.autograder \\
    quiz /autograder/submission /autograder/results/results.json --policy all-or-nothing
"""


def autograder_package(folder: Path) -> bytes:
    """The zip for the quiz in ``folder``. Raises InputError for a quiz with mistakes."""
    package = io.BytesIO()
    with ZipFile(package, "w", ZIP_DEFLATED) as zip_:
        for name, content in _files(folder):
            info = ZipInfo(name, _EPOCH)
            executable = name in ("setup.sh", "run_autograder")
            info.external_attr = (0o100755 if executable else 0o100644) << 16
            zip_.writestr(info, content, ZIP_DEFLATED)
    return package.getvalue()


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    yield "setup.sh", _SETUP.encode()
    yield "run_autograder", _RUN.encode()
    yield f"quiz/{QUIZ_FILE}", (folder / QUIZ_FILE).read_bytes()
    for question in load_quiz(folder).questions:
        path = question_path(folder, question.id)
        yield f"quiz/{path.name}", path.read_bytes()
    for path in sorted(Path(questions_room.__path__[0]).glob("*.py")):
        yield f"quizproof/questions/{path.name}", path.read_bytes()
    for name in _REPORTS:
        yield f"quizproof/reports/{name}", (Path(reports_room.__path__[0]) / name).read_bytes()
