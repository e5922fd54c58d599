"""A comparison with a baseline as Markdown: the comment on a pull request.

Whatever a quiz, a pack or an error says stands in a code span. There, names and links stay words:
GitHub makes no mention, link, issue or commit of them, and HTML is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from quizproof.probes.engine.drift import Drift
from quizproof.questions.problems import one_line
from quizproof.reports.numbers import answer
from quizproof.reports.watch.regress_text import WORST_FIRST, needs_a_reason
from quizproof.reports.watch.regression import Compared, Regression

_MARKS = {
    Drift.FLIPPED: "❌",
    Drift.LOST: "❓",
    Drift.FOUND: "💡",
    Drift.MOVED: "⚠️",
    Drift.NOT_COMPARED: "❔",
    Drift.SAME: "✅",
}
_ROWS = 100  # a comment has room for 65,536 characters
_LONGEST = 200


def regress_markdown(regression: Regression) -> str:
    """The comment, ending in a newline; its first line is a mark to find an older one by."""
    return "\n".join(_lines(regression)) + "\n"


def code(text: str) -> str:
    """``text`` as a code span that may stand in a table, shortened where it is long."""
    words = one_line(text).replace("|", "¦")
    if len(words) > _LONGEST:
        words = words[: _LONGEST - 1] + "…"
    if not words:
        return "–"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", words)), default=0))
    pad = " " if "`" in (words[0], words[-1]) else ""
    return f"{fence}{pad}{words}{pad}{fence}"


def _lines(regression: Regression) -> Iterator[str]:
    run, baseline = regression.run, regression.baseline
    yield f"<!-- quizproof regress {run.quiz.id} -->"
    yield f"### quizproof regress: {_headline(regression)}"
    yield ""
    yield (
        f"Quiz {code(run.quiz.id)} on pack {code(run.pack_name)}, compared with the baseline on "
        f"pack {code(baseline.pack.name)}."
    )
    if regression.interrupted:
        yield ""
        yield f"**Interrupted:** {len(run.results)} of {run.asked} questions were measured."
    rows = [each for drift in WORST_FIRST for each in regression.of(drift) if _listed(each)]
    if rows:
        yield ""
        yield from _table(
            ("", "question", "then", "now", "why"), (_row(each) for each in rows[:_ROWS])
        )
    if len(rows) > _ROWS:
        yield ""
        yield f"… and {len(rows) - _ROWS} more questions; they are in the report."
    if same := [each.id for each in regression.of(Drift.SAME)]:
        yield ""
        yield f"Same as then: {', '.join(code(name) for name in same[:_ROWS])}" + (
            f" and {len(same) - _ROWS} more" if len(same) > _ROWS else ""
        )
    if left_out := regression.left_out:
        yield ""
        yield f"Not in the baseline, and left out: {', '.join(map(code, left_out[:_ROWS]))}"
    if rows and regression.changes:
        yield ""
        yield "What else is different from the baseline:"
        yield ""
        yield from _table(
            ("", "then", "now"),
            ((code(c.what), code(c.then), code(c.now)) for c in regression.changes[:_ROWS]),
        )


def _headline(regression: Regression) -> str:
    counts = regression.summary
    needs_a_reason = [f"{counts[drift]} {drift}" for drift in WORST_FIRST if counts[drift]]
    mark = next((_MARKS[drift] for drift in WORST_FIRST if counts[drift]), "")
    return f"{mark} {', '.join(needs_a_reason) or 'nothing was measured'}"


def _listed(each: Compared) -> bool:
    return each.drift is not Drift.SAME or needs_a_reason(each)


def _row(each: Compared) -> Sequence[str]:
    return (
        f"{_MARKS[each.drift]} {each.drift}",
        code(each.id),
        _answer(each, then=True),
        _answer(each, then=False),
        code(each.why.en),
    )


def _answer(each: Compared, *, then: bool) -> str:
    question = each.now.question if each.now else None
    side = each.then if then else each.now
    if side is None or side.measured is None:
        return "?"
    if question is None:
        return code(", ".join(str(value) for value in side.measured))
    return code(answer(question, side.measured) or "none")


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
