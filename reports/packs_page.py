"""The page of a run on many packs: a table of packs and questions, with links to each report."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Sequence
from urllib.parse import quote

from markupsafe import Markup

from quizproof.probes.engine.results import State
from quizproof.questions.spec import Text
from quizproof.reports.html import page_environment
from quizproof.reports.packs_table import DIFFERS, PackRow, is_whole, splits


def render_packs(title: Text, rows: Sequence[PackRow], asked: int) -> str:
    """The page in both languages; the reports lie beside it in folders of the rows' names."""
    environment = page_environment()
    css = Markup(environment.get_template("style.css.j2").render())  # noqa: S704 (our own)
    differing = [row for row in rows if any(cell.state in DIFFERS for cell in row.cells)]
    questions = {(cell.number, cell.question) for row in rows for cell in row.cells}
    page = environment.get_template("packs.html.j2").render(
        title=title,
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
        css=css,
        css_hash=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode("ascii"),
    )
    return page.encode("utf-8", "backslashreplace").decode("utf-8")
