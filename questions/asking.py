"""A quiz as it is put to a person: asked question by question, or as a file to fill in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from quizproof.questions.pictures import in_words
from quizproof.questions.problems import visible
from quizproof.questions.responses import Response, ResponseError, parse_response
from quizproof.questions.spec import (
    Blanks,
    DropDowns,
    Lists,
    Matching,
    MultipleChoice,
    Option,
    Ordering,
    Question,
    SingleChoice,
    Text,
)

_HOW = {
    "one": Text(en="choose one", zh_hant="請選一項"),
    "some": Text(en="choose all that hold, as a,c", zh_hant="請選出所有成立的選項，例如 a,c"),
    "lists": Text(
        en="choose one of each list, as {example}", zh_hant="每個選單選一項，例如 {example}"
    ),
    "order": Text(
        en="put all of them in order, as {example}", zh_hant="請排出全部的順序，例如 {example}"
    ),
    "blanks": Text(en="fill in {example}", zh_hant="請填 {example}"),
    "skip": Text(
        en="Enter leaves a question empty, Ctrl-D ends.",
        zh_hant="按 Enter 跳過該題，按 Ctrl-D 結束。",
    ),
}
_CHOOSE = Text(en="choose {n}, as {example}", zh_hant="請選 {n} 項，例如 {example}")


def ask(
    questions: Sequence[Question],
    language: str,
    read: Callable[[str], str],
    tell: Callable[[str], None],
) -> dict[str, Response]:
    """The answers a person gives to ``read``, until its end (EOFError), by question.

    An answer that is none is asked for again; one that is empty is left out.
    """
    answers: dict[str, Response] = {}
    tell(_HOW["skip"].in_(language))
    for place, question in enumerate(questions, 1):
        tell(f"\n{place}/{len(questions)}  {question.id}")
        for line in (*_prompt(question, [language]), f"({_how(question, language)})"):
            tell(line)
        while True:
            try:
                response = parse_response(question, read("> "))
            except ResponseError as error:
                tell(str(error))
                continue
            except EOFError:
                tell("")
                return answers
            if not response.empty:
                answers[question.id] = response
            break
    return answers


def template(
    quiz_id: str, title: Text, questions: Sequence[Question], languages: Sequence[str]
) -> str:
    """A YAML file for answers, which is read as empty until it is filled in."""
    lines = [
        f"# {quiz_id}: {visible(_in_each(title, languages))}",
        "# Write an answer behind each colon; what stays empty is not answered.",
        f"# Then: quizproof check {quiz_id} THIS_FILE",
    ]
    for question in questions:
        how = " · ".join(dict.fromkeys(_how(question, language) for language in languages))
        lines += ["", *(f"# {line}".rstrip() for line in (*_prompt(question, languages), how))]
        if isinstance(question, Blanks | Lists):
            parts = question.blanks if isinstance(question, Blanks) else question.parts
            lines += [f"{question.id}:", *(f'  "{part}":' for part in parts)]
        else:
            lines.append(f"{question.id}:")
    return "\n".join(lines) + "\n"


def _prompt(question: Question, languages: Sequence[str]) -> Iterator[str]:
    for words in dict.fromkeys(question.prompt.in_(language) for language in languages):
        yield from _lines(words)
    if isinstance(question, DropDowns):
        for part, down in question.parts.items():
            yield f"[{part}]"
            yield from _options(down.options, languages, part)
    elif isinstance(question, Matching):
        for part, item in question.items.items():
            yield from _lines(f"[{part}] {_in_each(item.text, languages)}")
        yield from _options({c: Option(text=t) for c, t in question.choices.items()}, languages)
    elif isinstance(question, Ordering):
        yield from _options({i: Option(text=r.text) for i, r in question.items.items()}, languages)
    elif isinstance(question, SingleChoice | MultipleChoice):
        yield from _options(question.options, languages)


def _options(options: dict[str, Option], languages: Sequence[str], part: str = "") -> Iterator[str]:
    for name, option in options.items():
        first, *more = _lines(_in_each(option.text, languages)) or [""]
        yield f"  {part}{name})  {first}"
        yield from (f"      {line}" for line in more)


def _how(question: Question, language: str) -> str:
    """Say how a question is answered, in words that give nothing away: the first options."""
    match question:
        case SingleChoice():
            return _HOW["one"].in_(language)
        case MultipleChoice(choose=None):
            return _HOW["some"].in_(language)
        case MultipleChoice():
            example = ",".join(list(question.options)[: question.choose])
            return _CHOOSE.in_(language).format(n=question.choose, example=example)
        case DropDowns() | Matching():
            example = " ".join(
                part + next(iter(down.options), "") for part, down in question.parts.items()
            )
            return _HOW["lists"].in_(language).format(example=example)
        case Ordering():
            return _HOW["order"].in_(language).format(example=",".join(question.items))
        case Blanks():
            example = " ".join(f"[{part}] …" for part in question.blanks)
            return _HOW["blanks"].in_(language).format(example=example)


def _in_each(text: Text, languages: Sequence[str]) -> str:
    return " · ".join(dict.fromkeys(text.in_(language) for language in languages))


def _lines(text: str) -> list[str]:
    """The lines of ``text``, without what could move a cursor or turn the writing around."""
    return [visible(line) for line in in_words(text).splitlines()]
