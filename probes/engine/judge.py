"""From draws to options: which hold, which fail, how surely.

All decisions of a question are right together with probability at least 1 − error, whenever one
stops; each judge says how it shares the error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from quizproof.probes.probe import Unsure
from quizproof.questions.rules import Interval, Rule, Value
from quizproof.questions.spec import Text

_IDENTICAL_DRAWS = 8


@dataclass(frozen=True)
class Finding:
    """Finding about one option; ``margin`` is (low, estimate, high), ±∞ between categories."""

    holds: bool | None
    margin: tuple[float, float, float]


@dataclass(frozen=True)
class Tally:
    """In how many of ``draws`` each option held; empty where that is not what decides."""

    draws: int
    held: Mapping[str, int] = field(default_factory=dict)


class Judge(Protocol):
    """Takes draws until every option is decided; only an exact probe's may be unsure."""

    def take(self, values: Mapping[str, Value], unsure: Unsure | None = None) -> None: ...

    @property
    def decided(self) -> bool:
        """Return whether more draws could change nothing; False without a rule to decide."""

    def futile(self, draws: int) -> bool:
        """Return whether so many more ``draws``, whatever they are, could decide nothing open."""

    @property
    def more_could_decide(self) -> bool:
        """Return whether some number of further draws could decide something that is open."""

    @property
    def tally(self) -> Tally | None:
        """Count of the draws in which each option held; None where one draw is all there is."""

    def findings(self) -> dict[str, Finding]: ...

    @property
    def doubt(self) -> Text | None:
        """Reason why nothing was decided whatever the numbers say; None where there is none."""


class ExactJudge:
    """One draw decides, up to the numerical tolerance it was made with and what it is unsure of."""

    def __init__(self, rules: Mapping[str, Rule], tolerance: float) -> None:
        self._rules = rules
        self._tolerance = tolerance
        self._findings: dict[str, Finding] = {}
        self.doubt: Text | None = None
        self.more_could_decide = False
        self.tally: Tally | None = None

    def take(self, values: Mapping[str, Value], unsure: Unsure | None = None) -> None:
        for option, rule in self._rules.items():
            margin = rule.margin(values)
            least, most = (margin, margin) if unsure is None else _ends(rule, values, unsure)
            low, high = least - self._tolerance, most + self._tolerance
            known = low == high or not low <= 0 <= high
            self._findings[option] = Finding(
                rule.holds(values) if known else None, (low, margin, high)
            )
        if unsure is not None and any(f.holds is None for f in self._findings.values()):
            self.doubt = unsure.why

    @property
    def decided(self) -> bool:
        return bool(self._findings)

    def futile(self, draws: int) -> bool:
        return False

    def findings(self) -> dict[str, Finding]:
        return self._findings or {option: unknown() for option in self._rules}


class Drawing:
    """Base of the judges of stochastic probes: draws that never vary decide nothing."""

    def __init__(self) -> None:
        self._first: Mapping[str, Value] | None = None
        self._count = 0
        self._varied = False

    def _note(self, values: Mapping[str, Value]) -> None:
        if self._first is None:
            self._first = dict(values)
        self._count += 1
        self._varied = self._varied or dict(values) != self._first

    @property
    def _stuck(self) -> bool:
        return not self._varied and self._count >= _IDENTICAL_DRAWS

    @property
    def tally(self) -> Tally | None:
        return Tally(self._count)

    @property
    def doubt(self) -> Text | None:
        if self._varied:
            return None
        return Text(
            en=f"{self._count} draws without any variance decide nothing",
            zh_hant=f"{self._count} 次抽樣完全沒有變異，無法判定",
        )


def _ends(rule: Rule, values: Mapping[str, Value], unsure: Unsure) -> Interval:
    """The least and the largest margin that ``rule`` can have within what is known."""
    numbers = {name: (v, v) for name, v in values.items() if not isinstance(v, str)}
    spans = {
        atom: (atom.margin(values),) * 2
        if atom.kind == "category"
        else atom.range({**numbers, **unsure.within})
        for atom in rule.atoms
    }
    return rule.combine(lambda atom: spans[atom][0]), rule.combine(lambda atom: spans[atom][1])


def unknown() -> Finding:
    """Of an option of which nothing is known."""
    return Finding(None, (-math.inf, math.nan, math.inf))


def holding(findings: Mapping[str, Finding]) -> Sequence[str]:
    """The options known to hold, in order."""
    return [option for option, finding in findings.items() if finding.holds]
