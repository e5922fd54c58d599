"""The conditions of an item of QTI 1.2: what is answered right, as far as a key here can say it.

A key that cannot be held whole is none: nobody is to be graded by a part of it in silence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.etree.ElementTree import Element

from quizproof.questions.exchange.decimals import read_number
from quizproof.questions.exchange.html_text import Note
from quizproof.questions.spec import AnyOf


@dataclass(frozen=True)
class Condition:
    """A condition under which points are given, and how many, by the item's own measure."""

    variable: Element
    worth: Decimal
    adds: bool


def scoring(item: Element) -> list[Condition]:
    """The conditions under which points are given."""
    return [
        Condition(variable, max(worths), adds)
        for condition in item.iter("respcondition")
        if (variable := condition.find("conditionvar")) is not None
        and (worths := [w for s in condition.iter("setvar") if (w := _worth(s)) > 0])
        for adds in [any(s.get("action", "").lower() == "add" for s in condition.iter("setvar"))]
    ]


def affirmed(condition: Element) -> Iterator[Element]:
    """The elements that are to be equal, without those that are not to be."""
    for child in condition:
        if child.tag == "varequal":
            yield child
        elif child.tag != "not":
            yield from affirmed(child)


def value(element: Element) -> str:
    return (element.text or "").strip()


def any_right(item: Element, letters: Mapping[str, str], note: Note) -> list[str] | AnyOf | None:
    """The option that is right where one is to be chosen, or any of several; None: no key."""
    worth = _worths(item, None)
    most = max(worth.values(), default=Decimal(0))
    right = [ident for ident, points in worth.items() if points == most]
    whole = len(right) == len(worth) and all(ident in letters for ident in right)
    if len(right) > 1 and whole and not any(map(_takes_several, scoring(item))):
        return AnyOf(any=[[letters[ident]] for ident in right])
    return _only(worth, letters, "options", note)


def right_of_list(
    item: Element, response: str, letters: Mapping[str, str], what: str, note: Note
) -> str | None:
    """The option that is right in the list called ``response``; None where there is no key."""
    found = _only(_worths(item, response), letters, f"choices in {what}", note)
    return found[0] if found else None


def all_right(item: Element, letters: Mapping[str, str], note: Note) -> list[str] | None:
    """The options that are all to be chosen; None where there is no key."""
    conditions = scoring(item)
    whole = _distinct(c for c in conditions if not c.adds)
    added = [c for c in conditions if c.adds]
    if not conditions:
        return None
    if len(whole) > 1 or any(c.variable.find(".//or") is not None for c in whole):
        note("no key: other choices than one are right in it as well; write 'expected'")
        return None
    if not whole and differ(c.worth for c in added):
        note("its options are worth different points there")
    right = {value(equal) for c in whole or added for equal in affirmed(c.variable)}
    if lost := right - letters.keys():
        note(f"no key: {len(lost)} right options are not among those taken over; write 'expected'")
        return None
    return [letter for ident, letter in letters.items() if ident in right]


def right_texts(item: Element, note: Note) -> list[str] | None:
    """The texts that are right; None where there is no key."""
    conditions = scoring(item)
    if any(c.variable.find(".//varsubstring") is not None for c in conditions):
        note("no key: it takes whatever contains a text; write each that is right as 'expected'")
        return None
    if any(e.get("case", "").lower() in ("yes", "true") for e in item.iter("varequal")):
        note("upper and lower case count in it; here they do not")
    worth = {text: points for text, points in _worths(item, None).items() if text}
    if partly := _partly(worth):
        note(f"no key: {_listed(partly)} gives a part of the points there; write 'expected'")
        return None
    return list(worth) or None


def worth_of_blanks(item: Element) -> dict[str, Decimal]:
    """The points for each blank or list, by its response."""
    found: dict[str, Decimal] = {}
    for condition in scoring(item):
        for equal in affirmed(condition.variable):
            response = equal.get("respident", "")
            found[response] = max(found.get(response, Decimal(0)), condition.worth)
    return found


def is_partly(item: Element, response: str) -> bool:
    """Tell whether some answer to ``response`` gives a part of its points."""
    return bool(_partly(_worths(item, response)))


def differ(worths: Iterable[Decimal]) -> bool:
    """Tell whether points are not the same for all, but for rounding."""
    found = list(worths)
    return bool(found) and max(found) - min(found) > Decimal("0.05")


def several(numbers: Sequence[str], note: Note) -> None:
    note(
        f"no key: {len(numbers)} different numbers are right in it ({_listed(numbers)}), and a "
        "blank here has one; write 'expected_number' or a range"
    )


def _takes_several(condition: Condition) -> bool:
    """Tell whether several are to be equal at once, which one answer never is."""
    return len(list(affirmed(condition.variable))) > 1 and condition.variable.find(".//or") is None


def _only(
    worth: Mapping[str, Decimal], letters: Mapping[str, str], what: str, note: Note
) -> list[str] | None:
    if not worth:
        return None
    right = [ident for ident, points in worth.items() if points == max(worth.values())]
    named = [letters[ident] for ident in right if ident in letters]
    if len(named) < len(right):
        note("no key: the right option is not among those taken over; write 'expected'")
    elif len(right) > 1:
        note(f"no key: {len(right)} {what} are right ({_listed(named)}); write 'expected'")
    elif partly := [letters.get(ident, ident) for ident in _partly(worth)]:
        note(
            f"no key: {_listed(named)} gives all of the points there, {_listed(partly)} a part; "
            "write 'expected'"
        )
    else:
        return named
    return None


def _worths(item: Element, response: str | None) -> dict[str, Decimal]:
    """The points for each value, of one response or of any."""
    worth: dict[str, Decimal] = {}
    for condition in scoring(item):
        for equal in affirmed(condition.variable):
            if response is None or equal.get("respident", "") == response:
                at = value(equal)
                worth[at] = max(worth.get(at, Decimal(0)), condition.worth)
    return worth


def _partly(worth: Mapping[str, Decimal]) -> list[str]:
    most = max(worth.values(), default=Decimal(0))
    return [answer for answer, points in worth.items() if points < most]


def _distinct(conditions: Iterable[Condition]) -> list[Condition]:
    found = {frozenset(map(value, affirmed(c.variable))): c for c in conditions}
    return list(found.values())


def _listed(names: Collection[str]) -> str:
    shown = [name if len(name) <= 40 else f"{name[:39]}…" for name in list(names)[:6]]
    return ", ".join([*shown, "…"] if len(names) > 6 else shown)


def _worth(setvar: Element) -> Decimal:
    try:
        return read_number(setvar.text)
    except ValueError:
        return Decimal(0)
