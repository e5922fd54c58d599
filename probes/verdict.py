"""From what was measured to what it says of the expected answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quizproof.probes.judge import Finding
from quizproof.probes.measure import Measured
from quizproof.probes.results import State
from quizproof.questions.problems import Problem, one_line
from quizproof.questions.spec import (
    Answer,
    Blanks,
    DropDowns,
    Question,
    SingleChoice,
    expected_answer,
)


def measured_answer(question: Question, measured: Measured) -> tuple[Answer | None, str]:
    """What the measurement answers; None with the reason where it leaves the answer open."""
    findings = measured.findings
    open_ = [option for option, finding in findings.items() if finding.holds is None]
    if open_:
        return None, _why_open(open_, measured)
    if isinstance(question, Blanks):
        return tuple(measured.measurements[b.measure].value for b in question.blanks.values()), ""
    holding = tuple(option for option, finding in findings.items() if finding.holds)
    if isinstance(question, DropDowns):
        for part, down in question.parts.items():
            held = [option for option in down.options if findings[part + option].holds]
            if len(held) != 1:
                return None, f"in part {part}, {_how_many(held)}, where one was to be chosen"
        return holding, ""
    wanted = 1 if isinstance(question, SingleChoice) else question.choose
    if wanted is not None and len(holding) != wanted:
        return None, f"{_how_many(holding)}, where {wanted} {_were(wanted)} to be chosen"
    return holding, ""


def verdict(
    question: Question, measured: Measured, *, settles: bool, key: Sequence[Problem]
) -> tuple[State, Answer | None, str]:
    """State, measured answer and reason for a question that was measured.

    ``settles`` tells whether this evidence may confirm or contradict; ``key`` is what lint said of
    the expected answer.
    """
    answer, open_because = measured_answer(question, measured)
    if key:
        reason = "; ".join(f"{problem.what}: {problem.mend}" for problem in key)
        return State.KEY_INVALID, answer, reason
    if answer is None:
        return State.UNDECIDED, None, open_because
    stands = _stands(question, answer, measured.findings)
    if stands:
        reason = f"measured {told(answer)}, as expected"
    else:
        reason = f"measured {told(answer)}, expected {told(expected_answer(question) or ())}"
    if settles:
        return State.CONFIRMED if stands else State.CONTRADICTED, answer, reason
    state = State.STAND_IN_AGREES if stands else State.STAND_IN_DIFFERS
    return state, answer, f"{reason}, on a stand-in"


def told(answer: Answer) -> str:
    """An answer as a person reads it."""
    return one_line(", ".join(f"{v:.4g}" if isinstance(v, float) else v for v in answer)) or "none"


def _stands(question: Question, answer: Answer, findings: Mapping[str, Finding]) -> bool:
    if isinstance(question, Blanks):
        return all(finding.holds for finding in findings.values())
    return answer == expected_answer(question)


def _why_open(open_: Sequence[str], measured: Measured) -> str:
    if measured.doubt:
        return measured.doubt
    draws = f"{measured.draws} draw{'s' if measured.draws != 1 else ''}"
    return f"option {', '.join(open_)} still open after {draws}"


def _how_many(held: Sequence[str]) -> str:
    if not held:
        return "no option holds"
    return f"option {held[0]} holds" if len(held) == 1 else f"options {', '.join(held)} hold"


def _were(wanted: int) -> str:
    return "was" if wanted == 1 else "were"
