"""Types of parameters in words: what a question may write for one."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo
from typing_extensions import is_typeddict

from quizproof.probes.parameters import InWords
from quizproof.probes.part_types import kind_of

_NAMES: Final[Mapping[Any, str]] = {
    int: "whole number",
    float: "number",
    str: "text",
    bool: "true or false",
    type(None): "nothing",
}


def type_text(hint: Any) -> str:
    """``hint`` in words, with the bounds that it is annotated with.

    >>> from quizproof.probes.parameters import Share
    >>> type_text(list[Share] | Literal["all"])
    'list of number from 0 to 1 or "all"'
    """
    if (kind := kind_of(hint)) is not None:
        return f"a part of kind {kind}"
    if is_typeddict(hint):
        return settings_text(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _bounded_text(arguments[0], arguments[1:])
    if origin is list:
        return f"list of {type_text(arguments[0])}"
    if origin is dict:
        return f"{{name: {type_text(arguments[1])}, …}}"
    if origin is Literal:
        return " | ".join(map(yaml_text, arguments))
    if origin in (Union, types.UnionType):
        return " or ".join(map(type_text, arguments))
    if getattr(hint, "__supertype__", None) is str:
        return "a file of the pack or beside the quiz"
    return _NAMES.get(hint, "any value")


def settings_text(hint: Any) -> str:
    """The settings of a typed dictionary in words."""
    settings = get_type_hints(hint, include_extras=True)
    return f"{{{', '.join(f'{name}: {type_text(each)}' for name, each in settings.items())}}}"


def yaml_text(value: object) -> str:
    """``value`` as YAML has it."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _bounded_text(hint: Any, extras: Sequence[Any]) -> str:
    for extra in extras:
        if isinstance(extra, InWords):
            return extra.words
    text = type_text(hint)
    bounds = [each for extra in extras if isinstance(extra, FieldInfo) for each in extra.metadata]
    at_least, most = _bound(bounds, "min_length"), _bound(bounds, "max_length")
    if hint is str:
        return f"{text} that is not empty" if at_least else text
    if get_origin(hint) is list and at_least and at_least == most:
        return text.replace("list of", f"list of {at_least}:", 1)
    if get_origin(hint) in (list, dict) and at_least:
        return f"{text}, {at_least} or more"
    return " ".join([text, *_range_words(bounds)])


def _range_words(bounds: Sequence[Any]) -> Iterator[str]:
    for name, word in (("ge", "from"), ("gt", "above"), ("le", "to"), ("lt", "below")):
        if (bound := _bound(bounds, name)) is not None:
            yield f"{word} {bound:.15g}"


def _bound(bounds: Sequence[Any], name: str) -> Any:
    return next((getattr(each, name) for each in bounds if hasattr(each, name)), None)
