"""A class's report as one HTML file in the quiz's languages: what needs a teacher comes first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quizproof.questions.languages import shown_languages
from quizproof.questions.problems import one_line
from quizproof.reports.classroom.class_result import Floats, ItemOfClass, OptionOfClass
from quizproof.reports.classroom.class_words import CLASS_WORDS, POLICIES
from quizproof.reports.classroom.graded_class import GradedClass
from quizproof.reports.html import page_environment, spans_in
from quizproof.reports.numbers import number
from quizproof.reports.page import render_page

_PROBLEMS = 100  # that the page lists
_BARS = 20


@dataclass(frozen=True)
class Bar:
    """One bar of the histogram of points, in parts of the drawing."""

    low: float
    high: float
    count: int
    height: float  # 0 to 1


@dataclass(frozen=True)
class Group:
    """The options of one part of a question."""

    part: str
    options: Sequence[OptionOfClass]


def render_class(graded: GradedClass) -> str:
    """The whole page."""
    languages = shown_languages(graded.title, graded.grades.questions)
    spans = spans_in(languages)
    items = graded.items
    return render_page(
        page_environment(languages),
        "class.html.j2",
        graded.title,
        style="class.css.j2",
        graded=graded,
        grades=graded.grades,
        items=items,
        policy=POLICIES[graded.grades.policy],
        headline=_headline(graded),
        tone=_tone(graded),
        look_at=_look_at(graded),
        bars=_bars(items.totals, float(graded.grades.possible)),
        summary=_summary(items.totals),
        problems=[one_line(str(problem)) for problem in graded.problems[:_PROBLEMS]],
        distractors=[(item, option) for item in items.items for option in item.good_distractors],
        groups=_groups,
        c=lambda name, /, **values: spans(CLASS_WORDS[name], **values),
        percent=_percent,
    )


def _headline(graded: GradedClass) -> tuple[str, int]:
    """The key of the words, and the number in them."""
    items = graded.items
    if against := len(items.against):
        return ("standing_against" if against > 1 else "standing_against_one"), against
    if graded.problems:
        return "standing_unread", len(graded.problems)
    if not graded.evidence:
        return "standing_unknown", 0
    open_ = [item for item in items.items if not (item.result and item.result.settles)]
    return ("standing_partly", len(open_)) if open_ else ("standing_good", 0)


def _tone(graded: GradedClass) -> str:
    headline, _ = _headline(graded)
    return "bad" if graded.items.against else "good" if headline == "standing_good" else "plain"


def _look_at(graded: GradedClass) -> int:
    """Count the questions that something is said of."""
    items = graded.items
    concerned = [*items.against, *items.stand_ins_against]
    concerned += [item for item in items.items if item.good_distractors]
    return len({item.question.id for item in concerned})


def _summary(totals: Floats) -> dict[str, str] | None:
    if not len(totals):
        return None
    found = {"mean": totals.mean(), "median": np.median(totals)}
    found |= {"low": totals.min(), "high": totals.max()}
    return {name: f"{float(value):.2f}" for name, value in found.items()}


def _bars(totals: Floats, possible: float) -> list[Bar]:
    if not len(totals) or possible <= 0:
        return []
    # the highest totals are those of all points: they belong to the last bar
    counts, ends = np.histogram(totals, bins=_BARS, range=(0, possible * (1 + 1e-9)))
    most = int(counts.max())
    return [
        Bar(float(low), float(high), int(count), int(count) / most)
        for count, low, high in zip(counts, ends, ends[1:], strict=False)
    ]


def _groups(item: ItemOfClass) -> list[Group]:
    parts: dict[str, list[OptionOfClass]] = {}
    for option in item.options:
        parts.setdefault(option.part, []).append(option)
    return [Group(part, options) for part, options in parts.items()]


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else number(round(100 * share))
