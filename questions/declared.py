"""Facts of a probe that the rules of a quiz may need to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from quizproof.questions.rules import Interval


class Declared(Protocol):
    """A probe as far as lint needs to know it; `quizproof.probes.Probe` is one."""

    @property
    def stochastic(self) -> bool: ...

    @property
    def usage(self) -> str: ...

    def check(self, parameters: Mapping[str, object]) -> list[str]: ...

    def part_problems(
        self, parameters: Mapping[str, object], kinds: Mapping[str, str]
    ) -> list[tuple[str, str, str]]: ...

    def ranges(self, parameters: Mapping[str, object]) -> dict[str, Interval]: ...

    def categories(self, parameters: Mapping[str, object]) -> dict[str, tuple[str, ...]]: ...
