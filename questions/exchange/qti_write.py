"""A question as an item of QTI 1.2, in the dialect of Canvas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement

from quizproof.questions.exchange.decimals import bounds, decimal_of, half_way, written_number
from quizproof.questions.exchange.languages import (
    by_lang,
    in_one_line,
    names_part,
    parts_of,
    prompt_html,
    written_languages,
)
from quizproof.questions.exchange.safe_xml import writable
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
    TextBlank,
    keys_of,
)


def add_item(section: Element, question: Question, quiz: str) -> None:
    """Add ``question`` of the quiz called ``quiz`` to ``section``.

    The item is called after both, so that Canvas takes a second import as the same question.
    """
    item = SubElement(section, "item", ident=f"{quiz}_{question.id}", title=question.id)
    kind = _kind(question)
    _metadata(item, question, kind)
    presentation = SubElement(item, "presentation")
    prompt = prompt_html(question, by_lang)
    if isinstance(question, DropDowns) or kind == "fill_in_multiple_blanks_question":
        prompt += _unnamed_blanks(question, prompt)
    _material(presentation, f"<div>{prompt}</div>", "text/html")
    processing = SubElement(item, "resprocessing")
    outcomes = SubElement(processing, "outcomes")
    SubElement(outcomes, "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
    match question:
        case SingleChoice() | MultipleChoice():
            _choices(presentation, processing, question)
        case DropDowns():
            languages = written_languages([question])
            for number, (part, down) in enumerate(question.parts.items(), 1):
                _list(presentation, part, _labels(number, down.options, languages))
                if down.expected is not None:
                    ident = _option_ident(number, down.expected)
                    _adds(processing, part, ident, len(question.parts))
        case Matching():
            languages = written_languages([question])
            for part, down in question.parts.items():
                left = in_one_line(question.items[part].text, languages)
                _list(presentation, part, _labels(1, down.options, languages), left)
                if down.expected is not None:
                    _adds(processing, part, _option_ident(1, down.expected), len(question.items))
        case Ordering():
            _order(presentation, processing, question)
        case Blanks():
            _blanks(presentation, processing, question, kind)


def _kind(question: Question) -> str:
    match question:
        case SingleChoice():
            return "multiple_choice_question"
        case MultipleChoice():
            return "multiple_answers_question"
        case DropDowns():
            return "multiple_dropdowns_question"
        case Matching():
            return "matching_question"
        case Ordering():
            return "ordering_question"
        case Blanks(blanks=blanks) if len(blanks) == 1:
            ((part, blank),) = blanks.items()
            if isinstance(blank, NumberBlank):
                return "numerical_question"
            if not names_part(question, part):
                return "short_answer_question"
    return "fill_in_multiple_blanks_question"


def _metadata(item: Element, question: Question, kind: str) -> None:
    fields = SubElement(SubElement(item, "itemmetadata"), "qtimetadata")
    for label, entry in (
        ("question_type", kind),
        ("points_possible", written_number(decimal_of(question.points))),
        ("original_answer_ids", ",".join(_answer_idents(question))),
        ("assessment_question_identifierref", f"{item.get('ident')}_bank"),
        *((("topic", writable(question.topic)),) if question.topic else ()),  # ours: none reads it
    ):
        field = SubElement(fields, "qtimetadatafield")
        SubElement(field, "fieldlabel").text = label
        SubElement(field, "fieldentry").text = entry


def _answer_idents(question: Question) -> list[str]:
    match question:
        case SingleChoice() | MultipleChoice():
            return [_option_ident(1, name) for name in question.options]
        case DropDowns():
            return [
                _option_ident(number, name)
                for number, down in enumerate(question.parts.values(), 1)
                for name in down.options
            ]
        case Matching():
            return [_option_ident(1, name) for name in question.choices]
        case Ordering():
            return [_option_ident(1, name) for name in question.items]
        case Blanks():
            return [
                ident
                for number, blank in enumerate(question.blanks.values(), 1)
                for ident, _ in _words(number, blank)
            ]


def _option_ident(part: int, option: str) -> str:
    """A number, as Canvas wants one, from which the option's letter is read again."""
    return str(1000 * part + 1 + ord(option) - ord("a"))


def _words(part: int, blank: TextBlank | NumberBlank) -> list[tuple[str, str]]:
    """The words that a blank among several is right with, each after its number."""
    if isinstance(blank, TextBlank):
        words = blank.expected or []
    elif blank.expected_number is not None:
        words = [written_number(decimal_of(blank.expected_number))]
    else:
        words = []
    return [(str(1000 * part + place), word) for place, word in enumerate(words, 1)]


def _unnamed_blanks(question: Question, prompt: str) -> str:
    """Blanks that the prompt does not name, so that Canvas shows them after it."""
    missing = [f"[{part}]" for part in parts_of(question) if f"[{part}]" not in prompt]
    return f"<p>{' '.join(missing)}</p>" if missing else ""


def _choices(
    presentation: Element, processing: Element, question: SingleChoice | MultipleChoice
) -> None:
    single = isinstance(question, SingleChoice)
    response = SubElement(
        presentation,
        "response_lid",
        ident="response1",
        rcardinality="Single" if single else "Multiple",
    )
    _render_choice(response, _labels(1, question.options, written_languages([question])))
    keys = keys_of(question.expected)
    if single:
        for (name,) in [key for key in keys if len(key) == 1]:
            _equal(_right(processing), "response1", _option_ident(1, name))
        return
    if len(keys) != 1:  # Canvas has one there, and a part of ours would be another
        return
    together = SubElement(_right(processing), "and")
    for name in question.options:
        right = name in keys[0]
        _equal(
            together if right else SubElement(together, "not"), "response1", _option_ident(1, name)
        )


def _order(presentation: Element, processing: Element, question: Ordering) -> None:
    response = SubElement(presentation, "response_lid", ident="response1", rcardinality="Ordered")
    shown = SubElement(SubElement(response, "render_extension"), "ims_render_object", shuffle="No")
    flow = SubElement(shown, "flow_label")
    items = {name: Option(text=item.text) for name, item in question.items.items()}
    for ident, text in _labels(1, items, written_languages([question])):
        _material(SubElement(flow, "response_label", ident=ident), text, "text/plain")
    if question.expected is not None:
        condition = _right(processing)
        for name in question.expected:
            _equal(condition, "response1", _option_ident(1, name))


def _blanks(presentation: Element, processing: Element, question: Blanks, kind: str) -> None:
    if kind == "fill_in_multiple_blanks_question":
        for number, (part, blank) in enumerate(question.blanks.items(), 1):
            words = _words(number, blank)
            _list(presentation, part, words)
            if words:
                _adds(processing, part, words[0][0], len(question.blanks))
        return
    response = SubElement(presentation, "response_str", ident="response1", rcardinality="Single")
    (blank,) = question.blanks.values()
    if isinstance(blank, NumberBlank):
        render = SubElement(response, "render_fib", fibtype="Decimal")
        SubElement(render, "response_label", ident="answer1")
        _number(processing, blank)
        return
    render = SubElement(response, "render_fib")
    SubElement(render, "response_label", ident="answer1", rshuffle="No")
    if blank.expected is not None:
        condition = _right(processing)
        for word in blank.expected:
            _equal(condition, "response1", word)


def _number(processing: Element, blank: NumberBlank) -> None:
    within = bounds(blank)
    if within is None:
        return
    exact, low, high = within
    if exact is not None and half_way(low, high)[0] != exact:
        exact = None  # Canvas takes the upper margin for the lower one too
    condition = _right(processing)
    if exact is not None:
        condition = SubElement(condition, "or")
        _equal(condition, "response1", written_number(exact))
        condition = SubElement(condition, "and")
    _bound(condition, "vargte", low)
    _bound(condition, "varlte", high)


def _bound(condition: Element, name: str, number: Decimal) -> None:
    SubElement(condition, name, respident="response1").text = written_number(number)


def _labels(
    part: int, options: dict[str, Option], languages: Sequence[str]
) -> list[tuple[str, str]]:
    return [
        (_option_ident(part, name), in_one_line(option.text, languages))
        for name, option in options.items()
    ]


def _list(
    presentation: Element, part: str, labels: Iterable[tuple[str, str]], left: str = ""
) -> None:
    response = SubElement(presentation, "response_lid", ident=f"response_{part}")
    _material(response, left or part, "text/plain")
    _render_choice(response, labels)


def _render_choice(response: Element, labels: Iterable[tuple[str, str]]) -> None:
    render = SubElement(response, "render_choice")
    for ident, text in labels:
        _material(SubElement(render, "response_label", ident=ident), text, "text/plain")


def _adds(processing: Element, part: str, ident: str, parts: int) -> None:
    condition = SubElement(processing, "respcondition")
    _equal(SubElement(condition, "conditionvar"), f"response_{part}", ident)
    share = f"{100 / parts:.2f}"
    SubElement(condition, "setvar", varname="SCORE", action="Add").text = share


def _right(processing: Element) -> Element:
    """Add what gives all of the points; return the element for what an answer is to fulfil."""
    condition = SubElement(processing, "respcondition", {"continue": "No"})
    variable = SubElement(condition, "conditionvar")
    SubElement(condition, "setvar", action="Set", varname="SCORE").text = "100"
    return variable


def _equal(condition: Element, response: str, value: str) -> None:
    SubElement(condition, "varequal", respident=response).text = writable(value)


def _material(parent: Element, text: str, texttype: str) -> None:
    mattext = SubElement(SubElement(parent, "material"), "mattext", texttype=texttype)
    mattext.text = writable(text)
