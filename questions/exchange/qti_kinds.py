"""Each kind of question as Canvas writes it in QTI 1.2, read into ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import TypeAlias
from xml.etree.ElementTree import Element

from quizproof.questions.exchange.decimals import number_blank, read_number
from quizproof.questions.exchange.exchanged import ABOUT, NotHeldError
from quizproof.questions.exchange.html_text import Note
from quizproof.questions.exchange.languages import one_line_of, read_line, read_prompt
from quizproof.questions.exchange.naming import option_letters, part_names
from quizproof.questions.spec import (
    Blanks,
    DropDown,
    DropDowns,
    MultipleChoice,
    NumberBlank,
    Option,
    Question,
    SingleChoice,
    TextBlank,
)

Kind: TypeAlias = Callable[[Element, float, Note], Question]


def _single(item: Element, points: float, note: Note) -> Question:
    prompt = read_prompt(_prompt_html(item), (), note)
    letters, options = _options(_response(item, "response_lid"), note, prompt.languages)
    key = _chosen(item, letters)
    return SingleChoice(
        kind="single", points=points, about=ABOUT, prompt=prompt, options=options, expected=key
    )


def _multiple(item: Element, points: float, note: Note) -> Question:
    prompt = read_prompt(_prompt_html(item), (), note)
    letters, options = _options(_response(item, "response_lid"), note, prompt.languages)
    key = _chosen(item, letters)
    return MultipleChoice(
        kind="multiple", points=points, about=ABOUT, prompt=prompt, options=options, expected=key
    )


def _dropdowns(item: Element, points: float, note: Note) -> Question:
    lists = _lists(item)
    names = part_names(list(lists))
    prompt = read_prompt(_renamed(_prompt_html(item), names), names.values(), note)
    right = _added(item)
    parts = {}
    for blank_name, response in lists.items():
        letters, options = _options(response, note, prompt.languages)
        keys = [
            letters[ident] for ident in right.get(response.get("ident", ""), []) if ident in letters
        ]
        if len(keys) > 1:
            note(f"blank {blank_name} has {len(keys)} right choices; the first is taken")
        parts[names[blank_name]] = DropDown(options=options, expected=keys[0] if keys else None)
    return DropDowns(kind="dropdowns", points=points, about=ABOUT, prompt=prompt, parts=parts)


def _fill_in(item: Element, points: float, note: Note) -> Question:
    lists = _lists(item)
    names = part_names(list(lists))
    prompt = read_prompt(_renamed(_prompt_html(item), names), names.values(), note)
    blanks: dict[str, TextBlank | NumberBlank] = {}
    for blank_name, response in lists.items():
        words = [_line(label, note) for label in response.iter("response_label")]
        blanks[names[blank_name]] = TextBlank(
            expected=list(dict.fromkeys(filter(None, words))) or None
        )
    return Blanks(kind="blanks", points=points, about=ABOUT, prompt=prompt, blanks=blanks)


def _short_answer(item: Element, points: float, note: Note) -> Question:
    html = _prompt_html(item)
    part = _only_part(html)
    prompt = read_prompt(html, (part,), note)
    words = [
        (equal.text or "").strip()
        for condition in _scoring(item)
        for equal in condition.iter("varequal")
    ]
    blank = TextBlank(expected=list(dict.fromkeys(filter(None, words))) or None)
    return Blanks(kind="blanks", points=points, about=ABOUT, prompt=prompt, blanks={part: blank})


def _numerical(item: Element, points: float, note: Note) -> Question:
    html = _prompt_html(item)
    part = _only_part(html)
    prompt = read_prompt(html, (part,), note)
    try:
        found = [_number(condition, note) for condition in _scoring(item)]
    except ValueError as error:
        raise NotHeldError(str(error)) from None
    if len(found) > 1:
        note(f"{len(found)} right numbers; the first is taken")
    blank = found[0] if found else NumberBlank(tolerance=0.0)
    return Blanks(kind="blanks", points=points, about=ABOUT, prompt=prompt, blanks={part: blank})


KINDS: Mapping[str, Kind] = {
    "multiple_choice_question": _single,
    "true_false_question": _single,
    "multiple_answers_question": _multiple,
    "multiple_dropdowns_question": _dropdowns,
    "fill_in_multiple_blanks_question": _fill_in,
    "short_answer_question": _short_answer,
    "numerical_question": _numerical,
}


def _number(condition: Element, note: Note) -> NumberBlank:
    exact = condition.find(".//varequal")
    number = None if exact is None else read_number(exact.text)
    low, high = _bound(condition, ("vargte", "vargt")), _bound(condition, ("varlte", "varlt"))
    if condition.find(".//vargt") is not None or condition.find(".//varlt") is not None:
        note("a bound that is not itself right is taken as right")
    if low is None and high is None:
        if number is None:
            raise NotHeldError("no number is right")
        return number_blank(number, number, number)
    if low is None or high is None:
        raise NotHeldError("its range is open at one end")
    if low > high:
        raise NotHeldError("its range ends before it begins")
    return number_blank(number, low, high)


def _bound(condition: Element, tags: tuple[str, ...]) -> Decimal | None:
    for tag in tags:
        if (found := condition.find(f".//{tag}")) is not None:
            return read_number(found.text)
    return None


def _prompt_html(item: Element) -> str:
    presentation = item.find("presentation")
    if presentation is None:
        raise NotHeldError("it has no presentation")
    # the prompt stands by itself or in a flow, beside the responses
    parents = [presentation, *presentation.findall("flow")]
    pieces = [
        _as_html(mattext)
        for parent in parents
        for material in parent.findall("material")
        for mattext in material.findall("mattext")
    ]
    return "\n".join(pieces)


def _as_html(mattext: Element) -> str:
    """A text as HTML, whichever it is written as."""
    text = "".join(mattext.itertext())
    return text if _is_html(mattext) else escape(text, quote=False).replace("\n", "<br>")


def _is_html(mattext: Element) -> bool:
    return mattext.get("texttype", "").lower() in ("text/html", "html")


def _response(item: Element, tag: str) -> Element:
    response = item.find(f".//{tag}")
    if response is None:
        raise NotHeldError("it has nothing to choose from")
    return response


def _options(
    response: Element, note: Note, languages: Sequence[str]
) -> tuple[dict[str, str], dict[str, Option]]:
    """The letters by ident, and the options by letter."""
    labels = list(response.iter("response_label"))
    letters = option_letters([label.get("ident", "") for label in labels])
    options = {
        letters[label.get("ident", "")]: Option(text=read_line(_line(label, note), languages))
        for label in labels
    }
    return letters, options


def _line(label: Element, note: Note) -> str:
    """The text of an option."""
    texts = []
    for mattext in label.iter("mattext"):
        text = "".join(mattext.itertext())
        if _is_html(mattext):
            text = one_line_of(text, note)
        texts.append(text.strip())
    if label.find(".//matimage") is not None:
        note("an image is left out")
    return " ".join(filter(None, texts))


def _lists(item: Element) -> dict[str, Element]:
    """The lists or blanks by the name that the prompt has for them."""
    found = {}
    for response in item.iter("response_lid"):
        name = (response.findtext("material/mattext") or "").strip()
        name = name or response.get("ident", "").removeprefix("response_")
        if name in found:
            raise NotHeldError(f"two blanks are called {name[:40]}")
        found[name] = response
    if not found:
        raise NotHeldError("it has no blanks")
    return found


def _only_part(prompt: str) -> str:
    """The name that the prompt has for its one blank, or 1."""
    named = set(re.findall(r"\[([a-z0-9]{1,8})\]", prompt))
    return named.pop() if len(named) == 1 else "1"


def _renamed(prompt: str, names: Mapping[str, str]) -> str:
    return re.sub(r"\[([^\[\]]+)\]", lambda m: f"[{names.get(m[1], m[1])}]", prompt)


def _scoring(item: Element) -> Iterator[Element]:
    """The conditions under which points are given."""
    for condition in item.iter("respcondition"):
        variable = condition.find("conditionvar")
        if variable is not None and any(_gives(setvar) for setvar in condition.iter("setvar")):
            yield variable


def _gives(setvar: Element) -> bool:
    try:
        return read_number(setvar.text) > 0
    except ValueError:
        return False


def _chosen(item: Element, letters: Mapping[str, str]) -> list[str] | None:
    """The options that are to be chosen; None where no condition gives points."""
    conditions = list(_scoring(item))
    if not conditions:
        return None
    right = {
        (equal.text or "").strip() for condition in conditions for equal in _affirmed(condition)
    }
    return [letter for ident, letter in letters.items() if ident in right]


def _affirmed(condition: Element) -> Iterator[Element]:
    """The elements that are to be equal, without those that are not to be."""
    for child in condition:
        if child.tag == "varequal":
            yield child
        elif child.tag != "not":
            yield from _affirmed(child)


def _added(item: Element) -> dict[str, list[str]]:
    """The right idents by the list's own."""
    right: dict[str, list[str]] = {}
    for condition in _scoring(item):
        for equal in _affirmed(condition):
            right.setdefault(equal.get("respident", ""), []).append((equal.text or "").strip())
    return right
