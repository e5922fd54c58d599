"""What was measured, name by name, on each model: over its draws, or once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quizproof.probes.declaration import Words
from quizproof.probes.engine.measured import Drawn, Measured, Measurement
from quizproof.questions.rules import Value
from quizproof.reports.numbers import number, word


@dataclass(frozen=True)
class Cell:
    """One name on one model."""

    value: str  # the mean over draws, the one value, or the word that most draws gave
    spread: str  # the least and the largest of the draws; empty where they do not differ


@dataclass(frozen=True)
class NumberRow:
    """One measured name."""

    name: str
    unit: Words
    help: Words
    cells: tuple[Cell, ...]  # in the order of the models


def number_rows(measured: Measured, helps: Mapping[str, Words]) -> tuple[NumberRow, ...]:
    """A row for each measured name, with a cell for each model."""
    unsure = measured.shown.unsure
    within = {} if unsure is None else unsure.within  # of the first model's one draw
    return tuple(
        NumberRow(
            name=name,
            unit=one.unit,
            help=helps.get(name, ""),
            cells=tuple(_cells(name, one, measured.drawn, within.get(name))),
        )
        for name, one in measured.measurements.items()
    )


def _cells(
    name: str,
    one: Measurement,
    drawn: Sequence[Drawn],
    within: tuple[float, float] | None,
) -> list[Cell]:
    if not drawn:  # a result that was not judged from draws has its value alone
        return [Cell(word(one.value), "")]
    found = []
    for k, model in enumerate(drawn):
        values = [draw[name] for draw in model.values if name in draw]
        if k == 0 and within is not None:
            found.append(Cell(word(one.value), _between(*within)))
        elif values:
            found.append(_cell(values))
    return found


def _cell(values: Sequence[Value]) -> Cell:
    words = [value for value in values if isinstance(value, str)]
    if words:
        commonest = max(sorted(set(words)), key=words.count)
        count = words.count(commonest)
        return Cell(commonest, "" if count == len(values) else f"{count} ∕ {len(values)}")
    numbers = [float(value) for value in values]
    low, high = min(numbers), max(numbers)
    mean = min(max(sum(numbers) / len(numbers), low), high)
    return Cell(number(mean), "" if low == high else _between(low, high))


def _between(low: float, high: float) -> str:
    return f"{number(low)} – {number(high)}"
