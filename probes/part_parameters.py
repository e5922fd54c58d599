"""Parameters of a probe that take parts of a pack: which parts a call names, or leaves to be found.

>>> model = part_parameter("model", Classifier)
>>> chosen(model, None, {"net": "classifier", "photos": "pictures"})
('net',)
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Union, get_args, get_origin

from quizproof.probes.part_types import PLAIN, kind_of


@dataclass(frozen=True)
class PartParameter:
    """A parameter, and the kinds of the parts that it takes: one, or with ``many`` any number."""

    name: str
    kinds: tuple[str, ...]
    many: bool = False
    optional: bool = False  # None where a call does not name one

    @property
    def type(self) -> Any:
        """The type of what YAML says of it: names."""
        return list[str] | None if self.many else str | None

    @property
    def takes_model(self) -> bool:
        """True where what it takes may compute with torch."""
        return any(kind not in PLAIN for kind in self.kinds)

    @property
    def kind(self) -> str:
        return " or ".join(self.kinds)


class ChoiceError(ValueError):
    """A call that takes no part of a pack, one that is not there, or any of several."""

    def __init__(self, needs: Sequence[str], what: str, mend: str) -> None:
        super().__init__(f"{what}; {mend}")
        self.needs = tuple(needs)  # the parts, or the kind, that are not there
        self.what = what
        self.mend = mend


def part_parameter(name: str, hint: Any) -> PartParameter | None:
    """Return the parameter ``name`` of type ``hint``; None where it takes no part."""
    if get_origin(hint) is list:
        kinds = _kinds(get_args(hint)[0])
        return PartParameter(name, kinds, many=True) if kinds else None
    if kinds := _kinds(hint):
        return PartParameter(name, kinds, optional=type(None) in get_args(hint))
    return None


def _kinds(hint: Any) -> tuple[str, ...]:
    if get_origin(hint) in (Union, types.UnionType):
        each = [kind_of(one) for one in get_args(hint) if one is not type(None)]
        return tuple(kind for kind in each if kind) if all(each) else ()
    kind = kind_of(hint) if isinstance(hint, type) else None
    return (kind,) if kind else ()


def chosen(
    parameter: PartParameter, given: str | list[str] | None, kinds: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the names of the parts that a call takes, of those whose ``kinds`` are known by name.

    ``given`` is what the call says: where nothing, it is the one part of that kind, or where it
    takes many, all of them. Raises ChoiceError.
    """
    fitting = [name for name, kind in kinds.items() if kind in parameter.kinds]
    if given is None:
        if parameter.optional:
            return ()
        if not fitting:
            what = f"the pack has no {parameter.kind}"
            mend = f"put a part of kind {parameter.kind} into it"
            raise ChoiceError([parameter.kind], what, mend)
        if len(fitting) > 1 and not parameter.many:
            what = f"the pack has several of kind {parameter.kind}: {', '.join(fitting)}"
            mend = f"name one, such as {parameter.name}: {fitting[0]}"
            raise ChoiceError([parameter.kind], what, mend)
        return tuple(fitting)
    names = given if isinstance(given, list) else [given]
    if wrong := list(_wrong(parameter, names, kinds, fitting)):
        what, mend = wrong[0]
        raise ChoiceError([name for name in names if name not in fitting], what, mend)
    return tuple(names)


def _wrong(
    parameter: PartParameter, names: list[str], kinds: Mapping[str, str], fitting: list[str]
) -> Iterator[tuple[str, str]]:
    those = f"its parts of kind {parameter.kind}: {', '.join(fitting) or 'none'}"
    for name in names:
        if name not in kinds:
            near = get_close_matches(name, fitting or list(kinds), n=1)
            mend = f"did you mean {near[0]}?" if near else those
            yield f"the pack has no part {name}", mend
        elif kinds[name] not in parameter.kinds:
            yield f"part {name} is of kind {kinds[name]}, not {parameter.kind}", those
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        yield f"part {twice} is named twice", "name it once"
