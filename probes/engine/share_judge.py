"""Options judged by the share of draws in which they hold.

Each option has a confidence sequence for the share p of draws in which its whole rule holds,
against one half: it goes *up* once p is surely above, *down* once it is surely below. The error is
shared over groups of options that exclude each other, not over options: what is said of a whole
group is wrong with probability at most e, where e is the error of each of its two-sided sequences
(one with p = ½ ever goes up with probability at most e ∕ 2, and down with e ∕ 2). For let i be the
option of the group with the largest share.

- Where another option j holds, i does not: K⁻ of i is at least K⁺ of j after every draw, so that
  where j ever goes up, i goes down.
- If p(i) > ½, only "i down" and "some j up" are wrong; the second is part of the first: e ∕ 2.
- If p(i) = ½, "i up" is wrong as well; and "j down", should p(j) be ½ too, which then is the same
  as "i up", since one of the two holds in every draw: e ∕ 2 + e ∕ 2.
- If p(i) < ½, only going up is wrong. A sequence goes up after h of n draws in which its option
  held with 2h > n, the capital being at most 1 before. So many draws are (2p)ʰ(2(1 − p))ⁿ⁻ʰ
  = (4p(1 − p))ⁿ⁻ʰ(2p)²ʰ⁻ⁿ ≤ 2p times as probable at p as at ½: it goes up with probability at most
  2p · e ∕ 2. The shares of a group add up to at most 1: all of them together, e.

Of intervals, which are not about one half, that is not true: each has an error of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from quizproof.probes.engine.confidence import ConfidenceSequence
from quizproof.probes.engine.judge import Drawing, Finding, Tally, unknown
from quizproof.probes.engine.reasons import first_draw_differs
from quizproof.probes.probe import Unsure
from quizproof.questions.exclusive import groups
from quizproof.questions.rules import Interval, Rule, Value
from quizproof.questions.spec import Text

HALF = 0.5
_OF_FINDINGS = 0.9  # of the error; the rest is the intervals'


class ShareJudge(Drawing):
    """An option holds when its rule holds in the first draw and in more than half of all draws.

    It fails when its rule fails in the first and holds in less than half. The first draw is the
    course's own setting: what people see who follow it. Where the two disagree the option stays
    open, and no further draw can change that. Margin = share − ½.
    """

    def __init__(
        self,
        rules: Mapping[str, Rule],
        error: float,
        ranges: Mapping[str, Interval] = MappingProxyType({}),
    ) -> None:
        super().__init__()
        self._rules = rules
        of_group = _OF_FINDINGS * error / max(1, len(groups(rules, ranges)))
        of_interval = (1 - _OF_FINDINGS) * error / max(1, len(rules))
        self._sequences = {
            option: ConfidenceSequence(0.0, 1.0, of_group, HALF, of_interval) for option in rules
        }
        self._held = dict.fromkeys(rules, 0)
        self._first_held: dict[str, bool] = {}

    def take(self, values: Mapping[str, Value], unsure: Unsure | None = None) -> None:
        self._note(values)
        held = {option: rule.holds(values) for option, rule in self._rules.items()}
        self._first_held = self._first_held or held
        for option, holds in held.items():
            self._held[option] += holds
            self._sequences[option].add(float(holds))

    @property
    def decided(self) -> bool:
        return self._stuck or (
            self._varied and bool(self._rules) and all(map(self._settled, self._rules))
        )

    def futile(self, draws: int) -> bool:
        return self._varied and not any(
            self._sequences[option].may_show(draws, self._side_of_first(option))
            for option in self._rules
            if not self._settled(option)
        )

    @property
    def more_could_decide(self) -> bool:
        return self._varied and any(sequence.side == 0 for sequence in self._sequences.values())

    @property
    def tally(self) -> Tally | None:
        return Tally(self._count, dict(self._held))

    @property
    def doubt(self) -> Text | None:
        opposed = [
            option
            for option, sequence in self._sequences.items()
            if sequence.side and not self._settled(option)
        ]
        if not self._varied or not opposed:
            return super().doubt
        return first_draw_differs(self._count, self._held, self._first_held, opposed)

    def findings(self) -> dict[str, Finding]:
        if not self._count:
            return {option: unknown() for option in self._rules}
        findings = {}
        for option, sequence in self._sequences.items():
            low, high = sequence.interval
            margin = (low - HALF, sequence.mean - HALF, high - HALF)
            known = self._varied and self._settled(option)
            findings[option] = Finding(self._first_held[option] if known else None, margin)
        return findings

    def _settled(self, option: str) -> bool:
        """Return whether the first draw and the share of draws surely agree on ``option``."""
        return self._sequences[option].side == self._side_of_first(option)

    def _side_of_first(self, option: str) -> int:
        return 1 if self._first_held.get(option) else -1
