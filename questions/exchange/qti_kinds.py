"""Each kind of question as Canvas writes it in QTI 1.2, read into ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias
from xml.etree.ElementTree import Element

from quizproof.questions.exchange.decimals import Bounds, number_blank, read_number, written_number
from quizproof.questions.exchange.exchanged import ABOUT, NotHeldError
from quizproof.questions.exchange.html_text import Note
from quizproof.questions.exchange.languages import read_prompt
from quizproof.questions.exchange.matching import read_matching
from quizproof.questions.exchange.naming import part_names
from quizproof.questions.exchange.ordering import read_ordering
from quizproof.questions.exchange.qti_blanks import blanks_or_lists, lists
from quizproof.questions.exchange.qti_conditions import (
    all_right,
    any_right,
    right_texts,
    scoring,
    several,
)
from quizproof.questions.exchange.qti_texts import options_of, prompt_html, renamed
from quizproof.questions.fields import PART
from quizproof.questions.spec import (
    Blanks,
    MultipleChoice,
    NumberBlank,
    Question,
    SingleChoice,
    TextBlank,
)

Kind: TypeAlias = Callable[[Element, float, Note], Question]


def _single(item: Element, points: float, note: Note) -> Question:
    prompt = read_prompt(prompt_html(item), (), note)
    letters, options = options_of(_labels(item), note, prompt.languages)
    key = any_right(item, letters, note)
    return SingleChoice(
        kind="single", points=points, about=ABOUT, prompt=prompt, options=options, expected=key
    )


def _multiple(item: Element, points: float, note: Note) -> Question:
    prompt = read_prompt(prompt_html(item), (), note)
    letters, options = options_of(_labels(item), note, prompt.languages)
    key = all_right(item, letters, note)
    return MultipleChoice(
        kind="multiple", points=points, about=ABOUT, prompt=prompt, options=options, expected=key
    )


def _short_answer(item: Element, points: float, note: Note) -> Question:
    key = right_texts(item, note)
    return _of_one_blank(item, points, TextBlank(expected=key), key or (), note)


def _numerical(item: Element, points: float, note: Note) -> Question:
    conditions = scoring(item)
    if len({condition.worth for condition in conditions}) > 1:
        note("no key: some numbers give a part of the points there; write 'expected_number'")
        return _of_one_blank(item, points, NumberBlank(tolerance=0.0), (), note)
    found = [number for condition in conditions for number in _numbers(condition.variable, note)]
    right = list(dict.fromkeys(found))
    if len(right) > 1:
        several([_written(number) for number in right], note)
    blank = number_blank(*right[0]) if len(right) == 1 else NumberBlank(tolerance=0.0)
    return _of_one_blank(item, points, blank, (), note)


KINDS: Mapping[str, Kind] = {
    "multiple_choice_question": _single,
    "true_false_question": _single,
    "multiple_answers_question": _multiple,
    "multiple_dropdowns_question": lists,
    "matching_question": read_matching,
    "ordering_question": read_ordering,
    "fill_in_multiple_blanks_question": blanks_or_lists,
    "short_answer_question": _short_answer,
    "numerical_question": _numerical,
}


def _of_one_blank(
    item: Element,
    points: float,
    blank: TextBlank | NumberBlank,
    words: list[str] | tuple[()],
    note: Note,
) -> Question:
    html = prompt_html(item)
    named = set(re.findall(rf"\[({PART})\]", html))
    called = named.pop() if len(named) == 1 else "1"
    names = part_names([called], words)
    prompt = read_prompt(renamed(html, names), names.values(), note)
    return Blanks(
        kind="blanks", points=points, about=ABOUT, prompt=prompt, blanks={names[called]: blank}
    )


def _labels(item: Element) -> list[Element]:
    response = item.find(".//response_lid")
    if response is None:
        raise NotHeldError("it has nothing to choose from")
    return list(response.iter("response_label"))


def _numbers(condition: Element, note: Note) -> Iterator[Bounds]:
    """The right numbers of a condition, each with the bounds within which."""
    if condition.find(".//vargt") is not None or condition.find(".//varlt") is not None:
        note("a bound that is not itself right is taken as right")
    exact = [read_number(found.text) for found in condition.iter("varequal")]
    lows, highs = _bounds(condition, "vargte", "vargt"), _bounds(condition, "varlte", "varlt")
    if not exact and not lows and not highs:
        raise NotHeldError("no number is right")
    if (lows or highs) and len(lows) != len(highs):
        raise NotHeldError("its range is open at one end; give it both")
    if any(low > high for low, high in zip(lows, highs, strict=True)):
        raise NotHeldError("its range ends before it begins")
    low, high = (lows or exact)[0], (highs or exact)[0]
    if len(exact) <= 1 and len(lows) <= 1 and all(low <= number <= high for number in exact):
        yield exact[0] if exact else None, low, high
        return
    yield from ((number, number, number) for number in exact)
    if not exact or len(lows) == 1:
        yield from ((None, low, high) for low, high in zip(lows, highs, strict=True))


def _bounds(condition: Element, *tags: str) -> list[Decimal]:
    return [read_number(found.text) for found in condition.iter() if found.tag in tags]


def _written(number: Bounds) -> str:
    exact, low, high = number
    if exact is None:
        return f"{written_number(low)} to {written_number(high)}"
    return written_number(exact)
