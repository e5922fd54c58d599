"""``quizproof new``: a folder with a quiz that verifies, to be changed into one's own."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, cast

from quizproof.probes.beside import (
    PROBES_FILE,
    Beside,
    code_beside,
    declared_beside,
    probes_beside,
)
from quizproof.probes.catalogue import catalogue
from quizproof.probes.trust import trust
from quizproof.reports import exit_codes
from quizproof.reports.editor_schemas import SETTINGS, write_schemas
from quizproof.reports.output_paths import check_new_folder, check_parent
from quizproof.reports.starters.starter import Starter
from quizproof.reports.telling import tell

SUBJECTS: Final = ("function", "language", "pictures", "table")
_SCHEMAS: Final = ".quizproof"
_QUIZ: Final = """\
# yaml-language-server: $schema={schemas}/quiz.schema.json
id: {name}
title: {title}
points: 2
questions: [q01, q02]
# pack: ../course  # what is measured, from this folder; the embedded one where none is named
"""
_QUESTION: Final = "# yaml-language-server: $schema={schemas}/question.schema.json\n"
_IGNORED: Final = "__pycache__/\n.pytest_cache/\n.venv/\nreport/\n*.evidence\n"
_WORKFLOW: Final = """\
name: quiz
on: [push, pull_request]
jobs:
  verify:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {python-version: "3.12", cache: pip}
      # what runs here is this repository's own: whoever may change it may run code here anyway
      - run: python -m pip install 'quizproof[measure]' pytest
      - run: quizproof lint . --trust
      - run: python -m pytest test_probes.py
      - run: quizproof verify . --trust --report report
      - uses: actions/upload-artifact@v4
        if: always()
        with: {name: report, path: report}
"""


def new_quiz(folder: Path, about: str) -> int:
    """Make the quiz in ``folder``, which is new or empty; returns the exit code.

    Raises QuizproofError for a folder that is not.
    """
    check_new_folder(folder)
    check_parent(folder)
    starter = starter_of(about)
    with TemporaryDirectory(dir=folder.absolute().parent) as beside:
        whole = Path(beside) / "quiz"
        for name, content in files_of(starter, _name(folder)).items():
            (whole / name).parent.mkdir(parents=True, exist_ok=True)
            (whole / name).write_text(content, encoding="utf-8")
        code = code_beside(whole)
        assert code is not None
        own = declared_beside(code)
        assert isinstance(own, Beside), own
        write_schemas(whole / _SCHEMAS, {**probes_beside(own), **catalogue()})
        if folder.exists():
            folder.rmdir()
        whole.replace(folder)
    trust(folder, code.digest)
    tell(f"{folder}: two questions, one of them with a wrong key, and a probe with its test")
    tell(
        f"{folder / PROBES_FILE} is trusted, since it was made here; after a change of it: "
        f"quizproof trust {folder}"
    )
    tell(f"next: quizproof verify {folder}")
    return exit_codes.NOTHING_TO_COMPLAIN_OF


def starter_of(about: str) -> Starter:
    """What a quiz ``about`` one of ``SUBJECTS`` begins with."""
    return cast(Starter, import_module(f"quizproof.reports.starters.{about}").STARTER)


def files_of(starter: Starter, name: str) -> dict[str, str]:
    """The files of the quiz called ``name``, but for the schemas."""
    head = _QUESTION.format(schemas=_SCHEMAS)
    settings = {f"{_SCHEMAS}/{schema}": files for schema, files in SETTINGS.items()}
    return {
        "quiz.yaml": _QUIZ.format(schemas=_SCHEMAS, name=name, title=starter.title),
        "q01.yaml": f"{head}{starter.right}",
        "q02.yaml": f"{head}{starter.wrong}",
        PROBES_FILE: starter.probes,
        "test_probes.py": starter.test,
        **starter.files,
        ".gitignore": _IGNORED,
        ".vscode/settings.json": json.dumps({"yaml.schemas": settings}, indent=2) + "\n",
        ".github/workflows/quiz.yml": _WORKFLOW,
    }


def _name(folder: Path) -> str:
    """An id for the quiz: the folder's name as far as one may be."""
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in folder.resolve().name.lower())
    return kept.strip("-") or "quiz"
