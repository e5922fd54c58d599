"""The catalogue: every probe that a question can name.

The program's own are the modules of `probes/picture/`, `probes/language/` and `probes/table/`,
found by looking into these folders; those of another distribution are named by its entry points in
the group ``quizproof.probes``, and are known here by what they declare (`strangers.py`). A quiz may
have its own beside it (`beside.py`).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from typing import Final

from quizproof.probes import language, picture, table
from quizproof.probes.beside import Beside, load_beside, probes_beside
from quizproof.probes.declaration import DECLARED, Probe
from quizproof.probes.strangers import declared_by
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Question

ENTRY_POINTS: Final = "quizproof.probes"
OWN: Final = "quizproof"
_BUILT_IN = (picture, language, table)


@dataclass(frozen=True)
class _Catalogue:
    probes: Mapping[str, Probe]  # by name
    owners: Mapping[str, str]  # the distribution of those that are not this program's, by name
    unloadable: Mapping[str, str]  # why there are none of an entry point, by its name


def catalogue(beside: Beside | None = None) -> Mapping[str, Probe]:
    """Every probe of this program and of installed distributions, by name.

    Those ``beside`` a quiz come after them: none of these is called as one that is installed.
    """
    probes = _catalogue(tuple(sys.path)).probes
    return probes if beside is None else {**probes_beside(beside), **probes}


def unloadable() -> Mapping[str, str]:
    """Return why the probes of an entry point are not known, by the entry point's name."""
    return _catalogue(tuple(sys.path)).unloadable


def owner_of(question: Question, beside: Beside | None = None) -> str:
    """The distribution, or the code beside a quiz, whose probe measures ``question``."""
    assert question.probe is not None
    name, known = question.probe.name, _catalogue(tuple(sys.path))
    return known.owners.get(name, OWN if name in known.probes or beside is None else beside.owner)


def loaded(name: str, owner: str, beside: Beside | None = None) -> Probe:
    """The probe called ``name`` of ``owner``, whose modules are imported for it.

    Raises QuizproofError where it is not declared here as it was elsewhere.
    """
    if beside is not None and owner == beside.owner:
        assert beside.folder is not None
        load_beside(beside.folder, beside.digest)
    else:
        _import(tuple(sys.path), owner)
    if name not in DECLARED:
        raise QuizproofError(f"{owner} declares no probe {name} when it is imported again")
    return DECLARED[name]


@cache
def _catalogue(path: tuple[str, ...]) -> _Catalogue:
    """The catalogue for one place that distributions may be installed in."""
    _import(path, OWN)
    probes = {name: p for name, p in DECLARED.items() if p.run.__module__.startswith(f"{OWN}.")}
    owners: dict[str, str] = {}
    missing: dict[str, str] = {}
    if entries := list(entry_points(group=ENTRY_POINTS)):
        for entry, declared in declared_by(entries):
            if isinstance(declared, str):
                missing[entry.name] = declared
                continue
            for probe in declared:
                if probe.name in probes:
                    missing[entry.name] = f"two probes are called {probe.name}; rename one"
                    continue
                probes[probe.name] = probe
                owners[probe.name] = entry.dist.name if entry.dist else entry.value
    return _Catalogue(probes, owners, missing)


@cache
def _import(path: tuple[str, ...], owner: str) -> None:
    """Import the modules of ``owner`` that declare probes, once for each place they may lie in."""
    if owner == OWN:
        for package in _BUILT_IN:
            for module in iter_modules(package.__path__, f"{package.__name__}."):
                import_module(module.name)
    else:
        for entry in entry_points(group=ENTRY_POINTS):
            if owner == (entry.dist.name if entry.dist else entry.value):
                with suppress(Exception):  # it costs its own probes, which is told of elsewhere
                    entry.load()
