"""The catalogue: every probe that a question can name.

The program's own are the modules of `probes/picture/` and `probes/language/`, found by looking into
these folders; those of another distribution are named by its entry points in the group
``quizproof.probes``. A module declares its probes when it is imported.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules

from quizproof.probes import language, picture
from quizproof.probes.declaration import DECLARED, Probe
from quizproof.questions.problems import one_line

ENTRY_POINTS = "quizproof.probes"
_BUILT_IN = (picture, language)


def catalogue() -> Mapping[str, Probe]:
    """Every probe of this program and of installed distributions, by name."""
    _load(tuple(sys.path))
    return DECLARED


def unloadable() -> Mapping[str, str]:
    """Return why the probes of an entry point could not be loaded, by the entry point's name."""
    return _load(tuple(sys.path))


@cache
def _load(path: tuple[str, ...]) -> Mapping[str, str]:
    """Import the modules that declare probes, once for each place they may be installed in.

    Gives why those of an entry point could not be.
    """
    for package in _BUILT_IN:
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    unloadable = {}
    for entry in entry_points(group=ENTRY_POINTS):
        try:
            entry.load()
        except Exception as error:  # another's code: its fault costs its own probes alone
            unloadable[entry.name] = one_line(f"{type(error).__name__}: {error}")
    return unloadable
