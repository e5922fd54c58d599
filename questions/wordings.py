"""A question whose two languages ask different things: as the other one asks it."""

from __future__ import annotations

from collections.abc import Mapping

from quizproof.questions.spec import Blanks, DropDowns, Matching, Option, Ordering, Question


def other_wording(question: Question) -> Question | None:
    """``question`` with the rules for the wording that its own are not for; None where none is.

    An option that has no other rule keeps its own.
    """
    if question.wordings is None or isinstance(question, Blanks | Ordering):
        return None
    rules = question.wordings.otherwise
    if isinstance(question, DropDowns):
        parts = {
            part: down.model_copy(update={"options": _turned(down.options, rules, part)})
            for part, down in question.parts.items()
        }
        return question.model_copy(update={"parts": parts})
    if isinstance(question, Matching):
        items = {
            part: item.model_copy(
                update={"rules": {c: rules.get(part + c, rule) for c, rule in item.rules.items()}}
            )
            for part, item in question.items.items()
        }
        return question.model_copy(update={"items": items})
    return question.model_copy(update={"options": _turned(question.options, rules, "")})


def other_language(question: Question) -> str:
    """The language of that wording: lint sees to it that the prompt is in two."""
    assert question.wordings is not None
    taken = question.wordings.taken
    return next(language for language in question.prompt.languages if language != taken)


def _turned(
    options: Mapping[str, Option], rules: Mapping[str, str], part: str
) -> dict[str, Option]:
    return {
        name: option.model_copy(update={"rule": rules.get(part + name, option.rule)})
        for name, option in options.items()
    }
