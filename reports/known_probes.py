"""The probes a command can use, with a line for those that cannot be loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizproof.probes.beside import (
    PROBES_FILE,
    Beside,
    BesideCode,
    code_beside,
    declared_beside,
    probes_beside,
)
from quizproof.probes.catalogue import catalogue, unloadable
from quizproof.probes.declaration import Probe
from quizproof.probes.trust import is_trusted
from quizproof.questions.declared import Declared, PackParts
from quizproof.reports.telling import complain


def known_probes() -> Mapping[str, Probe]:
    """The catalogue; says on standard error which distributions' probes are missing from it."""
    probes = catalogue()
    for name, why in unloadable().items():
        complain(f"the probes of '{name}' cannot be loaded ({why}); mend or uninstall it")
    return probes


@dataclass(frozen=True)
class QuizProbes:
    """The probes that a quiz's questions can name."""

    known: Mapping[str, Declared]
    beside: Beside | None  # its own, where they can be measured or were


def probes_of_quiz(folder: Path, evidence: Path | None = None) -> QuizProbes:
    """The catalogue with what the quiz in ``folder`` has of its own; what cannot be had is told.

    Where it is judged from ``evidence``, that says what its own probes declare, and nothing of the
    folder is run. Raises QuizproofError.
    """
    installed = known_probes()
    if evidence is not None:
        from quizproof.probes.engine.evidence.file import beside_in  # nobody else waits for it

        beside = beside_in(evidence)
        return QuizProbes({**(probes_beside(beside) if beside else {}), **installed}, beside)
    code = code_beside(folder)
    if code is None:
        return QuizProbes(installed, None)
    place = folder / PROBES_FILE
    if not is_trusted(folder, code.digest):
        return _without(code, installed, f"{place} is not trusted", f"quizproof trust {folder}")
    found = declared_beside(code)
    if isinstance(found, str):
        complain(f"{place} cannot be imported: {found}; mend it")
        return _without(code, installed, f"{place} cannot be imported ({found})", "mend it")
    own = probes_beside(found)
    for name in sorted(own.keys() & installed.keys()):
        complain(f"{place} declares {name}, which is installed by that name; rename it")
    return QuizProbes({**own, **installed}, found)


def _without(
    code: BesideCode, installed: Mapping[str, Declared], why: str, mend: str
) -> QuizProbes:
    """The probes without those that ``code`` declares: ``why`` is told at each question."""
    names = code.probe_names
    lacking = {name: _Lacking(f"probe {name} cannot be measured: {why}", mend) for name in names}
    return QuizProbes({**lacking, **installed}, None)


@dataclass(frozen=True)
class _Lacking:
    """A probe of which no more is known than its name, and why."""

    why: str
    mend: str

    def draws_anew(self, parameters: Mapping[str, object]) -> bool:
        return False

    def check(self, parameters: Mapping[str, object]) -> list[str]:
        return [self.why]

    def wrong(
        self, parameters: Mapping[str, object]
    ) -> list[tuple[tuple[str | int, ...], str, str]]:
        return [((), self.why, self.mend)]

    def files(self, parameters: Mapping[str, object]) -> list[str]:
        return []

    def part_problems(
        self, parameters: Mapping[str, object], parts: PackParts
    ) -> list[tuple[str, str, str]]:
        return []

    def ranges(self, parameters: Mapping[str, object]) -> dict[str, Any]:
        return {}

    def categories(self, parameters: Mapping[str, object]) -> dict[str, Any]:
        return {}
