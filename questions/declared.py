"""Facts of a probe that the rules of a quiz may need to know."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from quizproof.questions.rules import Interval


@dataclass(frozen=True)
class PackParts:
    """What a pack's manifest says of its parts, as far as lint needs to know it."""

    kinds: Mapping[str, str]  # by the part's name
    # of each picture in order, by the part's name; none where the quiz names no pack of its own
    regions: Mapping[str, Sequence[Collection[str]]] = field(default_factory=dict)


class Declared(Protocol):
    """A probe as far as lint needs to know it; `quizproof.probes.Probe` is one."""

    def draws_anew(self, parameters: Mapping[str, object]) -> bool: ...

    def check(self, parameters: Mapping[str, object]) -> list[str]: ...

    def wrong(
        self, parameters: Mapping[str, object]
    ) -> list[tuple[tuple[str | int, ...], str, str]]: ...

    def files(self, parameters: Mapping[str, object]) -> list[str]: ...

    def part_problems(
        self, parameters: Mapping[str, object], parts: PackParts
    ) -> list[tuple[str, str, str]]: ...

    def ranges(self, parameters: Mapping[str, object]) -> dict[str, Interval]: ...

    def categories(self, parameters: Mapping[str, object]) -> dict[str, tuple[str, ...]]: ...
