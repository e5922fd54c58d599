"""Parameters that a question gives wrongly, each told once, in words and where it stands."""

from __future__ import annotations

import json
import math
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from pydantic import ValidationError
from typing_extensions import is_typeddict

from quizproof.probes.parameters import TextName
from quizproof.probes.type_text import type_text
from quizproof.questions.near import did_you_mean
from quizproof.questions.problems import shortened

Steps: TypeAlias = tuple[str | int, ...]

_YAML_TEXT = re.compile(r"([+-]?\d+)(\.\d*)?[eE]([+-]?)(\d+)")  # a number, were it YAML 1.2
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


@dataclass(frozen=True)
class _Wrong:
    """An error of pydantic's: its kind, and where among the parameters."""

    kind: str
    steps: Steps  # with the name of what is missing or unknown
    error: Any


def wrong_parameters(
    probe: str, error: ValidationError, given: Mapping[str, Any], hints: Mapping[str, Any]
) -> Iterator[tuple[Steps, str, str]]:
    """Yield the place among the parameters ``given``, what is wrong and the mend, of each once.

    ``hints`` are the types of all parameters of ``probe``, by name.
    """
    every = [_located(each, given) for each in error.errors(include_url=False)]
    unknown = [each.steps for each in every if each.kind == "extra_forbidden"]
    told: set[Steps] = set()
    for each in every:
        inside = any(
            len(other.steps) > len(each.steps) and other.steps[: len(each.steps)] == each.steps
            for other in every
        )
        # other members of a union say no to a value whose fault is deeper in it
        if each.steps in told or inside or (each.kind == "missing" and _misspelt(each, unknown)):
            continue
        told.add(each.steps)
        yield (each.steps, *_said(probe, each, given, hints))


def _located(error: Any, given: Any) -> _Wrong:
    steps: list[str | int] = []
    data = given
    for step in error["loc"]:
        # the name of a union's member stands in the place, and not among the parameters
        if isinstance(data, dict) and steps and data.get("name") == step:
            continue
        inside = isinstance(data, dict) and step in data
        if inside or (isinstance(data, list) and isinstance(step, int) and step < len(data)):
            data = data[step]
            steps.append(step)
    kind = error["type"]
    if kind == "missing":
        steps.append(error["loc"][-1])
    elif kind in ("union_tag_not_found", "union_tag_invalid"):
        steps.append("name")
        kind = "missing" if kind == "union_tag_not_found" else kind
    elif error["loc"] and error["loc"][-1] == "[key]":
        kind = "key"
    return _Wrong(kind, tuple(steps), error)


def _misspelt(missing: _Wrong, unknown: Sequence[Steps]) -> bool:
    """Tell whether a name beside it that is not known is meant for what is missing."""
    *where, name = missing.steps
    beside = [str(steps[-1]) for steps in unknown if steps[:-1] == tuple(where)]
    return bool(get_close_matches(str(name), beside, n=1))


def _said(
    probe: str, wrong: _Wrong, given: Mapping[str, Any], hints: Mapping[str, Any]
) -> tuple[str, str]:
    path = ".".join(map(str, wrong.steps))
    whose = f"parameter {path} of probe {probe}"
    *where, last = wrong.steps
    siblings = _settings(where, given, hints)
    match wrong.kind:
        case "extra_forbidden":
            whole = f"parameter {'.'.join(map(str, where))} of probe {probe}"
            what = f"{whole} has no {last}" if where else f"probe {probe} has no parameter {last}"
            return what, did_you_mean(str(last), siblings, f"it has {', '.join(siblings)}")
        case "missing":
            return f"{whose} is missing", f"add it: {type_text(siblings.get(str(last), Any))}"
        case "key":
            return f"{whose} is called '{shortened(str(last))}'", f"take {type_text(TextName)}"
        case "union_tag_invalid":
            known = re.findall("'(.*?)'", wrong.error["ctx"]["expected_tags"])
            named = wrong.error["ctx"]["tag"]
            mend = did_you_mean(named, known, f"it may be {' | '.join(known)}")
            return f"{whose} is '{shortened(named)}'", mend
    hint = siblings.get(str(last), Any) if isinstance(last, str) else _item(where, given, hints)
    may_be = f"it may be: {type_text(hint).removesuffix(' or nothing')}"
    if wrong.kind == "value_error":
        return f"{whose}: {wrong.error['ctx']['error']}", may_be
    value = _value(wrong.steps, given)
    return f"{whose} is {_as_written(value)}", _quoting(value, hint) or may_be


def _value(steps: Sequence[str | int], given: Any) -> Any:
    for step in steps:
        given = given[step]
    return given


def _settings(
    steps: Sequence[str | int], given: Any, hints: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The types, by name, of what may stand where ``steps`` lead."""
    for number, step in enumerate(steps):
        if isinstance(step, int) or step not in hints:
            return {}
        value = _value(steps[: number + 1], given)
        hints = _names_within(hints[step], value)
    return hints


def _item(steps: Sequence[str | int], given: Any, hints: Mapping[str, Any]) -> Any:
    """The type of an item of the list where ``steps`` lead."""
    *where, last = steps
    hint = _settings(where, given, hints).get(str(last), Any)
    lists = (each for each in _members(hint) if get_origin(each) is list)
    return next((get_args(each)[0] for each in lists), Any)


def _names_within(hint: Any, value: Any) -> Mapping[str, Any]:
    names = value if isinstance(value, dict) else {}
    for member in _members(hint):
        if is_typeddict(member):
            settings = get_type_hints(member, include_extras=True)
            kind = settings.get("name")
            if get_origin(kind) is not Literal or names.get("name") in get_args(kind):
                return settings
        elif get_origin(member) is dict:
            return dict.fromkeys(map(str, names), get_args(member)[1])
    return {}


def _members(hint: Any) -> Iterator[Any]:
    """Yield the types that ``hint`` is one of, without their bounds."""
    if get_origin(hint) is Annotated:
        yield from _members(get_args(hint)[0])
    elif get_origin(hint) in (Union, types.UnionType):
        for each in get_args(hint):
            yield from _members(each)
    else:
        yield hint


def _as_written(value: Any) -> str:
    if isinstance(value, str):
        return f"'{shortened(value)}'" if value else "empty"
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    return shortened(json.dumps(value, ensure_ascii=False, default=str))


def _quoting(value: Any, hint: Any) -> str:
    """The mend where YAML takes for text what is meant as a number, or the other way round."""
    members = list(_members(hint))
    if isinstance(value, str) and {int, float} & set(members):
        if (number := _YAML_TEXT.fullmatch(value)) is None:
            return f"write {value} without quotes" if _NUMBER.fullmatch(value) else ""
        whole, part, sign, power = number.groups()
        part = part if part and len(part) > 1 else ".0"
        return f"write {whole}{part}e{sign or '+'}{power}: YAML takes {value} for text"
    if str not in members or not isinstance(value, bool | int | float):
        return ""
    if isinstance(value, bool):
        return "quote it: YAML takes yes, no, on and off for true and false"
    return "quote it: it is to be text"
