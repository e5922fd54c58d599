"""A student's answers, checked in a notebook: the homework is done in one.

from quizproof.reports.notebook import check

check("hw09", {"q01": "a", "q04": ["a", "d"], "q22": {1: "him", 2: 0.73}})
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizproof.probes.engine.evidence.store import place_of
from quizproof.probes.engine.results import QuestionResult
from quizproof.questions.answers_file import given_answers
from quizproof.questions.files import write_whole
from quizproof.questions.problems import QuizproofError
from quizproof.questions.scoring import Policy
from quizproof.reports.given import SEED, one_of, seed_of
from quizproof.reports.measuring import By
from quizproof.reports.output_paths import page_in
from quizproof.reports.progress import Progress
from quizproof.reports.student.check import Judge, check_answers, language_of, to_answer
from quizproof.reports.student.check_phrases import totals
from quizproof.reports.student.check_result import CheckedQuiz
from quizproof.reports.student.check_text import check_text


@dataclass(frozen=True, repr=False)
class Check:
    """Answers, judged: a table where a notebook shows it, and text elsewhere."""

    quiz: CheckedQuiz
    language: str = "en"

    @property
    def marks(self) -> dict[str, str]:
        """The mark of each question."""
        return {item.question.id: str(item.mark) for item in self.quiz.questions}

    def save(self, folder: str | Path) -> Path:
        """Write the page as ``folder/index.html``. Raises OSError."""
        from quizproof.reports.student.check_page import render_check

        page = page_in(Path(folder))
        write_whole(page, render_check(self.quiz, self.language))
        return page

    def __repr__(self) -> str:
        return f"<{self.quiz.id}, checked: {'; '.join(totals(self.quiz)) or 'nothing'}>"

    def __str__(self) -> str:
        return check_text(self.quiz, [])

    def _repr_html_(self) -> str:
        from quizproof.reports.student.check_page import render_in_notebook

        return render_in_notebook(self.quiz, self.language)


def check(
    quiz: str | Path,
    answers: Mapping[Any, Any],
    *,
    pack: str | Path | None = None,
    evidence: str | Path | None = None,
    only: str | None = None,
    language: str = "en",
    policy: str = "all-or-nothing",
    seed: int = SEED,
    store: str | None = None,
) -> Check:
    """Judge ``answers`` to ``quiz``, from question to answer, as the command of this name does.

    ``quiz`` is the name of a bundled quiz or a folder; ``pack`` the folder of what is measured (the
    quiz's own, or the embedded pack); ``evidence`` a file of ``verify --evidence`` to judge from
    instead; ``store`` where evidence is kept (this user's cache), "none" for nowhere. An answer
    that cannot be read costs its own question.

    Raises QuizproofError for a quiz, a pack or a policy that is none.
    """
    asked = to_answer(str(quiz), only, None if evidence is None else Path(evidence))
    language = language_of(asked, language)
    judge = Judge(
        pack=None if pack is None else str(pack),
        evidence=None if evidence is None else Path(evidence),
        seed=seed_of(seed),
        store=place_of(store),
        policy=one_of(Policy, policy),
    )
    if not isinstance(answers, Mapping):
        raise QuizproofError("answers are a mapping from question to answer, as {'q15': 'a'}")
    every = [q.question for q in asked.linted.questions if q.question is not None]
    given = given_answers(answers, every, "answers")
    return Check(check_answers(asked, given, judge, By(), _display()), language)


class _Line(Progress):
    """One line in a notebook's cell, rewritten at each question and gone at the end."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._done, self._total, self._name = 0, 0, ""

    def start(self, total: int) -> None:
        from IPython.display import display

        self._total = total
        self._handle = display({"text/plain": ""}, raw=True, display_id=True)  # type: ignore[no-untyped-call]

    def question(self, id: str, number: int, of: str = "", most: int = 1) -> None:
        self._name = id
        self._show()

    def finished(self, result: QuestionResult, of: str = "") -> None:
        self._done += 1
        self._show()

    def __exit__(self, *raised: object) -> None:
        if self._handle is not None:
            self._handle.update({"text/plain": ""}, raw=True)

    def _show(self) -> None:
        line = f"measuring {self._name}: {self._done} of {self._total} are done"
        self._handle.update({"text/plain": line}, raw=True)


def _display() -> Progress:
    """Display of how far measuring is: a line in a notebook, nothing elsewhere."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is None or not hasattr(shell, "kernel"):  # plain Python, or IPython on a terminal
        return Progress()
    return _Line()
