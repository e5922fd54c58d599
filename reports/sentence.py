"""The sentence of a question's probe, with what was measured in its places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from quizproof.probes.catalogue import catalogue
from quizproof.probes.declaration import Probe, Words
from quizproof.probes.draws import in_language
from quizproof.probes.engine.measured import Measured
from quizproof.probes.engine.results import QuestionResult, Run
from quizproof.probes.measure import Measure
from quizproof.probes.sentence import filled, places_in
from quizproof.questions.problems import one_line, shortened
from quizproof.questions.rules import Value
from quizproof.questions.spec import Text
from quizproof.reports.numbers import number

_LONGEST: Final = 120  # characters of one value


def sentence_of(result: QuestionResult, declared: Probe | None) -> Text | None:
    """What was found, as the probe says it; None where it says nothing, or nothing was measured."""
    probe, measured = result.question.probe, result.measurement
    if probe is None or measured is None or declared is None or declared.finding is None:
        return None
    if declared.check(probe.parameters):
        return None
    parameters = declared.complete(probe.parameters)
    names = _names_of_regions(result)
    repeated = {m.name: m for m in declared.measured}
    values: dict[str, Words] = {}
    for place in places_in(declared.finding):
        if place in repeated:
            items = _items(repeated[place], declared, parameters)
            said = _measured(repeated[place], items, measured, names)
        else:
            said = _value(parameters[place], names)
        if said is None:  # evidence of another version of the probe
            return None
        values[place] = said
    return filled(declared.finding, values)


def told_by_probe(result: QuestionResult, run: Run) -> Text | None:
    """The same of a result of ``run``, whose probes are known."""
    probe = result.question.probe
    return sentence_of(result, catalogue(run.beside).get(probe.name) if probe else None)


def _names_of_regions(result: QuestionResult) -> Mapping[str, Words]:
    """What the pack calls its regions, for people."""
    return {
        region: name
        for shown in result.illustrations
        for region, name in shown.region_names.items()
    }


def _items(
    measure: Measure, declared: Probe, parameters: Mapping[str, Any]
) -> Sequence[tuple[str, Any]] | None:
    """The names that ``measure`` expands to, with the item of each; None of a single one."""
    if measure.each is None:
        return None
    given = parameters[measure.each] or ()
    # of parts the names count from 1
    items = range(1, len(given) + 1) if measure.each in declared.parts else given
    return [
        (measure.name.replace("{item}", str(item)), shown)
        for item, shown in zip(items, given, strict=True)
    ]


def _measured(
    measure: Measure,
    items: Sequence[tuple[str, Any]] | None,
    measured: Measured,
    names: Mapping[str, Words],
) -> Words | None:
    """One value, or a list of items with theirs: "food 0.51, background −0.20"."""
    found = measured.measurements
    if items is None:
        return _word(found[measure.name].value) if measure.name in found else None
    if any(name not in found for name, _ in items):
        return None
    return _listed([_pair(item, found[name].value, names) for name, item in items])


def _pair(item: Any, value: Value, names: Mapping[str, Words]) -> Words:
    label, said = _value(item, names), _word(value)
    # a number beside a number, and a word beside a word, want a sign between
    unlike = isinstance(item, str) != isinstance(value, str)
    en, zh_hant = (" ", " ") if unlike else (": ", "：")
    return Text(
        en=f"{in_language(label, 'en')}{en}{said}",
        zh_hant=f"{in_language(label, 'zh-Hant')}{zh_hant}{said}",
    )


def _word(value: Value) -> str:
    return _cut(value) if isinstance(value, str) else number(value)


def _value(value: Any, names: Mapping[str, Words]) -> Words:
    """A parameter's value, a region by the name that the pack has for it."""
    if isinstance(value, list | tuple):
        return _listed([_value(each, names) for each in value])
    if isinstance(value, dict):
        return _settings(value, names)
    if isinstance(value, str):
        return names.get(value, _cut(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "–" if value is None else _cut(str(value))
    return number(value)


def _settings(given: Mapping[str, Any], names: Mapping[str, Words]) -> Words:
    """A choice of several settings, its own name first: "rotate, degrees 90, fill black"."""
    parts: list[Words] = []
    for key, value in given.items():
        said = _value(value, names)
        label = "" if key == "name" else f"{_cut(str(key))} "
        parts.append(
            Text(
                en=f"{label}{in_language(said, 'en')}",
                zh_hant=f"{label}{in_language(said, 'zh-Hant')}",
            )
        )
    return _listed(parts)


def _listed(parts: Sequence[Words]) -> Words:
    return Text(
        en=", ".join(in_language(part, "en") for part in parts) or "–",
        zh_hant="、".join(in_language(part, "zh-Hant") for part in parts) or "–",
    )


def _cut(text: str) -> str:
    return shortened(one_line(text), _LONGEST)
