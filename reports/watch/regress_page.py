"""The page of a comparison with a baseline: old and new side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from quizproof.probes.engine.drift import Drift, Filling
from quizproof.probes.engine.drift import standing as standing_of
from quizproof.probes.engine.judge import Finding
from quizproof.questions.languages import shown_languages
from quizproof.questions.spec import Question, Text, choices
from quizproof.reports.charts.gallery import Figure, Gallery
from quizproof.reports.charts.margin_chart import margin_chart
from quizproof.reports.html import page_environment, spans_in
from quizproof.reports.numbers import answer, number
from quizproof.reports.page import render_page
from quizproof.reports.sentence import told_by_probe
from quizproof.reports.watch.fits import Fits, fits_of
from quizproof.reports.watch.kept_maps import KeptMap, then_and_now
from quizproof.reports.watch.margin_axis import MarginAxis, margin_axes
from quizproof.reports.watch.regress_text import WORST_FIRST, needs_a_reason
from quizproof.reports.watch.regress_words import (
    DRIFT_ACTIONS,
    DRIFT_MEANINGS,
    DRIFT_NAMES,
    DRIFT_SYMBOLS,
    REGRESS_WORDS,
)
from quizproof.reports.watch.regression import Compared, Regression


@dataclass(frozen=True)
class Side:
    """One option in one of the runs."""

    finding: Finding
    drawing: Markup
    fits: tuple[int, int] | None  # draws in which it holds, and all, where that decides


@dataclass(frozen=True)
class Row:
    """One option then and now."""

    id: str
    text: Text | None
    rule: str | None
    drift: Drift
    then: Side
    now: Side
    filled: tuple[str, str] | None  # of a blank
    axis: MarginAxis


@dataclass(frozen=True)
class View:
    """One question with all that is shown of it."""

    compared: Compared
    number: int
    question: Question | None
    before: str | None
    after: str | None
    models: Sequence[Sequence[Row]]
    figures: Sequence[Figure]
    sentence: Text | None  # of the probe, of what was measured now
    needs_a_reason: bool


def render_regression(regression: Regression) -> str:
    """The whole page."""
    languages = shown_languages(regression.run.quiz.title, regression.run.quiz.questions)
    spans = spans_in(languages)
    gallery = Gallery()
    views = [_view(each, regression, gallery) for each in regression.compared]
    return render_page(
        page_environment(languages),
        "regress.html.j2",
        regression.run.quiz.title,
        short=_short(regression),
        finds=True,
        run=regression.run,
        baseline=regression.baseline,
        regression=regression,
        views=views,
        gallery=gallery,
        groups=[(drift, regression.summary[drift]) for drift in WORST_FIRST],
        to_do=[
            (drift, those)
            for drift in DRIFT_ACTIONS
            if (those := [view for view in views if view.compared.drift is drift])
        ],
        in_full=[
            view
            for drift in WORST_FIRST
            if drift is not Drift.SAME
            for view in views
            if view.compared.drift is drift
        ],
        same=[view for view in views if view.compared.drift is Drift.SAME],
        changes=[
            (_what(change.what, spans), change.then, change.now) for change in regression.changes
        ],
        headline=_headline(regression),
        tone=_tone(regression),
        error=number(200 * regression.baseline.question_error * len(regression.baseline.questions)),
        r=lambda key, **values: spans(REGRESS_WORDS[key], **values),
        drift_names=DRIFT_NAMES,
        drift_symbols=DRIFT_SYMBOLS,
        drift_meanings=DRIFT_MEANINGS,
        drift_actions=DRIFT_ACTIONS,
    )


def _view(each: Compared, regression: Regression, gallery: Gallery) -> View:
    question = each.now.question if each.now else _asked(regression, each.id)
    changed = (Drift.FLIPPED, Drift.LOST, Drift.FOUND, Drift.MOVED)
    shown = each.now is not None and each.drift in changed
    return View(
        compared=each,
        number=each.now.number if each.now else each.then.number if each.then else 0,
        question=question,
        before=_before(each, question),
        after=answer(each.now.question, each.now.measured) if each.now else None,
        models=list(_models(each)),
        figures=tuple(gallery.figures(then_and_now(_maps(each), each.now.illustrations)))
        if shown and each.now
        else (),
        sentence=told_by_probe(each.now, regression.run) if each.now else None,
        needs_a_reason=needs_a_reason(each),
    )


def _maps(each: Compared) -> Sequence[KeptMap]:
    return each.then.maps if each.then else ()


def _asked(regression: Regression, name: str) -> Question | None:
    return next((q for q in regression.run.quiz.questions if q.id == name), None)


def _before(each: Compared, question: Question | None) -> str | None:
    if each.then is None or each.then.measured is None:
        return None
    if question is None:
        return ", ".join(str(value) for value in each.then.measured)
    return answer(question, each.then.measured)


def _models(each: Compared) -> Iterator[list[Row]]:
    """The rows of each model that both runs measured on."""
    if each.then is None or each.now is None or not each.options:
        return
    old, new = each.then.standing(), standing_of(each.now)
    assert old is not None
    assert new is not None
    fits = fits_of(each.now)
    axes = margin_axes(each.now, (old, new))
    asked = {choice.id: choice for choice in choices(each.now.question)}
    for place, (then, now) in enumerate(zip(old.models, new.models, strict=True)):
        rows = []
        for option in then:
            reach = axes[option].reach
            rows.append(
                Row(
                    id=option,
                    text=asked[option].text if option in asked else None,
                    rule=asked[option].rule if option in asked else None,
                    drift=each.options[option],
                    then=_side(then[option], reach, _fits(option, each.then.fits, place)),
                    now=_side(now[option], reach, _fits(option, fits, place)),
                    filled=_filled(old.blanks.get(option), new.blanks.get(option)),
                    axis=axes[option],
                )
            )
        yield rows


def _fits(option: str, models: Sequence[Fits], place: int) -> tuple[int, int] | None:
    return models[place].get(option) if place < len(models) else None


def _side(finding: Finding, reach: float, fits: tuple[int, int] | None) -> Side:
    return Side(finding, margin_chart(finding.margin, reach, finding.holds), fits)


def _filled(then: Filling | None, now: Filling | None) -> tuple[str, str] | None:
    return None if then is None or now is None else (_filling(then), _filling(now))


def _filling(filling: Filling) -> str:
    return filling if isinstance(filling, str) else number(math.fsum(filling) / 2)


def _what(what: str, spans: Callable[..., Markup]) -> Markup:
    """The words for something that is different; a version's is the library's name."""
    for start, key in (("pack: ", "what_part"), ("code of ", "what_code")):
        if what.startswith(start):
            return spans(REGRESS_WORDS[key], name=what.removeprefix(start))
    key = f"what_{what}"
    return spans(REGRESS_WORDS[key]) if key in REGRESS_WORDS else escape(what)


def _short(regression: Regression) -> str:
    """A few signs that tell one page's tab from another's."""
    worst = next((drift for drift in WORST_FIRST if regression.summary[drift]), None)
    return f"{DRIFT_SYMBOLS[worst]} {regression.summary[worst]}" if worst else ""


def _headline(regression: Regression) -> tuple[str, int]:
    """The key of the words, and the number in them."""
    counts = regression.summary
    for key, drift in (
        ("standing_flipped", Drift.FLIPPED),
        ("standing_lost", Drift.LOST),
        ("standing_found", Drift.FOUND),
        ("standing_moved", Drift.MOVED),
        ("standing_open", Drift.NOT_COMPARED),
    ):
        if counts[drift]:
            return key, counts[drift]
    return "standing_same", counts[Drift.SAME]


def _tone(regression: Regression) -> str:
    counts = regression.summary
    if counts[Drift.FLIPPED]:
        return "bad"
    whole = counts[Drift.SAME] == len(regression.compared) and not regression.interrupted
    return "good" if whole else "plain"
