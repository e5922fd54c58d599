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
    differing = [row for row in rows if any(cell.state in DIFFERS for cell in row.cells)]
    questions = {(cell.number, cell.question) for row in rows for cell in row.cells}
    return render_page(
        page_environment(languages),
        "packs.html.j2",
        title,
        short=f"≠ {len(differing)}" if differing else "",
        rows=rows,
        asked=asked,
        done=sum(map(is_whole, rows)),
        questions=[question for _, question in sorted(questions)],
        by_question=lambda row: {cell.question: cell for cell in row.cells},
        link=lambda name: quote(os.fsencode(name)),
        differing=len(differing),
        differs=DIFFERS,
        states=[s for s in State if any(cell.state is s for row in rows for cell in row.cells)],
        splits=splits(rows),
        tone="bad"
        if any(c.state is State.CONTRADICTED for r in rows for c in r.cells)
        else "plain",
    )
