"""Declaration of probes, and what they give: draws of named measurements.

>>> @probe(
...     "docs.lengths",
...     roles=(),
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
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import (
    TYPE_CHECKING,
    Any,
    NewType,
    TypeAlias,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import ConfigDict, TypeAdapter, ValidationError, create_model

from quizproof.questions.problems import QuizproofError
from quizproof.questions.rules import Interval, Value
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class Measure:
    """The name, unit and range of one measured quantity.

    ``name`` may hold ``{item}``, which stands for each item of the list parameter ``each``.
    ``categories`` are the words that a quantity which is a word may be, () for any word whatever;
    the range is then unused. None is for a number.
    """

    name: str
    unit: str
    low: float
    high: float
    help: str
    each: str | None = None
    categories: tuple[str, ...] | None = None

    def expand(self, parameters: Mapping[str, Any]) -> Iterator[Measure]:
        """This measure, or one for each item of the parameter it is repeated over."""
        if self.each is None:
            yield self
            return
        for item in parameters[self.each]:
            name = self.name.replace("{item}", str(item))
            yield replace(self, name=name, each=None)


def category(name: str, categories: tuple[str, ...], help: str) -> Measure:
    """A measured quantity that is one of ``categories``."""
    return Measure(name, "", 0, 0, help, categories=categories)


def word(name: str, help: str) -> Measure:
    """A measured quantity that is a word, which may be any: of a vocabulary that is not known."""
    return category(name, (), help)


@dataclass(frozen=True)
class Map:
    """Something to look at: a map over a picture, for the report; no verdict rests on it."""

    title: str
    values: Picture  # (H, W) any range, or (H, W, 3) in 0–1 for a picture
    picture: int | None = None  # the pack's picture it is shown beside
    regions: tuple[str, ...] = ()  # names of that picture's regions, to be outlined
    signed: bool = False  # whether 0 is the middle of the colour scale


@dataclass(frozen=True)
class Matrix:
    """Numbers by row and column to look at, for the report; no verdict rests on them."""

    title: str
    values: Picture  # (rows, columns); NaN where there is nothing
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    row_name: str = ""  # what the rows are, such as "layer"
    column_name: str = ""
    signed: bool = False  # whether 0 is the middle of the colour scale


@dataclass(frozen=True)
class Scatter:
    """Points in a plane to look at, for the report; no verdict rests on them."""

    title: str
    points: Picture  # (N, 2)
    groups: tuple[str, ...]  # of each point: what its colour and shape tell
    labels: tuple[str, ...]  # of each point: a token
    variance: tuple[float, float] | None = None  # share of it that each axis keeps


@dataclass(frozen=True)
class Unsure:
    """Numbers of an exact probe's draw that are known within bounds alone, and why that is so.

    An option that would hold at one place within them and fail at another is left open.
    """

    within: Mapping[str, Interval]  # by measured name; the draw's value lies in it
    why: Text


@dataclass(frozen=True)
class Draw:
    """One measurement: numbers and categories under the names the probe declares."""

    values: Mapping[str, Value]
    maps: tuple[Map, ...] = ()
    series: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    series_start: int = 1  # the place of each series' first value: 0 for the embedding output
    matrices: tuple[Matrix, ...] = ()
    scatters: tuple[Scatter, ...] = ()
    unsure: Unsure | None = None


# the type of a parameter that names a file of the pack or of the quiz, which `bench.file` gives
File = NewType("File", str)

ProbeFunction: TypeAlias = Callable[..., Iterator[Draw]]


@dataclass(frozen=True)
class Probe:
    """A declared probe."""

    name: str
    roles: tuple[str, ...]  # of the pack: "classifier", "pictures", …; () for its own models
    stochastic: bool
    tolerance: float  # numerical, of a probe that is not stochastic; in the unit compared
    measured: tuple[Measure, ...]
    run: ProbeFunction

    @property
    def help(self) -> str:
        return inspect.getdoc(self.run) or ""

    @cached_property
    def _hints(self) -> dict[str, Any]:
        return get_type_hints(self.run, localns={"Bench": object, "Iterator": Iterator})

    def files(self, parameters: Mapping[str, Any]) -> list[str]:
        """The files that ``parameters`` name: those declared as ``File`` or ``list[File]``."""
        named: list[str] = []
        for name, value in self.complete(parameters).items():
            hint = self._hints[name]
            if get_origin(hint) is list and get_args(hint) == (File,):
                named += value
            elif value is not None and (hint is File or File in get_args(hint)):
                named.append(value)
        return named

    @cached_property
    def _parameters(self) -> TypeAdapter[Any]:
        hints = self._hints
        fields = {
            name: (hints[name], ... if p.default is p.empty else p.default)
            for name, p in inspect.signature(self.run).parameters.items()
            if p.kind is p.KEYWORD_ONLY
        }
        config = ConfigDict(extra="forbid", strict=True)
        return TypeAdapter(create_model(self.name, __config__=config, **fields))  # type: ignore[call-overload]

    def check(self, parameters: Mapping[str, Any]) -> list[str]:
        """Return what is wrong with ``parameters``, a line each."""
        try:
            self._parameters.validate_python(dict(parameters))
        except ValidationError as error:
            return [
                f"parameter {'.'.join(map(str, e['loc']))} of probe {self.name}: {e['msg']}"
                for e in error.errors()
            ]
        return []

    def complete(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """``parameters`` with the defaults filled in. Raises QuizproofError for wrong ones."""
        if problems := self.check(parameters):
            raise QuizproofError("; ".join(problems))
        return dict(self._parameters.validate_python(dict(parameters)))

    def measures(self, parameters: Mapping[str, Any]) -> dict[str, Measure]:
        """Return the measures that are taken under ``parameters``, by name."""
        complete = self.complete(parameters)
        return {m.name: m for measure in self.measured for m in measure.expand(complete)}

    def ranges(self, parameters: Mapping[str, Any]) -> dict[str, Interval]:
        """The range of every number measured under ``parameters``."""
        measures = self.measures(parameters).values()
        return {m.name: (m.low, m.high) for m in measures if m.categories is None}

    def categories(self, parameters: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        """The categories of every word measured under ``parameters``, () where it may be any."""
        measures = self.measures(parameters).values()
        return {m.name: m.categories for m in measures if m.categories is not None}


DECLARED: dict[str, Probe] = {}  # by name; `catalogue` has every one that there is


def probe(
    name: str,
    *,
    roles: tuple[str, ...],
    measures: tuple[Measure, ...],
    stochastic: bool = False,
    tolerance: float = 0.0,
) -> Callable[[ProbeFunction], ProbeFunction]:
    """Declare the decorated generator function as the probe called ``name`` in YAML."""

    def declare(function: ProbeFunction) -> ProbeFunction:
        if name in DECLARED and DECLARED[name].run.__module__ != function.__module__:
            raise QuizproofError(f"two probes are called {name}; rename one")
        DECLARED[name] = Probe(
            name=name,
            roles=roles,
            stochastic=stochastic,
            tolerance=tolerance,
            measured=measures,
            run=function,
        )
        return function

    return declare
