"""Summary of a run on the terminal once it is done: what is proven, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quizproof.probes.engine.results import Outcome, QuestionResult, Run, State
from quizproof.probes.engine.zero_line import ZeroLine
from quizproof.questions.problems import one_line
from quizproof.reports.advice import advice
from quizproof.reports.numbers import counted
from quizproof.reports.sentence import told_by_probe
from quizproof.reports.telling import text_of

# of these every question says why on a line of its own
_WITH_REASON = (
    State.CONTRADICTED,
    State.KEY_INVALID,
    State.FAILED,
    State.UNDECIDED,
    State.STAND_IN_DIFFERS,
    State.MISSING,
)
_STAND_INS = (State.STAND_IN_DIFFERS, State.STAND_IN_AGREES)
_TO_DO = {
    State.CONTRADICTED: "look at the evidence, then correct the key",
    State.KEY_INVALID: "correct the question's file",
    State.FAILED: "mend what the reason names",
    State.UNDECIDED: "",  # by what was found
    State.MISSING: "add what each reason names",
    State.STAND_IN_DIFFERS: "measure the model the quiz is about (--pack): this was a stand-in",
    State.STAND_IN_AGREES: "measure the model the quiz is about (--pack): this was a stand-in",
    State.CONFIRMED: "nothing",
}


def summary_text(run: Run, written: Sequence[str]) -> str:
    """Lines for a terminal, ending in a newline."""
    lines = []
    if not run.whole:
        lines.append(f"interrupted: {len(run.results)} of {run.asked} questions were measured")
    lines.append(f"{run.quiz.id} on pack {run.pack_name}: {counted(len(run.results), 'question')}")
    for state in _TO_DO:
        those = [result for result in run.results if result.state is state]
        if not those:
            continue
        names = " ".join(result.question.id for result in those)
        lines.append(f"  {len(those):3d} {state:<16} {names}")
        if state in _WITH_REASON:
            lines += [line for result in those for line in _why(result, run)]
        left = [result for result in those if result.accepted is None or not result.accepted.holds]
        lines += [f"      to do: {to_do}" for to_do in _to_do(state, left)]
    lines += _zero_line(run)
    lines += [f"note: {note}" for note in run.notes]
    lines += [f"written: {what}" for what in written]
    return text_of(lines)


def _why(result: QuestionResult, run: Run) -> Iterator[str]:
    """The reason, and where the key is wrong or no option fits, what was measured instead."""
    yield f"      {result.question.id}: {result.reason.en}{_accepted(result)}"
    instead = result.finding in (Outcome.RULED_OUT, Outcome.NONE_FITS)
    nothing_else = instead and not result.measured and not _any_open(result)
    if (result.state is State.CONTRADICTED or nothing_else) and (
        found := told_by_probe(result, run)
    ):
        yield f"        {one_line(found.en)}"


def _any_open(result: QuestionResult) -> bool:
    findings = result.measurement.findings.values() if result.measurement else ()
    return any(finding.holds is None for finding in findings)


def _to_do(state: State, left: Sequence[QuestionResult]) -> list[str]:
    """What to do about those in one state; of undecided ones, by what was found of each."""
    if state is State.CONFIRMED or not left:
        return []
    of_state = []
    if state is not State.UNDECIDED:
        of_state = [f"{_TO_DO[state]}{_places(state, left)}{_unnamed(left)}"]
    by_advice: dict[str, list[str]] = {}
    for result in left:
        said = advice(result)
        by_advice.setdefault(said.en if said else "", []).append(result.question.id)
    return of_state + [f"{said}: {' '.join(names)}" for said, names in by_advice.items() if said]


def _places(state: State, those: Sequence[QuestionResult]) -> str:
    """Name the files and lines of keys that were contradicted, and of calls that failed."""
    if state is State.CONTRADICTED:
        places = [result.key_at for result in those if result.key_at]
    else:
        places = [result.probe_at for result in those if result.probe_at]
    return f": {' '.join(places)}" if places else ""


def _accepted(result: QuestionResult) -> str:
    return "" if result.accepted is None else f"; {result.accepted.why.en}"


def _unnamed(those: Sequence[QuestionResult]) -> str:
    """Name the questions about a model that no evidence settles, whatever is measured."""
    names = [r.question.id for r in those if r.unnamed and r.state in _STAND_INS]
    if not names:
        return ""
    return f"; first name it under settled_by in quiz.yaml for {' '.join(names)}"


def _open(line: ZeroLine) -> str:
    return f", {line.open} open" if line.open else ""


def _zero_line(run: Run) -> list[str]:
    """Name verdicts about a model that say little: models that learned nothing say the same."""
    lines_of_models = [
        f"{result.question.id} ({line.same} of {len(line.answers)}{_open(line)})"
        for result in run.results
        if (line := result.zero_line) and line.same
    ]
    if not lines_of_models:
        return []
    return [
        "  the same on models that learned nothing, so that it says little of this one:",
        f"      {', '.join(lines_of_models)}",
    ]
