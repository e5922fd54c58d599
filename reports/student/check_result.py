"""A quiz's answers, checked: what every form of telling a student is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quizproof.probes.engine.results import Run
from quizproof.questions.problems import Problem
from quizproof.questions.scoring import Policy
from quizproof.questions.spec import Text
from quizproof.reports import exit_codes
from quizproof.reports.student.marking import JUDGED, OPEN, Checked, Mark, Total, total


@dataclass(frozen=True)
class CheckedQuiz:
    """Nothing in it depends on the quiz's key."""

    id: str
    title: Text
    policy: Policy
    questions: Sequence[Checked]
    problems: Sequence[Problem]  # of the answers
    broken: Sequence[Problem]  # of the quiz
    run: Run  # what was measured; its quiz's digest is that of files with the key, and is not told

    @property
    def settled(self) -> Total:
        """The total by the model that is asked about, or by any."""
        return total(self.questions, JUDGED, stand_in=False)

    @property
    def stand_in(self) -> Total:
        """The total by another model."""
        return total(self.questions, JUDGED, stand_in=True)

    @property
    def open(self) -> Total:
        """The total of what nothing was found out of."""
        return total(self.questions, OPEN)

    @property
    def unanswered(self) -> Total:
        return total(self.questions, (Mark.NOT_ANSWERED, Mark.NOT_READ))

    @property
    def left_empty(self) -> Total:
        return total(self.questions, (Mark.NOT_ANSWERED,))

    @property
    def unread(self) -> Total:
        return total(self.questions, (Mark.NOT_READ,))

    def agreeing(self, *, stand_in: bool) -> tuple[int, int]:
        """The answers that agree and all that are judged, on a stand-in or as settled."""
        marks = [c.mark for c in self.questions if c.mark in JUDGED and c.stand_in is stand_in]
        return marks.count(Mark.AGREES), len(marks)

    @property
    def exit_code(self) -> int:
        """The worst thing first; an answer differs where that is settled."""
        if self.run.stopped:
            return exit_codes.STOPPED + self.run.stopped
        if any(item.mark is Mark.DIFFERS and not item.stand_in for item in self.questions):
            return exit_codes.ANSWER_DIFFERS
        if self.problems or self.broken:
            return exit_codes.WRONG_INPUT
        if any(item.failed for item in self.questions):
            return exit_codes.PROGRAM_FAILED
        return exit_codes.NOTHING_TO_COMPLAIN_OF
