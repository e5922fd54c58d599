"""Two ways to the same result, timed in turns."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """Work done two ways, and the ratio that is wanted of their times.

    ``ratio`` says which time is divided by which: "faster" is theirs ÷ ours, wanted at least;
    "overhead" is ours ÷ theirs, wanted at most.
    """

    work: str
    against: str
    ours: Callable[[], Any]
    theirs: Callable[[], Any]
    same: Callable[[Any, Any], str]  # asserts that the results are equal; says how nearly
    wanted: float
    ratio: str = "faster"
    repeat: int | None = None  # fewer than are asked for, of what takes minutes
    amount: Callable[[Any], float] | None = None  # of a result, in place of the time it took
    unit: str = "s"


@dataclass(frozen=True)
class Comparison:
    """What came of a row: medians in seconds, and the ratios of the pairs."""

    work: str
    against: str
    ours: float
    theirs: float
    ratio: float  # the median over pairs
    low: float
    high: float
    wanted: float
    kind: str
    pairs: int
    equal: str
    unit: str = "s"

    @property
    def met(self) -> bool:
        return self.ratio >= self.wanted if self.kind == "faster" else self.ratio <= self.wanted


def compare(row: Row, repeat: int) -> Comparison:
    """Both ways once for their results, which must be equal, then ``repeat`` times each in turns.

    The order changes from pair to pair: what else the machine does falls on both alike. A row that
    is to be repeated once is timed in its only run.
    """
    pairs = repeat if row.repeat is None else min(repeat, row.repeat)

    def timed(work: Callable[[], Any]) -> tuple[float, Any]:
        took, result = seconds_and_result(work)
        return (took if row.amount is None else row.amount(result)), result

    first = timed(row.ours), timed(row.theirs)
    equal = row.same(first[0][1], first[1][1])
    times = [(first[0][0], first[1][0])]
    if pairs > 1:
        times = []
        for number in range(pairs):
            if number % 2:
                theirs, ours = timed(row.theirs)[0], timed(row.ours)[0]
            else:
                ours, theirs = timed(row.ours)[0], timed(row.theirs)[0]
            times.append((ours, theirs))
    faster = row.ratio == "faster"
    ratios = [theirs / ours if faster else ours / theirs for ours, theirs in times]
    return Comparison(
        row.work,
        row.against,
        statistics.median(ours for ours, _ in times),
        statistics.median(theirs for _, theirs in times),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        row.wanted,
        row.ratio,
        len(times),
        equal,
        row.unit,
    )


def identical(ours: Any, theirs: Any, at: str = "") -> None:
    """Asserts that two results, as JSON has them, are the very same; else says where they part."""
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        for key in ours:
            identical(ours[key], theirs[key], f"{at} {key}".strip())
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            name = one.get("id") if isinstance(one, dict) else None
            identical(one, other, f"{at} {name or number}".strip())
    else:
        assert ours == theirs, f"{at or 'the results'}: {ours!r} against {theirs!r}"


def seconds_and_result(work: Callable[[], Any]) -> tuple[float, Any]:
    """The seconds that ``work`` takes, and its result."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def best(work: Callable[[int], Any], candidates: Sequence[int], turns: int = 6) -> int:
    """The candidate, such as a batch size, with which ``work`` once took the least time."""
    times = dict.fromkeys(candidates, math.inf)
    for _ in range(turns):
        for candidate in candidates:
            took, _result = seconds_and_result(lambda c=candidate: work(c))  # type: ignore[misc]
            times[candidate] = min(times[candidate], took)
    return min(times, key=lambda candidate: times[candidate])
