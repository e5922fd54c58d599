"""Losses of a quiz in a form, found by reading back what was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from quizproof.questions.exchange.decimals import Bounds, bounds, decimal_of, written_number
from quizproof.questions.exchange.languages import ALL, in_language, written_languages
from quizproof.questions.languages import language_name
from quizproof.questions.spec import (
    Blanks,
    DropDowns,
    Matching,
    MultipleChoice,
    NumberBlank,
    Option,
    Ordering,
    Question,
    SingleChoice,
    Text,
    TextBlank,
    keys_of,
)
from quizproof.questions.text import NO_LANGUAGE


def losses(asked: tuple[Question, ...], back: tuple[Question, ...], language: str) -> Iterator[str]:
    """A line for everything of ``asked`` that ``back``, which was read again, does not have."""
    found = {question.id: question for question in back}
    for question in asked:
        again = found.get(question.id)
        if again is not None:  # else it is told of where it was left out
            for line in _lost(in_language(question, language), again):
                yield f"{question.id}: {line}"
    if measured := sum(question.probe is not None for question in asked):
        yield (
            f"the probes and rules of {measured} question{'' if measured == 1 else 's'}, and what "
            "they are about, stay behind: "
            "no such form has a place for them"
        )
    others = [language_name(other).en for other in written_languages(asked) if other != language]
    if language != ALL and others:
        yield f"the texts in {', '.join(others)} stay behind; without --language all are written"


def _same(text: Text, back: Text) -> bool:
    """True where a reader of any language of ``text`` is told the same by both."""
    return all(text.in_(language) == back.in_(language) for language in text.languages or ["en"])


def _lost(question: Question, back: Question) -> Iterator[str]:
    if question.full_credit is not None:
        yield "that everyone has the points stays behind: give them there by hand"
    if question.points != back.points:
        was, now = (written_number(decimal_of(points)) for points in (question.points, back.points))
        yield f"points: {was} is read back as {now}"
    if question.topic != back.topic:
        yield f"topic: {question.topic} is read back as {back.topic}"
    if not _same(question.prompt, back.prompt):
        yield f"prompt: {_difference(question.prompt, back.prompt)}"
    if isinstance(question, MultipleChoice) and question.choose is not None:
        yield f"that {question.choose} are to be chosen is left to the prompt"
    if question.kind != back.kind:
        yield f"kind: {question.kind} becomes {back.kind}"
    elif isinstance(question, DropDowns) and isinstance(back, DropDowns):
        yield from _parts("parts", question.parts, back.parts)
        for (part, down), again in zip(question.parts.items(), back.parts.values(), strict=False):
            yield from _options(down.options, again.options, part)
            yield from _key(_listed(down.expected), _listed(again.expected))
    elif isinstance(question, Matching) and isinstance(back, Matching):
        yield from _parts("items", question.items, back.items)
        yield from _matched(question, back)
    elif isinstance(question, Ordering) and isinstance(back, Ordering):
        yield from _ordered(question, back)
    elif isinstance(question, Blanks) and isinstance(back, Blanks):
        yield from _parts("blanks", question.blanks, back.blanks)
        for (part, blank), other in zip(
            question.blanks.items(), back.blanks.values(), strict=False
        ):
            yield from _blank(part, blank, other)
    elif isinstance(question, SingleChoice | MultipleChoice) and isinstance(
        back, SingleChoice | MultipleChoice
    ):
        yield from _options(question.options, back.options, "")
        yield from _keys(keys_of(question.expected), keys_of(back.expected))


def _parts(what: str, parts: Mapping[str, object], back: Mapping[str, object]) -> Iterator[str]:
    if list(parts) != list(back):
        yield f"{what}: {_names(parts)} become {_names(back)}"


def _matched(question: Matching, back: Matching) -> Iterator[str]:
    """Differences of choices and pairs, by their words: a form may have letters of its own."""
    texts, again = list(question.choices.values()), list(back.choices.values())
    if sorted(text.en for text in texts) != sorted(text.en for text in again):
        yield "its choices are read back otherwise"
    elif not all(map(_same, texts, again)):
        yield "its choices come in another order"
    for (part, item), other in zip(question.items.items(), back.items.values(), strict=False):
        if not _same(item.text, other.text):
            yield f"item {part}: {_difference(item.text, other.text)}"
        right = question.choices.get(item.expected or "")
        found = back.choices.get(other.expected or "")
        if right is None:
            yield f"item {part} has no key: nobody gets points for it there"
        elif found is None or not _same(right, found):
            yield f"item {part}: its key is read back otherwise"


def _ordered(question: Ordering, back: Ordering) -> Iterator[str]:
    """Differences of items and their order, by their words: a form may have letters of its own."""
    texts, again = ([item.text for item in q.items.values()] for q in (question, back))
    if sorted(text.en for text in texts) != sorted(text.en for text in again):
        yield "its items are read back otherwise"
    elif not all(map(_same, texts, again)):
        yield "its items are listed in another order"
    if question.expected is None:
        yield "it has no key: nobody gets points for it there"
        return
    order, found = ([q.items[i].text for i in q.expected or ()] for q in (question, back))
    if len(order) != len(found) or not all(map(_same, order, found)):
        yield "its order is read back otherwise"


def _listed(expected: str | None) -> list[str] | None:
    return None if expected is None else [expected]


def _options(options: Mapping[str, Option], back: Mapping[str, Option], part: str) -> Iterator[str]:
    if list(options) != list(back):
        yield f"options: {_names(options)} become {_names(back)}"
    for (name, option), other in zip(options.items(), back.values(), strict=False):
        if not _same(option.text, other.text):
            yield f"option {part}{name}: {_difference(option.text, other.text)}"


def _key(expected: Sequence[str] | None, back: Sequence[str] | None) -> Iterator[str]:
    if expected is None:
        yield "it has no key: nobody gets points for it there"
    elif back is None or sorted(set(expected)) != sorted(back):
        yield f"key: {_names(expected)} becomes {_names(back or ())}"


def _keys(keys: Sequence[Sequence[str]], back: Sequence[Sequence[str]]) -> Iterator[str]:
    if max(len(keys), len(back)) <= 1:
        yield from _key(next(iter(keys), None), next(iter(back), None))
    elif not back:
        yield f"its {len(keys)} keys have no place there: nobody gets points for it there"
    elif sorted(map(sorted, keys)) != sorted(map(sorted, back)):
        was, now = (" / ".join(map(_names, those)) for those in (keys, back))
        yield f"keys: {was} become {now}"


def _blank(
    part: str, blank: TextBlank | NumberBlank, back: TextBlank | NumberBlank
) -> Iterator[str]:
    if isinstance(blank, TextBlank):
        expected = back.expected if isinstance(back, TextBlank) else None
        if blank.expected is None:
            yield f"blank {part} has no key: nobody gets points for it there"
        elif list(dict.fromkeys(blank.expected)) != expected:
            yield f"blank {part}: '{_names(blank.expected)}' becomes '{_names(expected or ())}'"
        return
    within = bounds(blank)
    if within is None:
        yield f"blank {part} has no key: nobody gets points for it there"
    elif isinstance(back, TextBlank):
        words = _names(back.expected or ())
        yield f"blank {part}: right only as the word '{words}'; its tolerance is lost"
    elif not _same_bounds(within, bounds(back)):
        yield f"blank {part}: its number or tolerance changes"
    elif blank.expected_number is not None and back.expected_number is None:
        yield f"blank {part}: its range stays, the number {blank.expected_number:g} in it does not"
    elif type(blank.tolerance) is not type(back.tolerance):
        yield f"blank {part}: the tolerance is written as the numbers that it comes to"


def _same_bounds(asked: Bounds, back: Bounds | None) -> bool:
    """True where the same numbers are right, to the digits that a number has here."""
    (_, *ends), (_, *others) = asked, back or (None, None, None)
    return [float(end) for end in ends] == [float(end) for end in others if end is not None]


def _difference(text: Text, back: Text) -> str:
    """The first difference of two texts, whose words are too long to show."""
    for language in text.languages or [NO_LANGUAGE]:
        one, other = text.in_(language), back.in_(language)
        if one != other:
            named = f"the {language_name(language).en} text" if language else "it"
            place = next(
                (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
                min(len(one), len(other)),
            )
            return (
                f"{named} is read back otherwise from character {place + 1} "
                f"({one[place : place + 12]!r}, {other[place : place + 12]!r})"
            )
    return "it is read back otherwise"


def _names(names: Mapping[str, object] | Sequence[str]) -> str:
    return ", ".join(names) or "nothing"
