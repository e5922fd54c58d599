"""A run on many packs as the terminal shows it: a row for each, and what they differ about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from quizproof.probes.engine.results import Run, State
from quizproof.questions.problems import one_line
from quizproof.reports.numbers import answer, counted, key
from quizproof.reports.telling import text_of

DIFFERS = (State.CONTRADICTED, State.STAND_IN_DIFFERS, State.KEY_INVALID)
_COLUMNS = {
    "proven": (State.CONFIRMED,),
    "wrong": (State.CONTRADICTED, State.KEY_INVALID),
    "stand-in": (State.STAND_IN_AGREES, State.STAND_IN_DIFFERS),
    "open": (State.UNDECIDED, State.MISSING),
    "failed": (State.FAILED,),
}


@dataclass(frozen=True)
class Cell:
    """The finding of one pack about one question."""

    number: int  # of the question in the quiz
    question: str
    state: State
    expected: str
    measured: str  # empty where nothing was decided
    failed: str = ""  # why measuring failed


@dataclass(frozen=True)
class PackRow:
    """The little that is kept of one pack's run, since there may be hundreds."""

    name: str  # of its report
    code: int
    cells: Sequence[Cell] = ()  # of what was measured
    asked: int = 0  # questions
    problem: str = ""  # why nothing could be measured


@dataclass(frozen=True)
class Split:
    """A question that packs answer differently: the packs of each answer, the commonest first."""

    question: str
    packs: Sequence[tuple[str, Sequence[str]]]


def row_of(run: Run, name: str, code: int) -> PackRow:
    """The row that is kept of ``run``."""
    cells = [
        Cell(
            number=result.number,
            question=result.question.id,
            state=result.state,
            expected=key(result.question, result.expected) or "",
            measured=answer(result.question, result.measured) or "",
            failed=result.reason.en if result.state is State.FAILED else "",
        )
        for result in run.results
    ]
    return PackRow(name=name, code=code, cells=cells, asked=run.asked)


def is_whole(row: PackRow) -> bool:
    """True where all was measured that can be."""
    return bool(row.problem) or len(row.cells) == row.asked


def splits(rows: Sequence[PackRow]) -> list[Split]:
    """The questions about which the packs differ from one another, in order."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        for cell in row.cells:
            if cell.measured:
                found.setdefault(cell.question, {}).setdefault(cell.measured, []).append(row.name)
    return [
        Split(question, sorted(packs.items(), key=lambda item: (-len(item[1]), item[0])))
        for question, packs in sorted(found.items())
        if len(packs) > 1
    ]


def packs_text(quiz: str, rows: Sequence[PackRow], asked: int, written: Sequence[str]) -> str:
    """Lines for a terminal, ending in a newline."""
    lines = [f"{quiz} on {counted(asked, 'pack')}"]
    whole = sum(is_whole(row) for row in rows)
    if whole < asked:
        lines.insert(0, f"interrupted: {whole} of {asked} packs are done")
    width = max([4, *(len(one_line(row.name)) for row in rows)])
    lines.append(f"  {'pack':<{width}}  {'  '.join(_COLUMNS)}  differs from the key in")
    for row in rows:
        lines.append(f"  {one_line(row.name):<{width}}  " + (row.problem or _counts(row)))
        lines += [
            f"      {cell.question} failed: {one_line(cell.failed)}"
            for cell in row.cells
            if cell.failed
        ]
    for split in splits(rows):
        answers = "; ".join(f"{found}: {_few(names)}" for found, names in split.packs)
        lines.append(f"  {split.question} differs from pack to pack: {answers}")
    lines += [f"written: {what}" for what in written]
    return text_of(lines)


def _counts(row: PackRow) -> str:
    states = Counter(cell.state for cell in row.cells)
    counts = [f"{sum(states[s] for s in group):{len(name)}d}" for name, group in _COLUMNS.items()]
    what = ", ".join(
        f"{cell.question} ({cell.measured or '?'}, not {cell.expected or '?'})"
        for cell in row.cells
        if cell.state in DIFFERS
    )
    if not is_whole(row):
        what = f"(interrupted: {len(row.cells)} of {row.asked} questions) {what}"
    return f"{'  '.join(counts)}  {what}".rstrip()


def _few(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{len(names)} ({', '.join(map(one_line, names[:most]))}{more})"
