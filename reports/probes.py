"""``quizproof probes``: what can be measured, and a question to paste for each probe."""

from __future__ import annotations

import json
import math
import types
from collections.abc import Iterator, Mapping
from typing import Any, Literal, Union, get_args, get_origin

from typing_extensions import is_typeddict

from quizproof.probes.declaration import File, Measure, Probe
from quizproof.probes.draws import english
from quizproof.probes.sampled import Sampled
from quizproof.probes.type_text import settings_text, type_text, yaml_text
from quizproof.questions.near import did_you_mean
from quizproof.questions.problems import QuizproofError, one_line

_WIDTH = 34  # characters of a name


def list_of(probes: Mapping[str, Probe]) -> Iterator[str]:
    """Yield a line for each probe: its name, what it takes of a pack, and what it measures."""
    for name, probe in sorted(probes.items()):
        takes = ", ".join(part.kind for part in probe.parts.values()) or "no pack"
        yield f"{name:<{_WIDTH}} {one_line(probe.summary) or '(says not what it measures)'}"
        yield f"{'':<{_WIDTH}} takes {takes}; {drawing(probe)}"


def explained(probe: Probe) -> Iterator[str]:
    """Yield what an author of questions needs to know of ``probe``, and a question to paste."""
    yield probe.name
    yield ""
    yield from (f"  {line}".rstrip() for line in probe.help.splitlines())
    yield ""
    yield drawing(probe, f", within {probe.tolerance:g}")
    parameters = probe.asked
    yield "parameters (with):" if parameters else "parameters: none"
    for parameter in parameters:
        default = (
            "" if parameter.default is parameter.empty else f" = {yaml_text(parameter.default)}"
        )
        if (part := probe.parts.get(parameter.name)) is not None:
            default = "" if part.many else ", left out where the pack has one"
        hint = probe.hints[parameter.name]
        if len(kinds := [each for each in get_args(hint) if is_typeddict(each)]) > 1:
            yield f"  {parameter.name}: one of{default}"
            yield from (f"    {settings_text(each)}" for each in kinds)
        else:
            yield f"  {parameter.name}: {type_text(probe.bounded_hints[parameter.name])}{default}"
    yield "measures, which rules call by these names:"
    for measure in probe.measured:
        yield f"  {measure.name}: {_range_text(measure)}"
        yield f"      {one_line(english(measure.help))}"
    yield ""
    yield "a question to paste and mend, as q01.yaml:"
    yield ""
    yield from (f"  {line}" for line in question_to_paste(probe).splitlines())


def question_to_paste(probe: Probe) -> str:
    """A question's file that asks ``probe``: its example, or one whose words are to be written."""
    return f"{probe.example}\n" if probe.example else _right_in_form(probe)


def _right_in_form(probe: Probe) -> str:
    asked = [
        parameter
        for parameter in probe.asked
        if parameter.default is parameter.empty and parameter.name not in probe.parts
    ]
    given = {parameter.name: _sample(probe.hints[parameter.name]) for parameter in asked}
    repeated = {measure.each for measure in probe.measured}
    several = [name for name, part in probe.parts.items() if part.many and name in repeated]
    given |= {name: [f"{probe.parts[name].kinds[0]}_{k}" for k in (1, 2)] for name in several}
    places = {**given, **{name: [1, 2] for name in several}}
    measures = [m for measure in probe.measured for m in _samples(measure, places)]
    first = measures[0] if measures else None
    with_ = f", with: {json.dumps(given, ensure_ascii=False)}" if given else ""
    lines = [
        "kind: single",
        "points: 1",
        "about: model  # or method, or architecture: who may settle it",
        "prompt: What is asked?",
        f"probe: {{name: {probe.name}{with_}}}",
        "options:",
    ]
    for letter, (text, rule) in zip("ab", _rules(first), strict=True):
        lines.append(f"  {letter}: {{text: {json.dumps(text)}, rule: {json.dumps(rule)}}}")
    if probe.draws_anew(given):
        lines.append("estimate: share  # of draws in which an option holds; or mean, over draws")
    return "\n".join([*lines, "expected: [a]", ""])


def probe_called(name: str, probes: Mapping[str, Probe]) -> Probe:
    """The probe called ``name``. Raises QuizproofError, with the nearest names."""
    if name in probes:
        return probes[name]
    hint = did_you_mean(name, probes, "quizproof probes lists them")
    raise QuizproofError(f"no probe is called {name}; {hint}")


def drawing(probe: Probe, within: str = "") -> str:
    """In words, when ``probe`` draws anew, and ``within`` of what is exact."""
    match probe.stochastic:
        case Sampled(parameter, values):
            return f"draws where {parameter} is {', '.join(values)}; else exact{within}"
        case True:
            return "draws anew each time"
    return f"exact{within}"


def _range_text(measure: Measure) -> str:
    each = f", for each of '{measure.each}'" if measure.each else ""
    if measure.categories is not None:
        words = " | ".join(measure.categories) or "any word"
        return f"{words}{each}"
    low, high = (f"{end:g}" if math.isfinite(end) else "" for end in (measure.low, measure.high))
    unit = english(measure.unit)
    return f"number from {low or '−∞'} to {high or '∞'}{f' ({unit})' if unit else ''}{each}"


def _sample(hint: Any) -> Any:
    """A value of the right type, for a person to write another in its place."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is list:
        if get_origin(arguments[0]) is Literal:
            return list(get_args(arguments[0])[:2])
        sample = _sample(arguments[0])
        return [f"{sample}1", f"{sample}2"] if isinstance(sample, str) else [sample]
    if origin is Literal:
        return arguments[0]
    if origin in (Union, types.UnionType):
        return _sample(arguments[0])
    return {int: 1, float: 1.0, str: "name", bool: True, File: "table.csv"}.get(hint)


def _samples(measure: Measure, given: Mapping[str, Any]) -> Iterator[Measure]:
    try:
        yield from measure.expand(given)
    except (KeyError, TypeError):  # repeated over a parameter that has a default
        yield measure


def _rules(measure: Measure | None) -> list[tuple[str, str]]:
    if measure is None:
        return [("first option", "x > 0"), ("second option", "x <= 0")]
    if measure.categories is not None:
        word = next(iter(measure.categories), "word")
        return [(word, f"{measure.name} == '{word}'"), ("another", f"{measure.name} != '{word}'")]
    ends = [end for end in (measure.low, measure.high) if math.isfinite(end)]
    middle = sum(ends) / len(ends) if ends else 0.0
    return [
        ("more", f"{measure.name} > {middle:g}"),
        ("less", f"{measure.name} <= {middle:g}"),
    ]
