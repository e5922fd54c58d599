"""A class's report as one HTML file in the quiz's languages: what needs a teacher comes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from quizproof.questions.item_statistics import GROUP
from quizproof.questions.languages import shown_languages
from quizproof.questions.problems import one_line
from quizproof.reports.classroom.class_charts import histogram, item_scatter
from quizproof.reports.classroom.class_result import ItemOfClass, OptionOfClass
from quizproof.reports.classroom.class_words import CLASS_WORDS, POLICIES
from quizproof.reports.classroom.graded_class import GradedClass
from quizproof.reports.classroom.small_groups import LEAST, Saying
from quizproof.reports.html import page_environment, spans_in
from quizproof.reports.page import render_page

_PROBLEMS = 100  # that the page lists


@dataclass(frozen=True)
class Group:
    """The options of one part of a question."""

    part: str
    options: Sequence[OptionOfClass]


def render_class(
    graded: GradedClass, *, anonymous: bool = False, evidence_at: Mapping[str, str] | None = None
) -> str:
    """The whole page; ``evidence_at`` is where ``verify`` tells of a question, by its id.

    An ``anonymous`` one can be shown to anyone: it has no name, no row of a file, and nothing of
    fewer than five students.
    """
    languages = shown_languages(graded.title, graded.grades.questions)
    spans = spans_in(languages)
    items = graded.items
    saying = Saying(anonymous)
    return render_page(
        page_environment(languages),
        "class.html.j2",
        graded.title,
        style="class.css.j2",
        short=f"✗ {len(items.against)}" if items.against else "",
        finds=True,
        graded=graded,
        grades=graded.grades,
        items=items,
        policy=POLICIES[graded.grades.policy],
        headline=_headline(graded, anonymous),
        tone=_tone(graded, anonymous),
        look_at=_look_at(graded),
        anonymous=anonymous,
        too_few=anonymous and len(items.totals) < LEAST,
        evidence_at=evidence_at or {},
        bars=histogram(items.totals, float(graded.grades.possible), anonymous=anonymous),
        scatter=item_scatter(items.items, saying),
        summary=_summary(graded, saying),
        problems=[] if anonymous else list(_problems(graded)),
        distractors=[(item, option) for item in items.items for option in item.good_distractors],
        groups=lambda item: _groups(item, anonymous),
        c=lambda name, /, **values: spans(CLASS_WORDS[name], **values),
        people=saying.count,
        everyone=saying.everyone,
        percent=saying.percent,
        drawn=saying.drawn,
        r=saying.correlation,
        too_small=saying.is_too_small,
        third=lambda count: round(GROUP * count),
    )


def _headline(graded: GradedClass, anonymous: bool) -> tuple[str, int]:
    """The key of the words, and the number in them."""
    items = graded.items
    if against := len(items.against):
        return ("standing_against" if against > 1 else "standing_against_one"), against
    if graded.problems and not anonymous:  # whose page does not list them
        return _standing_with_problems(graded), len(graded.problems)
    if not graded.evidence:
        return "standing_unknown", 0
    open_ = [item for item in items.items if not (item.result and item.result.settles)]
    return ("standing_partly", len(open_)) if open_ else ("standing_good", 0)


def _standing_with_problems(graded: GradedClass) -> str:
    if graded.unread and graded.of_quiz:
        return "standing_problems"
    return "standing_unread" if graded.unread else "standing_of_quiz"


def _problems(graded: GradedClass) -> Iterator[tuple[str, Sequence[str], int]]:
    """Yield what each list of problems is of, as a key of the words, its lines, and how many more.

    Whoever mends the quiz is seldom who asks a student again.
    """
    for of, problems in (("of_quiz", graded.of_quiz), ("unread", graded.unread)):
        if problems:
            lines = [one_line(str(problem)) for problem in problems[:_PROBLEMS]]
            yield of, lines, len(problems) - len(lines)


def _tone(graded: GradedClass, anonymous: bool) -> str:
    headline, _ = _headline(graded, anonymous)
    return "bad" if graded.items.against else "good" if headline == "standing_good" else "plain"


def _look_at(graded: GradedClass) -> int:
    """Count the questions that something is said of."""
    items = graded.items
    concerned = [*items.against, *items.stand_ins_against]
    concerned += [item for item in items.items if item.good_distractors]
    return len({item.question.id for item in concerned})


def _summary(graded: GradedClass, saying: Saying) -> dict[str, str] | None:
    totals = graded.items.totals
    if not len(totals):
        return None
    found = {"mean": totals.mean(), "median": np.median(totals)}
    found |= {"low": totals.min(), "high": totals.max()}
    deviation = totals.std(ddof=1) if len(totals) > 1 else None
    possible = float(graded.grades.possible)
    nothing, everything = (totals < 1e-9).sum(), (totals > possible - 1e-9).sum()
    return {
        **{name: saying.points(float(value), possible) for name, value in found.items()},
        "deviation": "–" if deviation is None else saying.points(float(deviation), possible),
        "alpha": _alpha(graded.items.alpha, anonymous=saying.anonymous),
        "nothing": saying.count(int(nothing), len(totals)),
        "everything": saying.count(int(everything), len(totals)),
    }


def _alpha(alpha: float, *, anonymous: bool) -> str:
    if np.isnan(alpha):
        return "–"
    places = 1 if anonymous else 2
    return f"{round(alpha, places) + 0.0:.{places}f}".replace("-", "−")


def _groups(item: ItemOfClass, anonymous: bool) -> list[Group]:
    parts: dict[str, list[OptionOfClass]] = {}
    for option in item.options:
        # what few have written might be known to be theirs
        few = anonymous and option.fill is not None and option.statistics.count < LEAST
        parts.setdefault(option.part, []).extend([] if few else [option])
    return [Group(part, options) for part, options in parts.items()]
