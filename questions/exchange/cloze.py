"""Moodle's embedded answers (Cloze): blanks and lists written into the prompt itself."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizproof.questions.exchange.exchanged import NotHeldError

_START = re.compile(r"\{([0-9]*):([A-Z_]+):")
# an answer ends at ~, # or } that nothing before it takes the meaning from
_ANSWER = re.compile(r"(=|%(-?[0-9]+(?:[.,][0-9]*)?)%)?(.*?)(?<!\\)(?<!&)(?<!&amp;)(?=[~#}])", re.S)
_FEEDBACK = re.compile(r"#.*?(?<!\\)(?=[~}])", re.S)
_WORD = frozenset(["SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"])
_CASED = frozenset(["SHORTANSWER_C", "SAC", "MWC"])
_NUMBER = frozenset(["NUMERICAL", "NM"])
_LIST = re.compile(r"(MULTICHOICE|MC)(_?[VHS]{1,2})?")


@dataclass(frozen=True)
class Answer:
    """A possible answer, and the share of the points for it, in per cent."""

    text: str
    share: float


@dataclass(frozen=True)
class Part:
    """A blank or a list of a prompt."""

    kind: str  # "word", "number" or "list"
    weight: int
    answers: tuple[Answer, ...]
    cased: bool = False  # upper and lower case count


def cloze(kind: str, weight: int, answers: Sequence[tuple[str, bool]]) -> str:
    """A part of a prompt worth ``weight`` points, each of its answers with whether it is right."""
    name = {"word": "SHORTANSWER", "number": "NUMERICAL", "list": "MULTICHOICE"}[kind]
    written = "~".join(("=" if right else "") + text for text, right in answers)
    return f"{{{weight}:{name}:{written}}}"


def escaped(text: str) -> str:
    """``text`` as an answer: whatever might have a meaning there is a number."""
    return re.sub(r"[^\w .,()-]", lambda sign: f"&#{ord(sign[0])};", text)


def without_parts(prompt: str) -> tuple[str, list[Part]]:
    """The prompt with ``[1]``, ``[2]`` … in place of its parts. Raises NotHeldError."""
    pieces, parts, place = [], [], 0
    for start, end, part in _parts(prompt):
        parts.append(part)
        pieces += [prompt[place:start], f"[{len(parts)}]"]
        place = end
    return "".join([*pieces, prompt[place:]]), parts


def _parts(prompt: str) -> Iterator[tuple[int, int, Part]]:
    place = 0
    while (start := _START.search(prompt, place)) is not None:
        weight, name = start[1], start[2]
        answers, place = [], start.end()
        while True:
            answer = _ANSWER.match(prompt, place)
            if answer is None:  # nothing ends here, nor can anything that begins later
                return
            answers.append(_answer(answer))
            place = answer.end()
            if feedback := _FEEDBACK.match(prompt, place):
                place = feedback.end()
            if prompt[place : place + 1] != "~":
                break
            place += 1
        if prompt[place : place + 1] != "}":
            return
        place += 1
        if len(weight) > 6:
            raise NotHeldError("a weight of it is too large")
        yield start.start(), place, _part(name, int(weight or 1), tuple(answers))


def _answer(found: re.Match[str]) -> Answer:
    share = 100.0 if found[1] == "=" else float((found[2] or "0").replace(",", ".") or "0")
    text = html.unescape(found[3]).replace("\\}", "}").replace("\\#", "#")
    return Answer(text.strip(), share)


def _part(name: str, weight: int, answers: tuple[Answer, ...]) -> Part:
    return Part(kind=_kind(name), weight=weight, answers=answers, cased=name in _CASED)


def _kind(name: str) -> str:
    if name in _WORD:
        return "word"
    if name in _NUMBER:
        return "number"
    if _LIST.fullmatch(name):
        return "list"
    raise NotHeldError(f"no kind of question here is like {name[:40]}")
