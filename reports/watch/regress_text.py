"""A comparison with a baseline as the terminal shows it."""

from __future__ import annotations

from collections.abc import Sequence

from quizproof.probes.engine.drift import Drift
from quizproof.questions.problems import one_line
from quizproof.reports.numbers import counted
from quizproof.reports.telling import text_of
from quizproof.reports.watch.regression import Compared, Regression

WORST_FIRST = (
    Drift.FLIPPED,
    Drift.LOST,
    Drift.FOUND,
    Drift.MOVED,
    Drift.NOT_COMPARED,
    Drift.SAME,
)
_TO_DO = {
    Drift.FLIPPED: "look at old and new side by side; then correct the key, or put the change back",
    Drift.LOST: "see why it is not decided any more; put the change back, or allow more draws",
    Drift.FOUND: "look at the answer; where it is right, make a new baseline",
    Drift.MOVED: "no answer changed; where the move is meant, make a new baseline",
    Drift.NOT_COMPARED: "see why, then make a new baseline",
}


def regress_text(regression: Regression, written: Sequence[str]) -> str:
    """Lines for a terminal, ending in a newline."""
    run, baseline = regression.run, regression.baseline
    lines = []
    if regression.interrupted:
        lines.append(f"interrupted: {len(run.results)} of {run.asked} questions were measured")
    lines.append(
        f"{run.quiz.id} on pack {one_line(run.pack_name)} against the baseline on pack "
        f"{baseline.pack.name}: {counted(len(regression.compared), 'question')}"
    )
    for drift in WORST_FIRST:
        if not (those := regression.of(drift)):
            continue
        lines.append(f"  {len(those):3d} {drift:<12} {' '.join(each.id for each in those)}")
        lines += [
            f"      {each.id}: {one_line(each.why.en)}" for each in those if needs_a_reason(each)
        ]
        if drift in _TO_DO:
            lines.append(f"      to do: {_TO_DO[drift]}")
    if len(regression.of(Drift.NOT_COMPARED)) == len(regression.compared):
        lines.append("  nothing could be compared")
    if regression.left_out:
        lines.append(
            f"  not in the baseline, which is of {counted(len(baseline.questions), 'question')}, "
            f"and left out: {' '.join(regression.left_out)}"
        )
    if regression.changes and len(regression.of(Drift.SAME)) < len(regression.compared):
        lines.append("  different from the baseline:")
        lines += [
            "      " + one_line(f"{change.what} {change.then or 'none'} → {change.now or 'none'}")
            for change in regression.changes
        ]
    lines += [f"written: {what}" for what in written]
    return text_of(lines)


def needs_a_reason(each: Compared) -> bool:
    """True where there is anything to say of a question."""
    if each.drift is not Drift.SAME or each.then is None or each.now is None:
        return True
    return each.now.accepted is not None
