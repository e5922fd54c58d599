"""The report of a run as an HTML page, and the environment that pages are made in."""

from __future__ import annotations

import base64
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from quizproof.probes.engine import reasons
from quizproof.probes.engine.results import Outcome, Run, State
from quizproof.questions import pictures
from quizproof.questions.languages import language_name, own_name, shown_languages
from quizproof.questions.spec import Question, Text
from quizproof.reports import words
from quizproof.reports.charts.colours import stops
from quizproof.reports.charts.gallery import Gallery
from quizproof.reports.counting import filled
from quizproof.reports.numbers import number, points, signed, signed_points, word
from quizproof.reports.page import render_page
from quizproof.reports.question_view import question_view, yaml_value
from quizproof.reports.viewer_words import VIEWER_WORDS

TEMPLATES = Path(__file__).parent / "templates"

# Most urgent first
_STATES = (
    State.CONTRADICTED,
    State.KEY_INVALID,
    State.FAILED,
    State.MISSING,
    State.UNDECIDED,
    State.STAND_IN_DIFFERS,
    State.STAND_IN_AGREES,
    State.CONFIRMED,
)
_WRONG = (State.CONTRADICTED, State.KEY_INVALID)
_STAND_INS = (State.STAND_IN_DIFFERS, State.STAND_IN_AGREES)
_IN_FULL = 300  # questions whose evidence is in the page, the most urgent first
_CARDS = 60


def render_html(run: Run, back: str = "") -> str:
    """The whole report of ``run``, in the languages of its quiz; ``back`` is the page above it."""
    languages = shown_languages(run.quiz.title, run.quiz.questions)
    gallery = Gallery()
    urgent_first = sorted(run.results, key=lambda result: _STATES.index(result.state))
    questions = [  # pictures of what is not shown in full are in no gallery of the page
        question_view(result, run, gallery if place < _IN_FULL else Gallery())
        for place, result in enumerate(urgent_first)
    ]
    counts = Counter(result.state for result in run.results)
    proven = counts[State.CONFIRMED]
    wrong = [view for view in questions if view.result.state in _WRONG]
    return render_page(
        page_environment(languages),
        "report.html.j2",
        run.quiz.title,
        short=_short_title(len(wrong), proven, run),
        run=run,
        back=back,
        questions=questions,
        in_full=_IN_FULL,
        gallery=gallery,
        wrong=wrong,
        wrong_ids={view.result.question.id for view in wrong},
        cards=_CARDS,
        proven=proven,
        unsettled=run.asked - len(wrong) - proven,
        on_stand_in=_on_stand_in(run),
        of_these=_of_unsettled(run),
        stand_ins=sum(counts[state] for state in _STAND_INS),
        unnamed=[r.question.id for r in run.results if r.unnamed and r.state in _STAND_INS],
        states=_STATES,
        topics=list(dict.fromkeys(q.topic for q in _asked(run) if q.topic)),
        kinds=list(dict.fromkeys(view.kind for view in questions)),
        tone=_tone(run),
        seconds=sum(result.seconds for result in run.results),
    )


def _on_stand_in(run: Run) -> tuple[tuple[str, int], ...]:
    """Keys of the words for what came out on a stand-in model, and how many each is of."""
    states = Counter(result.state for result in run.results)
    nothing_else = sum(
        result.state is State.STAND_IN_DIFFERS and not result.measured for result in run.results
    )
    return (
        ("of_agree", states[State.STAND_IN_AGREES]),
        ("of_differ", states[State.STAND_IN_DIFFERS] - nothing_else),
        ("of_ruled_out", nothing_else),
    )


def _of_unsettled(run: Run) -> tuple[tuple[str, int], ...]:
    """Keys of the words for what else is not settled, and how many each is of."""
    found = Counter(r.finding for r in run.results if r.state is State.UNDECIDED)
    return (
        ("of_several", found[Outcome.SEVERAL_FIT]),
        ("of_none", found[Outcome.NONE_FITS]),
        ("of_open", found[Outcome.OPEN]),
        ("of_keyless", found[None]),
        ("of_unmeasured", _unmeasured(run)),
    )


def _asked(run: Run) -> list[Question]:
    return [result.question for result in run.results]


def _unmeasured(run: Run) -> int:
    lacking = (State.MISSING, State.FAILED)
    return run.asked - len(run.results) + sum(r.state in lacking for r in run.results)


def _short_title(wrong: int, proven: int, run: Run) -> str:
    """A few signs that tell one page's tab from another's."""
    if wrong:
        return f"✗ {wrong}"
    return f"✓ {proven}" if proven == run.asked else f"? {run.asked - proven}"


@cache
def page_environment(languages: tuple[str, ...]) -> Environment:
    """The environment that the pages of a run are made in, which are offered in ``languages``."""
    return environment_with({}, languages)


def environment_with(said: Mapping[str, Text], languages: tuple[str, ...]) -> Environment:
    """The same, with other words for some things."""
    spans = spans_in(languages)
    all_words = {**words.WORDS, **VIEWER_WORDS, **said}
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        t=lambda key, **values: spans(all_words[key], **values),
        spans=spans,
        asked=asked_in(languages),
        words=lambda found: spans(found) if isinstance(found, Text) else escape(found),
        languages=languages,
        own_name=own_name,
        language_name=language_name,
        names=words.NAMES,
        symbols=words.SYMBOLS,
        meanings=words.MEANINGS,
        findings=words.FINDINGS,
        stops=stops,
        infinity=math.inf,
    )
    environment.filters.update(
        number=number,
        enumerated=reasons.enumerated,
        points=points,
        signed=signed,
        signed_points=signed_points,
        word=word,
        slug=_slug,
        mark=_mark,
        yaml_value=yaml_value,
        coded=_coded,
    )
    return environment


def _in_words(said: str) -> Markup:
    return escape(pictures.in_words(said))


def spans_in(
    languages: Sequence[str], written_as: Callable[[str], Markup] = _in_words
) -> Callable[..., Markup]:
    """Return the function that writes a text for a page which is offered in ``languages``.

    It has a span for each that has words of its own, of which the page shows one. ``values`` are
    filled in, each that is a text in the language around it.
    """

    def spans(text: Text, **values: object) -> Markup:
        shown: dict[tuple[str, Markup], list[str]] = {}
        for language in languages:
            words_ = written_as(text.in_(language))
            if values:
                told = {n: _in(v, language) for n, v in values.items()}
                words_ = Markup(filled(words_, told))  # noqa: S704 (words and values are escaped)
            shown.setdefault((text.language_for(language), words_), []).append(language)
        written = (
            '<span class="t{}"{}>{}</span>'.format(
                "".join(f" in-{language}" for language in readers) if len(shown) > 1 else "",
                f' lang="{tag}"' if tag else "",
                words_,
            )
            for (tag, words_), readers in shown.items()
        )
        return Markup("".join(written))  # noqa: S704 (words are escaped, tags are letters and -)

    return spans


def asked_in(languages: Sequence[str]) -> Callable[[Text, Mapping[str, bytes]], Markup]:
    """Return the function that writes a text of a quiz, with its pictures, for such a page.

    A picture that cannot be shown is its alternative text.
    """

    def asked(text: Text, files: Mapping[str, bytes]) -> Markup:
        return spans_in(languages, lambda said: _with_pictures(said, files))(text)

    return asked


def _with_pictures(said: str, files: Mapping[str, bytes]) -> Markup:
    return Markup("").join(
        escape(piece) if isinstance(piece, str) else _image(*piece, files)
        for piece in pictures.pieces(said)
    )


def _image(words_: str, name: str, files: Mapping[str, bytes]) -> Markup:
    try:
        shown = pictures.sound(files.get(name, b""))
    except pictures.PictureError:
        return escape(f"({words_ or name})")
    return Markup('<img class="shown" src="{}" alt="{}" width="{}" height="{}">').format(
        f"data:{shown.media_type};base64,{base64.b64encode(shown.content).decode('ascii')}",
        words_,
        shown.width,
        shown.height,
    )


def _in(value: object, language: str) -> Markup:
    return escape(value.in_(language) if isinstance(value, Text) else value)


def _coded(text: str) -> Markup:
    """``text`` with what stands between backquotes as code."""
    parts = enumerate(text.split("`"))
    return Markup("").join(Markup("<code>{}</code>").format(p) if k % 2 else p for k, p in parts)


def _slug(state: State) -> str:
    return str(state).replace(" ", "-")


def _mark(text: str) -> Markup:
    """An id or an answer within a sentence, kept apart from the writing direction around it."""
    return Markup('<bdi class="mark">{}</bdi>').format(text)


def _tone(run: Run) -> str:
    """The colour of the headline; green for nothing less than the whole quiz confirmed."""
    counts = run.summary
    if counts[State.CONTRADICTED] or counts[State.KEY_INVALID]:
        return "bad"
    return "good" if counts[State.CONFIRMED] == len(run.quiz.questions) == run.asked else "plain"
