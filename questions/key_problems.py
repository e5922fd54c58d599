"""Problems of a key, whatever is measured: it expects nothing, or what is not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quizproof.questions.problems import Problem
from quizproof.questions.question import Accepted
from quizproof.questions.spec import (
    AnyOf,
    Blanks,
    Lists,
    Matching,
    MultipleChoice,
    NumberBlank,
    Ordering,
    Question,
    Range,
    Relative,
    SingleChoice,
    TextBlank,
    choices,
    expected_answers,
    keys_of,
)
from quizproof.questions.yaml_file import Document, Path_


def key_problems(question: Question, document: Document) -> Iterator[Problem]:
    """Problems of the key of ``question``, whose file is ``document``.

    Where everyone has the points, there need be no key.
    """
    if question.accepted is not None:
        yield from _of_acceptance(question, question.accepted, document)
    needed = question.full_credit is None
    if isinstance(question, SingleChoice | MultipleChoice):
        yield from _of_choices(question, document, needed)
    elif isinstance(question, Ordering):
        yield from _of_order(question, document, needed)
    elif isinstance(question, Lists):
        called = "item" if isinstance(question, Matching) else "part"
        for part, down in question.parts.items():
            place = (f"{called}s", part)
            if down.expected is None:
                if needed:
                    what = f"{called} {part} expects nothing"
                    yield document.problem(place, what, "add 'expected'")
            elif down.expected not in down.options:
                yield document.problem(
                    (*place, "expected"),
                    f"{called} {part} expects {down.expected}, which is no option",
                    f"name one of {', '.join(down.options)}",
                )
    else:
        for part, blank in question.blanks.items():
            if needed and (key := _missing_key(blank)):
                yield document.problem(
                    ("blanks", part), f"blank {part} expects nothing", f"add '{key}'"
                )
            if isinstance(blank, NumberBlank):
                for what, mend in _tolerance_problems(blank):
                    yield document.problem(
                        ("blanks", part, "tolerance"), f"blank {part}: {what}", mend
                    )


def _of_acceptance(question: Question, accepted: Accepted, document: Document) -> Iterator[Problem]:
    place = ("accepted", "measured")
    if tuple(accepted.measured) in expected_answers(question):
        yield document.problem(
            place, "what is accepted is what the key expects", "remove 'accepted'"
        )
    if isinstance(question, Blanks):
        if len(accepted.measured) != len(question.blanks):
            yield document.problem(
                place,
                f"{len(accepted.measured)} answers for {len(question.blanks)} blanks",
                "copy 'measured' out of verify --json",
            )
        return
    if isinstance(question, Ordering):
        known = list(question.items)
    else:
        known = [choice.id for choice in choices(question)]
    for number, option in enumerate(accepted.measured):
        if option not in known:
            yield document.problem(
                (*place, number),
                f"accepted option {option} is not among the options",
                f"name of {', '.join(known)}",
            )


def _of_order(question: Ordering, document: Document, needed: bool) -> Iterator[Problem]:
    if question.expected is None:
        if needed:
            yield document.problem((), "the question expects nothing", "add 'expected'")
    elif sorted(question.expected) != sorted(question.items):
        yield document.problem(
            ("expected",),
            f"{', '.join(question.expected) or 'nothing'} is no order of the items",
            f"name each of {', '.join(question.items)} once",
        )


def _missing_key(blank: TextBlank | NumberBlank) -> str | None:
    if isinstance(blank, TextBlank):
        return "expected" if blank.expected is None else None
    has_key = blank.expected_number is not None or isinstance(blank.tolerance, Range)
    return None if has_key else "expected_number"


def _tolerance_problems(blank: NumberBlank) -> Iterator[tuple[str, str]]:
    number = blank.expected_number
    match blank.tolerance:
        case Range(range=[low, high]) if low > high:
            yield "the range ends before it begins", f"write [{high:g}, {low:g}]"
        case Range(range=[low, high]) if number is not None and not low <= number <= high:
            yield f"{number:g} is expected, which the range leaves out", "mend one of them"
        case Relative() if number == 0:
            yield "a share of 0 leaves no room", "write an absolute tolerance, as 0.01"


def _of_choices(
    question: SingleChoice | MultipleChoice, document: Document, needed: bool
) -> Iterator[Problem]:
    if question.expected is None and needed:
        yield document.problem((), "the question expects nothing", "add 'expected'")
    seen: list[frozenset[str]] = []
    for number, key in enumerate(keys_of(question.expected)):
        several = isinstance(question.expected, AnyOf)
        place: Path_ = ("expected", "any", number) if several else ("expected",)
        yield from _of_key(question, document, key, place)
        if frozenset(key) in seen:
            yield document.problem(place, "one key stands twice", "keep one")
        seen.append(frozenset(key))
    if isinstance(question, MultipleChoice) and (question.choose or 0) > len(question.options):
        yield document.problem(
            ("choose",),
            f"choose {question.choose} of {len(question.options)} options",
            "choose fewer",
        )


def _of_key(
    question: SingleChoice | MultipleChoice, document: Document, key: Sequence[str], place: Path_
) -> Iterator[Problem]:
    """Problems of one of the keys that are accepted, which stands at ``place``."""
    for option in [option for option in key if option not in question.options]:
        yield document.problem(
            (*place, key.index(option)),
            f"expected option {option} is not among the options",
            f"name one of {', '.join(question.options)}",
        )
    if len(set(key)) != len(key):
        yield document.problem(place, "an option is expected twice", "name it once")
    wanted = 1 if isinstance(question, SingleChoice) else question.choose
    if wanted is not None and len(set(key)) != wanted:
        yield document.problem(
            place,
            f"choose {wanted}, but {len(set(key))} expected",
            f"expect {wanted}, or change what is to be chosen",
        )
