"""The page of a run on many packs: a table of packs and questions, with links to each report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from urllib.parse import quote

from quizproof.probes.engine.results import State
from quizproof.questions.spec import Text
from quizproof.reports.html import page_environment
from quizproof.reports.packs_table import DIFFERS, PackRow, is_whole, splits
from quizproof.reports.page import render_page


def render_packs(
    title: Text, languages: tuple[str, ...], rows: Sequence[PackRow], asked: int
) -> str:
    """The page in ``languages``; the reports lie beside it in folders of the rows' names."""
    wrong = [row for row in rows if _any(row, State.CONTRADICTED, State.KEY_INVALID)]
    others = [row for row in rows if row not in wrong and _any(row, State.STAND_IN_DIFFERS)]
    lacking = [row for row in rows if row.problem or _any(row, State.MISSING, State.FAILED)]
    questions = {(cell.number, cell.question) for row in rows for cell in row.cells}
    return render_page(
        page_environment(languages),
        "packs.html.j2",
        title,
        short=f"✗ {len(wrong)}" if wrong else "",
        rows=rows,
        asked=asked,
        done=sum(map(is_whole, rows)),
        questions=[question for _, question in sorted(questions)],
        by_question=lambda row: {cell.question: cell for cell in row.cells},
        link=lambda name: quote(os.fsencode(name)),
        wrong=len(wrong),
        on_stand_in=len(others),
        lacking=len(lacking),
        differs=DIFFERS,
        states=[s for s in State if any(cell.state is s for row in rows for cell in row.cells)],
        splits=splits(rows),
        tone="bad"
        if any(c.state is State.CONTRADICTED for r in rows for c in r.cells)
        else "plain",
    )


def _any(row: PackRow, *states: State) -> bool:
    return any(cell.state in states for cell in row.cells)
