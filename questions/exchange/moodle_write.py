"""A quiz as Moodle XML."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from html import escape
from xml.etree.ElementTree import Element, SubElement, tostring

from quizproof.questions.exchange.cloze import cloze, escaped
from quizproof.questions.exchange.decimals import bounds, decimal_of, half_way, written_number
from quizproof.questions.exchange.exchanged import Exchanged, NotHeldError
from quizproof.questions.exchange.languages import (
    by_lang,
    in_one_line,
    line_html,
    multilang,
    names_part,
    parts_of,
    prompt_html,
    written_languages,
)
from quizproof.questions.exchange.moodle_files import show_pictures
from quizproof.questions.exchange.safe_xml import writable
from quizproof.questions.spec import (
    Blanks,
    DropDowns,
    Matching,
    MultipleChoice,
    NumberBlank,
    Ordering,
    Question,
    SingleChoice,
    TextBlank,
    expected_answer,
    keys_of,
)

MAX_LISTS = 20  # Moodle's groups


def moodle_xml(quiz: Exchanged) -> tuple[bytes, list[str]]:
    """The file that Moodle imports, and a line for each question that it cannot hold."""
    root = Element("quiz")
    category = SubElement(root, "question", type="category")
    _text(category, "category", f"$course$/top/{quiz.id}")
    title = in_one_line(quiz.title, written_languages(quiz.questions))
    _text(category, "info", escape(title, quote=False), format="html")
    SubElement(category, "idnumber").text = quiz.id
    left_out = []
    for question in quiz.questions:
        try:
            element = _question(question, quiz.id)
        except NotHeldError as why:
            left_out.append(f"{question.id}: left out: {why}")
        else:
            show_pictures(element, quiz.pictures)
            root.append(element)
    document: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return document, left_out


def _question(question: Question, quiz: str) -> Element:
    match question:
        case SingleChoice() | MultipleChoice():
            return _choices(question, quiz)
        case DropDowns():
            return _lists(question, quiz)
        case Matching():
            return _pairs(question, quiz)
        case Ordering():
            return _in_order(question, quiz)
        case Blanks(blanks=blanks):
            ((part, blank), *others) = blanks.items()
            if others or names_part(question, part):
                return _cloze(question, quiz)
            return _blank(question, quiz, blank)


def _head(question: Question, quiz: str, kind: str, prompt: str) -> Element:
    element = Element("question", type=kind)
    _text(element, "name", question.id)
    _text(element, "questiontext", prompt, format="html")
    _text(element, "generalfeedback", "", format="html")
    if kind != "cloze":  # there, the parts have the points
        SubElement(element, "defaultgrade").text = written_number(decimal_of(question.points))
    SubElement(element, "penalty").text = "0"
    SubElement(element, "hidden").text = "0"
    SubElement(element, "idnumber").text = f"{quiz}-{question.id}"
    if question.topic:
        _text(SubElement(element, "tags"), "tag", question.topic)
    return element


def _choices(question: SingleChoice | MultipleChoice, quiz: str) -> Element:
    keys = keys_of(question.expected)
    right = [name for name in question.options if any(name in key for key in keys)]
    if not right:
        raise NotHeldError("nothing is right in it, which Moodle does not take")
    single = isinstance(question, SingleChoice)
    if single and any(len(key) > 1 for key in keys):
        raise NotHeldError(f"one is to be chosen and {len(right)} are right")
    if not single and len(keys) > 1:
        raise NotHeldError(f"{len(keys)} keys are accepted, and Moodle has one for several choices")
    element = _head(question, quiz, "multichoice", prompt_html(question, multilang))
    SubElement(element, "single").text = "true" if single else "false"
    SubElement(element, "shuffleanswers").text = "false"  # options are told of by their letters
    SubElement(element, "answernumbering").text = "abc"
    share = "100" if single else _share(len(right))
    languages = written_languages([question])
    for name, option in question.options.items():
        points = share if name in right else "0" if single else f"-{share}"
        answer = _text(
            element, "answer", line_html(option.text, languages), fraction=points, format="html"
        )
        _text(answer, "feedback", "", format="html")
    return element


def _share(right: int) -> str:
    """The worth of each of ``right`` options, in per cent; Moodle takes no other shares."""
    if right > 10:
        return "10" if right < 20 else "5"
    share = f"{100 / right:.5f}"
    return share.rstrip("0").rstrip(".")


def _lists(question: DropDowns, quiz: str) -> Element:
    if len(question.parts) > MAX_LISTS:
        raise NotHeldError(f"{len(question.parts)} lists; Moodle has {MAX_LISTS} at most")
    places: dict[str, str] = {}
    options: list[tuple[str, str]] = []
    languages = written_languages([question])
    for group, (part, down) in enumerate(question.parts.items(), 1):
        if down.expected is None or down.expected not in down.options:
            raise NotHeldError(f"nothing is right in list {part}, which Moodle does not take")
        right = len(options) + 1 + list(down.options).index(down.expected)
        places[part] = f"[[{right}]]"
        options += [
            (in_one_line(option.text, languages), str(group)) for option in down.options.values()
        ]
    element = _head(question, quiz, "gapselect", _with_parts(question, places, "[["))
    SubElement(element, "shuffleanswers").text = "0"
    for text, of_group in options:
        SubElement(_text(element, "selectoption", text), "group").text = of_group
    return element


def _pairs(question: Matching, quiz: str) -> Element:
    for part, item in question.items.items():
        if item.expected not in question.choices:
            raise NotHeldError(f"nothing is right for item {part}, which Moodle does not take")
    element = _head(question, quiz, "matching", prompt_html(question, multilang))
    SubElement(element, "shuffleanswers").text = "true"
    languages = written_languages([question])
    right = [(line_html(i.text, languages), i.expected or "") for i in question.items.values()]
    chosen = {choice for _, choice in right}
    # a choice that is right for nothing is the answer to nothing there
    for left, choice in [*right, *(("", c) for c in question.choices if c not in chosen)]:
        pair = _text(element, "subquestion", left, format="html")
        _text(pair, "answer", in_one_line(question.choices[choice], languages))
    return element


def _in_order(question: Ordering, quiz: str) -> Element:
    if expected_answer(question) is None:
        raise NotHeldError("no order of its items is right, which Moodle does not take")
    element = _head(question, quiz, "ordering", prompt_html(question, multilang))
    for tag, text in (
        ("layouttype", "VERTICAL"),
        ("selecttype", "ALL"),
        ("selectcount", "0"),
        ("gradingtype", "ABSOLUTE_POSITION"),
        ("showgrading", "HIDE"),
        ("numberingstyle", "none"),
        ("shownumcorrect", "1"),
    ):
        SubElement(element, tag).text = text
    languages = written_languages([question])
    for place, name in enumerate(question.expected or (), 1):
        line = line_html(question.items[name].text, languages)
        _text(element, "answer", line, fraction=str(place), format="html")
    return element


def _cloze(question: Blanks, quiz: str) -> Element:
    share = question.points / len(question.blanks)
    weight = int(share) if share.is_integer() and 1 <= share < 1_000_000 else 1
    places = {part: _embedded(part, blank, weight) for part, blank in question.blanks.items()}
    return _head(question, quiz, "cloze", _with_parts(question, places, "{"))


def _embedded(part: str, blank: TextBlank | NumberBlank, weight: int) -> str:
    if isinstance(blank, TextBlank):
        return cloze("word", weight, [(escaped(word), True) for word in _words(part, blank)])
    number, margin = _number(part, blank)
    return cloze("number", weight, [(f"{number}:{margin}", True)])


def _blank(question: Blanks, quiz: str, blank: TextBlank | NumberBlank) -> Element:
    prompt = prompt_html(question, multilang)
    (part,) = question.blanks
    if isinstance(blank, TextBlank):
        words = _words(part, blank)
        element = _head(question, quiz, "shortanswer", prompt)
        SubElement(element, "usecase").text = "0"
        _answers(element, words)
        return element
    number, margin = _number(part, blank)
    element = _head(question, quiz, "numerical", prompt)
    for answer in _answers(element, [number]):
        SubElement(answer, "tolerance").text = margin
    return element


def _answers(element: Element, texts: Iterable[str]) -> list[Element]:
    answers = []
    for text in texts:
        answer = _text(element, "answer", text, fraction="100", format="moodle_auto_format")
        _text(answer, "feedback", "", format="html")
        answers.append(answer)
    return answers


def _words(part: str, blank: TextBlank) -> list[str]:
    """The words that are right; a bare * would be any answer."""
    if blank.expected is None:
        raise NotHeldError(f"nothing is right in blank {part}, which Moodle does not take")
    return [word.replace("*", "\\*") for word in blank.expected]


def _number(part: str, blank: NumberBlank) -> tuple[str, str]:
    within = bounds(blank)
    if within is None:
        raise NotHeldError(f"nothing is right in blank {part}, which Moodle does not take")
    _, low, high = within
    middle: Decimal
    middle, margin = half_way(low, high)
    return written_number(middle), written_number(margin)


def _with_parts(question: Question, places: dict[str, str], meaning: str) -> str:
    """The prompt with its parts in their places, or after it where it does not name them.

    What else in the prompt looks like the beginning of a part, ``meaning``, is made to be none.
    All languages are shown, as the parts stand in the first of them only.
    """
    prompt = prompt_html(question, by_lang)
    prompt = prompt.replace(meaning, "".join(f"&#{ord(sign)};" for sign in meaning))
    missing = []
    for part in parts_of(question):
        before, named, after = prompt.partition(f"[{part}]")
        # one part may be in the answers of another: what is written must not be read again
        if named:
            prompt = f"{before}\0{part}\0{after}"
        else:
            missing.append(places[part])
    for part, place in places.items():
        prompt = prompt.replace(f"\0{part}\0", place, 1)
    return prompt + (f"<p>{' '.join(missing)}</p>" if missing else "")


def _text(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    element = SubElement(parent, tag, attributes)
    SubElement(element, "text").text = writable(text)
    return element
