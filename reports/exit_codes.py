"""The program's exit codes, and how a run comes to one of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quizproof.probes.engine.results import Run

NOTHING_TO_COMPLAIN_OF = 0
KEY_WRONG = 1  # an expected answer is contradicted or invalid, or an answer changed
ANSWER_DIFFERS = 1  # a student's, from what was measured
WRONG_INPUT = 2  # the command or a file is wrong
LEFT_OPEN = 3  # with --strict: undecided, missing or stand-in
PROGRAM_FAILED = 4  # the program, or a probe, failed
INTERRUPTED = 130
STOPPED = 128  # and the number of the signal that ended it: 130 interrupted, 143 ended, 129 hung up

_WORST_FIRST = (KEY_WRONG, WRONG_INPUT, PROGRAM_FAILED, LEFT_OPEN)


def exit_code(run: Run, *, broken: bool, strict: bool) -> int:
    """The code for ``run``, the worst thing first; ``broken``: a question's file is wrong."""
    from quizproof.probes.engine.results import State

    if run.stopped:
        return STOPPED + run.stopped
    states = run.standing_out
    if states & {State.CONTRADICTED, State.KEY_INVALID}:
        return KEY_WRONG
    if broken:
        return WRONG_INPUT
    if State.FAILED in states:
        return PROGRAM_FAILED
    if strict and states - {State.CONFIRMED}:
        return LEFT_OPEN
    return NOTHING_TO_COMPLAIN_OF


def worst(codes: Iterable[int]) -> int:
    """The code of many runs, the worst thing first as in one."""
    found = set(codes)
    return next((code for code in _WORST_FIRST if code in found), NOTHING_TO_COMPLAIN_OF)
