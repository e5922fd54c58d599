"""The files that a subject of ``quizproof new`` begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Starter:
    """A probe of one's own, its test, and two questions: a right key, and a wrong one."""

    title: str
    probes: str
    test: str
    right: str
    wrong: str
    files: Mapping[str, str] = field(default_factory=dict)  # that the probe reads, by name
