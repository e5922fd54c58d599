"""Drift of a question's measurement between two runs, by more than its noise explains.

Both runs keep, for every option on every model, the interval in which its margin lies: a confidence
sequence where draws decide (betting, Waudby-Smith & Ramdas 2024, arXiv 2010.09686), the value
± the probe's tolerance where one draw is exact. A margin *moved* when the two intervals have no
point in common.

Why that test, and not a t-test or a permutation test: each run stops drawing as soon as it has
decided, so how many draws there are depends on what was drawn, and the tests made for a number of
draws fixed beforehand are then wrong more often than they say. A confidence sequence holds at every
time at once, so also at the time at which its run stopped, whatever made it stop (Howard et al.
2021, arXiv 1810.08240, section 1). If nothing changed, both intervals hold the same margin but for
their errors: with intervals at error e₁ and e₂ they are disjoint with probability at most e₁ + e₂.
The two runs need not be independent of one another: the same seed may serve both.

The error is shared: a whole comparison may be wrong with probability ``error``, half of it in each
run, a question of n takes the nth part (``question_error``), and within a question the judge shares
that over models and comparisons. So of a quiz in which nothing changed, some margin is said to have
moved, or some answer to have flipped, with probability at most ``error``.

An answer was *lost* or *found* when one run decides it and the other does not, though no option
flipped: that may be chance, which decides how soon a run is sure, and no part of the error above.

An option *flipped* when one run shows that it holds and the other that it does not, each on every
model it was measured on: what one model alone says is no answer of the question. Each of the two
findings is wrong only where its confidence sequence is, so that this costs no error of its own; and
a change that crosses the threshold is seen whenever both runs decide, even where the two intervals,
which end at the threshold, have it in common.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from quizproof.probes.engine.judge import Finding
from quizproof.probes.engine.results import QuestionResult
from quizproof.questions.rules import Interval
from quizproof.questions.spec import Blanks

ERROR = 0.01  # of a whole comparison

Filling: TypeAlias = str | Interval


class Drift(StrEnum):
    """Change of a question since the other run."""

    SAME = "same"
    MOVED = "moved"
    FLIPPED = "flipped"
    LOST = "lost"  # an answer was measured then, and none is decided now
    FOUND = "found"  # the reverse
    NOT_COMPARED = "not compared"


_RANK = (Drift.SAME, Drift.MOVED, Drift.FLIPPED)


@dataclass(frozen=True)
class Standing:
    """Findings of one run about a question, as far as they are compared."""

    models: Sequence[Mapping[str, Finding]]  # by option, of each model it was measured on
    blanks: Mapping[str, Filling] = field(default_factory=dict)  # what fills them, where exact


def question_error(questions: int, error: float = ERROR) -> float:
    """The error of one question in one of the two runs over a quiz of so many."""
    return error / (2 * questions)


def standing(result: QuestionResult) -> Standing | None:
    """Return what is compared of ``result``; None where nothing was measured."""
    measured = result.measurement
    if measured is None:
        return None
    blanks: dict[str, Filling] = {}
    if isinstance(result.question, Blanks) and result.tolerance is not None:
        for part, blank in result.question.blanks.items():
            found = measured.measurements.get(blank.measure or "")
            if found is None:
                continue
            if isinstance(found.value, str):
                blanks[part] = found.value
            elif found.low is not None and found.high is not None:
                blanks[part] = (found.low, found.high)
    return Standing(measured.models, blanks)


def drifts(then: Standing, now: Standing) -> dict[str, Drift] | None:
    """Return the drift of each option or blank; None where the two are not of the same things."""
    if len(then.models) != len(now.models):
        return None
    found: dict[str, Drift] = {}
    for old, new in zip(then.models, now.models, strict=True):
        if old.keys() != new.keys():
            return None
        for option in old:
            became = _drift(old[option], new[option])
            if became is Drift.FLIPPED and None in (agreed(then, option), agreed(now, option)):
                became = Drift.MOVED
            found[option] = worst([found.get(option, Drift.SAME), became])
    if then.blanks.keys() != now.blanks.keys():
        return None
    for part, filling in then.blanks.items():
        found[part] = worst([found.get(part, Drift.SAME), _refilled(filling, now.blanks[part])])
    return found


def agreed(standing: Standing, option: str) -> bool | None:
    """Return whether ``option`` holds on every model alike; None where it is open over them."""
    verdicts = {model[option].holds for model in standing.models if option in model}
    return verdicts.pop() if len(verdicts) == 1 else None


def worst(drifts: Sequence[Drift]) -> Drift:
    """The one of same, moved and flipped that says most."""
    return max(drifts, key=_RANK.index, default=Drift.SAME)


def _drift(then: Finding, now: Finding) -> Drift:
    if None not in (then.holds, now.holds) and then.holds != now.holds:
        return Drift.FLIPPED
    apart = _apart((then.margin[0], then.margin[2]), (now.margin[0], now.margin[2]))
    return Drift.MOVED if apart else Drift.SAME


def _refilled(then: Filling, now: Filling) -> Drift:
    if isinstance(then, str) or isinstance(now, str):
        return Drift.SAME if then == now else Drift.FLIPPED
    return Drift.MOVED if _apart(then, now) else Drift.SAME


def _apart(then: Interval, now: Interval) -> bool:
    """Return whether two closed intervals have no point in common; an unknown end is no end."""
    return then[1] < now[0] or now[1] < then[0]
