"""Declaration of probes, and what they give: draws of named measurements.

>>> @probe(
...     "docs.lengths",
...     measures=(Measure("length_{item}", "letters", 0, math.inf, "of the word", "words"),),
... )
... def lengths(bench: Bench, *, words: list[str]) -> Iterator[Draw]:
...     yield Draw({f"length_{word}": len(word) for word in words})
>>> sorted(DECLARED["docs.lengths"].measures({"words": ["cat", "bird"]}))
['length_bird', 'length_cat']

A probe without ``stochastic=True`` yields one draw and is exact within ``tolerance``. A stochastic
one yields for as long as it is asked, each draw from ``bench.draw_seed(k)`` of its own. What an
exact probe makes up at random comes from ``bench.fixed_seed``, or it would be no exact one. Where
it cannot tell a number but within bounds, its draw is ``Unsure`` of it.

A module with probes imports no torch at the top: the catalogue is read by lint too.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import (
    Any,
    NewType,
    TypeAlias,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import ConfigDict, TypeAdapter, ValidationError, create_model

from quizproof.probes.draws import Draw, Map, Matrix, Scatter, Unsure, Words, english
from quizproof.probes.measure import Measure, category, word
from quizproof.probes.parameters import REGION
from quizproof.probes.part_parameters import ChoiceError, PartParameter, chosen, part_parameter
from quizproof.probes.part_types import EVERY
from quizproof.probes.picture_parameters import picture_problems
from quizproof.probes.sampled import Sampled
from quizproof.probes.sentence import problem_of
from quizproof.probes.wrong_parameters import Steps, wrong_parameters
from quizproof.questions.declared import PackParts
from quizproof.questions.problems import QuizproofError
from quizproof.questions.rules import Interval

__all__ = [
    "DECLARED",
    "Draw",
    "File",
    "Map",
    "Matrix",
    "Measure",
    "Probe",
    "ProbeFunction",
    "Sampled",
    "Scatter",
    "Unsure",
    "Words",
    "category",
    "english",
    "probe",
    "word",
]


File = NewType("File", str)
"""Type of a parameter that names a file of the pack or the quiz; ``bench.file`` gives its path."""

ProbeFunction: TypeAlias = Callable[..., Iterator[Draw]]


@dataclass(frozen=True)
class Probe:
    """A declared probe, which ``probe`` makes.

    Args:
        name: the name that YAML calls it by.
        stochastic: whether it draws anew each time; for one parameter's sake, ``Sampled`` says.
        tolerance: numerical, of a probe that is not stochastic, in the unit that is compared.
        measured: all that it measures.
        run: the function of a bench and parameters that yields draws.
        example: a question that asks it, in YAML, to paste and change.
        finding: what it found, as a sentence with places for what was measured; None for nothing.
    """

    name: str
    stochastic: bool | Sampled
    tolerance: float
    measured: tuple[Measure, ...]
    run: ProbeFunction
    example: str = ""
    finding: Words | None = None

    @property
    def help(self) -> str:
        """The function's docstring."""
        return inspect.getdoc(self.run) or ""

    @property
    def summary(self) -> str:
        """The first paragraph of its help in one line, for the report."""
        return " ".join(self.help.partition("\n\n")[0].replace("``", "`").split())

    @property
    def finding_problem(self) -> str:
        """What is wrong with its ``finding``; "" where nothing is."""
        if self.finding is None:
            return ""
        names = [measure.name for measure in self.measured]
        return problem_of(self.finding, names, [p.name for p in self.asked])

    @cached_property
    def hints(self) -> dict[str, Any]:
        """The types of its function's parameters, by name.

        Those of parts, of the bench and of what it returns may be imported for type checkers alone.
        """
        return self._hints(extras=False)

    @cached_property
    def bounded_hints(self) -> dict[str, Any]:
        """The same, with what is too little, too much or twice (``parameters.py``)."""
        return self._hints(extras=True)

    def _hints(self, *, extras: bool) -> dict[str, Any]:
        own = inspect.unwrap(self.run).__globals__
        known = {**EVERY, "Bench": object, "Iterator": Iterator, **own}
        return get_type_hints(self.run, known, include_extras=extras)

    @cached_property
    def parts(self) -> Mapping[str, PartParameter]:
        """The parameters that take parts of a pack, by name."""
        found = (part_parameter(p.name, self.hints[p.name]) for p in self.asked)
        return {one.name: one for one in found if one is not None}

    @property
    def asked(self) -> list[inspect.Parameter]:
        """The parameters that ``with:`` gives."""
        every = inspect.signature(self.run).parameters.values()
        return [p for p in every if p.kind is p.KEYWORD_ONLY]

    def files(self, parameters: Mapping[str, Any]) -> list[str]:
        """Return the files that ``parameters`` name, declared as ``File`` or ``list[File]``.

        Raises QuizproofError for wrong parameters.
        """
        named: list[str] = []
        for name, value in self.complete(parameters).items():
            hint = self.hints[name]
            if get_origin(hint) is list and get_args(hint) == (File,):
                named += value
            elif value is not None and (hint is File or File in get_args(hint)):
                named.append(value)
        return named

    @cached_property
    def _parameters(self) -> TypeAdapter[Any]:
        fields = {
            p.name: (self._hint(p), None)
            if p.name in self.parts
            else (self._hint(p), ... if p.default is p.empty else p.default)
            for p in self.asked
        }
        config = ConfigDict(extra="forbid", strict=True)
        return TypeAdapter(create_model(self.name, __config__=config, **fields))  # type: ignore[call-overload]

    def _hint(self, parameter: inspect.Parameter) -> Any:
        """The type of what YAML gives for ``parameter``."""
        part = self.parts.get(parameter.name)
        return self.bounded_hints[parameter.name] if part is None else part.type

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of its parameters."""
        return self._parameters.json_schema()

    def draws_anew(self, parameters: Mapping[str, Any]) -> bool:
        """Tell whether a call with ``parameters`` is stochastic, and not exact."""
        if isinstance(self.stochastic, bool):
            return self.stochastic
        defaults = {p.name: p.default for p in self.asked if p.default is not p.empty}
        return self.stochastic.within({**defaults, **parameters})

    def wrong(self, parameters: Mapping[str, Any]) -> list[tuple[Steps, str, str]]:
        """Return of each wrong one of ``parameters`` where it is, what is wrong, and the mend."""
        try:
            self._parameters.validate_python(dict(parameters))
        except ValidationError as error:
            hints = {p.name: self._hint(p) for p in self.asked}
            return list(wrong_parameters(self.name, error, parameters, hints))
        return [
            (
                (name,),
                f"parameter {name} of probe {self.name} is missing",
                "name the parts, since it measures of each",
            )
            for name, part in self.parts.items()
            if part.many
            and parameters.get(name) is None
            and any(measure.each == name for measure in self.measured)
        ]

    def check(self, parameters: Mapping[str, Any]) -> list[str]:
        """Return what is wrong with ``parameters``, a line each."""
        return [f"{what}; {mend}" for _, what, mend in self.wrong(parameters)]

    def part_problems(
        self, parameters: Mapping[str, Any], parts: PackParts
    ) -> list[tuple[str, str, str]]:
        """Return what is wrong with the ``parts`` that ``parameters`` take of a pack.

        Of each problem: the parameter, what is wrong, and the mend.
        """
        found: list[tuple[str, str, str]] = []
        for name, parameter in self.parts.items():
            try:
                taken = chosen(parameter, parameters.get(name), parts.kinds)
            except ChoiceError as error:
                found.append((name, error.what, error.mend))
                continue
            for part in taken:
                if part in parts.regions:
                    named = self._regions(parameters)
                    found += picture_problems(parameters, named, parts.regions[part])
        return found

    def _regions(self, parameters: Mapping[str, Any]) -> dict[str, list[str]]:
        """The regions of pictures that ``parameters`` name."""
        found = {}
        for name, hint in self.bounded_hints.items():
            if REGION in get_args(hint)[1:] and name in parameters:
                given = parameters[name]
                found[name] = given if isinstance(given, list) else [given]
        return found

    def complete(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return ``parameters`` with the defaults filled in. Raises QuizproofError."""
        if problems := self.check(parameters):
            raise QuizproofError("; ".join(problems))
        return dict(self._parameters.validate_python(dict(parameters)))

    def measures(self, parameters: Mapping[str, Any]) -> dict[str, Measure]:
        """Return the measures under ``parameters``, by name. Raises QuizproofError."""
        complete = self.complete(parameters)
        places = {n: range(1, len(complete[n] or ()) + 1) for n, p in self.parts.items() if p.many}
        complete |= places
        return {m.name: m for measure in self.measured for m in measure.expand(complete)}

    def ranges(self, parameters: Mapping[str, Any]) -> dict[str, Interval]:
        """Return the range of every number measured. Raises QuizproofError."""
        measures = self.measures(parameters).values()
        return {m.name: (m.low, m.high) for m in measures if m.categories is None}

    def categories(self, parameters: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        """Return the categories of every word, () where it may be any. Raises QuizproofError."""
        measures = self.measures(parameters).values()
        return {m.name: m.categories for m in measures if m.categories is not None}


DECLARED: dict[str, Probe] = {}  # by name; `catalogue` has every one that there is


def probe(
    name: str,
    *,
    measures: tuple[Measure, ...],
    stochastic: bool | Sampled = False,
    tolerance: float = 0.0,
    example: str = "",
    finding: Words | None = None,
    roles: tuple[str, ...] = (),
) -> Callable[[ProbeFunction], ProbeFunction]:
    """Declare the decorated generator function as the probe called ``name`` in YAML.

    Its keyword parameters are what ``with:`` gives. One of a part's type, such as ``Classifier``,
    is given a part's name, and the function what that part is: ``with:`` may leave it out where the
    pack has one of that kind. The first paragraph of its docstring says in the report what it
    measures.

    >>> @probe("docs.one", measures=(Measure("x", "share", 0, 1, "of nothing"),))
    ... def one(bench: Bench, *, x: float = 0.5) -> Iterator[Draw]:
    ...     '''A number as it is given.'''
    ...     yield Draw({"x": x})
    >>> DECLARED["docs.one"].summary
    'A number as it is given.'

    Args:
        name: two words or more with a dot between, such as ``attribution.side``.
        measures: all that it measures: each draw holds every one of them.
        stochastic: whether it yields for as long as it is asked, each draw at random anew; or the
            values of one parameter for which it does, as ``Sampled``.
        tolerance: numerical, of a probe that is not stochastic, in the unit that is compared.
        example: a question in YAML that asks it, which ``quizproof probes NAME`` ends with.
        finding: a sentence for the report, with places for measured values and parameters by their
            names; ``{density_{item}}`` is the list of a measure that is repeated.
        roles: what named parts of a pack before parameters' types did; none can be named any more.

    Raises:
        QuizproofError: another module has declared a probe of this name, it names roles, or its
            ``finding`` has a place for what is neither measured nor a parameter.
    """
    if roles:
        raise QuizproofError(
            f"probe {name} names roles; say by parameters what it takes, such as model: Classifier"
        )

    def declare(function: ProbeFunction) -> ProbeFunction:
        if name in DECLARED and DECLARED[name].run.__module__ != function.__module__:
            raise QuizproofError(f"two probes are called {name}; rename one")
        declared = Probe(
            name=name,
            stochastic=stochastic,
            tolerance=tolerance,
            measured=measures,
            run=function,
            example=inspect.cleandoc(example),
            finding=finding,
        )
        if problem := declared.finding_problem:
            raise QuizproofError(f"finding of probe {name}: {problem}")
        DECLARED[name] = declared
        return function

    return declare
