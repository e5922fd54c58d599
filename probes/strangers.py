"""Probes of other distributions, as data: their modules are imported in processes of their own.

What such a module does when it is imported (patch a library, exit, wait for ever) touches nothing
here. A declaration has a probe's name, what it takes and measures, and its words, and no function:
that is imported by the process that runs it.
"""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
import time
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import EntryPoint
from typing import Annotated, Any, Final, Literal, NoReturn, Union, get_args, get_origin

from pydantic import Field, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from quizproof.probes.declaration import DECLARED, File, Measure, Probe
from quizproof.probes.parameters import REGION, distinct
from quizproof.probes.part_types import kind_of, part_type
from quizproof.probes.sampled import Sampled
from quizproof.questions.problems import one_line
from quizproof.questions.text import Text

_PATIENCE: Final = 20.0  # seconds within which a module is imported
_BYTES: Final = 8_000_000
_CODE: Final = (
    "import sys; sys.path[:] = {path!r}; "
    "from quizproof.probes.strangers import tell; tell({value!r}, {name!r}, {group!r})"
)
_PLAIN: Final[dict[str, Any]] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "none": type(None),
    "file": File,
    "any": Any,
}


_BOUNDS: Final = ("ge", "gt", "le", "lt", "min_length", "max_length")
_MARKS: Final = {"distinct": distinct, "region": REGION}


@dataclass(frozen=True)
class _Parameter:
    name: str
    type: Any  # as `_type_data` writes it
    default: list[Any]  # of one value; empty where it has to be given


@dataclass(frozen=True)
class _Declaration:
    name: str
    module: str
    help: str
    stochastic: bool | Sampled
    tolerance: float
    measured: tuple[dict[str, Any], ...]
    parameters: tuple[_Parameter, ...]
    example: str = ""
    finding: Any = None  # as `_words_data` writes it


_DECLARATIONS: Final = TypeAdapter(list[_Declaration])


def declared_by(entries: Sequence[EntryPoint]) -> Iterator[tuple[EntryPoint, list[Probe] | str]]:
    """Yield each entry point with the probes that its module declares, or why there are none."""
    started = [(entry, _start(entry.value, entry.name, entry.group)) for entry in entries]
    until = time.monotonic() + _PATIENCE
    for entry, process in started:
        said = _answer_of(process, until)
        yield entry, said if isinstance(said, str) else probes_of(said)


def declared_when(code: str) -> list[Any] | str:
    """The declarations that a process tells which runs ``code``, or why there are none."""
    return _answer_of(_process(code), time.monotonic() + _PATIENCE)


def probes_of(declarations: Sequence[Any]) -> list[Probe]:
    """Probes that run nowhere, of declarations as ``tell_of`` tells them.

    Raises ValueError, TypeError and KeyError for what are none.
    """
    return [_probe(each) for each in _DECLARATIONS.validate_python(declarations)]


def _start(value: str, name: str, group: str) -> subprocess.Popen[bytes]:
    return _process(_CODE.format(path=sys.path, value=value, name=name, group=group))


def _process(code: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", code],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        process_group=None if sys.platform == "win32" else 0,
    )


def _answer_of(process: subprocess.Popen[bytes], until: float) -> list[Any] | str:
    try:
        said, _ = process.communicate(timeout=max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return f"it was not imported within {_PATIENCE:g} s"
    try:
        content = json.loads(said[:_BYTES])
        if isinstance(content, str):
            return one_line(content)
        probes_of(content)
        return list(content)
    except (ValueError, ValidationError, TypeError, KeyError, RecursionError):
        return f"its process ended with exit code {process.returncode} when it was imported"


def tell(value: str, name: str, group: str) -> None:
    """Import what an entry point names, and write what it declares: the other process's part."""
    tell_of(EntryPoint(name, value, group).load)


def tell_of(load: Callable[[], object]) -> None:
    """Write what is declared while ``load`` runs, and end this process."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    before = set(DECLARED)
    content: Any
    try:
        load()
        content = [_data(DECLARED[each]) for each in DECLARED if each not in before]
    except Exception as error:  # another's code: its fault costs its own probes alone
        content = f"{type(error).__name__}: {error}"
    answers.write(json.dumps(content))
    answers.flush()
    os._exit(0)  # whatever it left running


def _data(probe: Probe) -> dict[str, Any]:
    sampled = probe.stochastic
    return {
        "name": probe.name,
        "module": probe.run.__module__,
        "help": probe.help,
        "stochastic": sampled if isinstance(sampled, bool) else asdict(sampled),
        "example": probe.example,
        "finding": None if probe.finding is None else _words_data(probe.finding),
        "tolerance": float(probe.tolerance),
        "measured": [_measure_data(measure) for measure in probe.measured],
        "parameters": [
            {
                "name": p.name,
                "type": _type_data(probe.bounded_hints[p.name]),
                "default": [] if p.default is p.empty else [_plain(p.default)],
            }
            for p in probe.asked
        ],
    }


def _measure_data(measure: Measure) -> dict[str, Any]:
    return {
        **{name: getattr(measure, name) for name in ("name", "low", "high", "each")},
        "categories": None if measure.categories is None else list(measure.categories),
        "unit": _words_data(measure.unit),
        "help": _words_data(measure.help),
    }


def _words_data(words: str | Text) -> Any:
    return words if isinstance(words, str) else words.model_dump(mode="json")


def _plain(value: Any) -> Any:
    json.dumps(value)  # what cannot be written is no default that YAML could give
    return value


def _type_data(hint: Any) -> Any:
    """A type of a parameter as JSON; what YAML's own types do not cover is any."""
    if (kind := kind_of(hint)) is not None:
        return {"part": kind}
    for name, plain in _PLAIN.items():
        if hint is plain:
            return name
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return {"within": _type_data(arguments[0]), "bounds": _bounds_data(arguments[1:])}
    if origin is list and arguments:
        return {"list": _type_data(arguments[0])}
    if origin is dict and arguments and arguments[0] is str:
        return {"dict": _type_data(arguments[1])}
    if origin is Literal:
        return {"one": list(arguments)}
    if origin in (Union, types.UnionType):
        return {"either": [_type_data(each) for each in arguments]}
    return "any"


def _bounds_data(marks: Sequence[Any]) -> dict[str, Any]:
    """What of ``parameters.py`` bounds a type, by the names of pydantic's fields."""
    each = [one for mark in marks if isinstance(mark, FieldInfo) for one in mark.metadata]
    found = {
        name: value
        for name in _BOUNDS
        for one in each
        if isinstance(value := getattr(one, name, None), int | float)
    }
    named = {name: True for name, mark in _MARKS.items() if any(mark is one for one in marks)}
    return {**found, **named}


def _bounded(base: Any, bounds: Mapping[str, Any]) -> Any:
    limits = {name: bounds[name] for name in _BOUNDS if name in bounds}
    if not all(isinstance(value, int | float) for value in limits.values()):
        raise TypeError(limits)
    marks = [mark for name, mark in _MARKS.items() if bounds.get(name)]
    return Annotated[(base, Field(**limits), *marks)]


def _type(data: Any) -> Any:
    match data:
        case {"within": base, "bounds": dict() as bounds}:
            return _bounded(_type(base), bounds)
        case str():
            return _PLAIN[data]
        case {"part": str(kind)}:
            return part_type(kind, kind)
        case {"list": each}:
            return list[_type(each)]  # type: ignore[misc]
        case {"dict": each}:
            return dict[str, _type(each)]  # type: ignore[misc]
        case {"one": [*values]}:
            return Literal[tuple(values)]
        case {"either": [*those]}:
            return Union[tuple(map(_type, those))]  # noqa: UP007 (it takes no tuple)
    raise TypeError(data)


def _probe(declared: _Declaration) -> Probe:
    found = Probe(
        name=declared.name,
        stochastic=declared.stochastic,
        tolerance=declared.tolerance,
        measured=tuple(_measure(each) for each in declared.measured),
        run=_elsewhere(declared),
        example=declared.example,
        finding=None if declared.finding is None else _words(declared.finding),
    )
    if problem := found.finding_problem:
        raise ValueError(problem)
    return found


def _measure(data: Mapping[str, Any]) -> Measure:
    words = {name: _words(data[name]) for name in ("unit", "help")}
    categories = data["categories"]
    return Measure(
        name=str(data["name"]),
        low=float(data["low"]),
        high=float(data["high"]),
        each=None if data["each"] is None else str(data["each"]),
        categories=None if categories is None else tuple(map(str, categories)),
        **words,
    )


def _words(data: Any) -> str | Text:
    return data if isinstance(data, str) else Text.model_validate(data)


def _elsewhere(declared: _Declaration) -> Callable[..., NoReturn]:
    """A function with the name, the parameters and the words of one that is not here."""

    def run(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError(f"{declared.name} runs in a process of its own")

    kind = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter(
            p.name,
            kind,
            default=p.default[0] if p.default else inspect.Parameter.empty,
            annotation=_type(p.type),
        )
        for p in declared.parameters
    ]
    bench = inspect.Parameter("bench", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    run.__signature__ = inspect.Signature([bench, *parameters])  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    run.__module__, run.__doc__ = declared.module, declared.help or None
    return run
