"""Every kind that there is: the program's own, found by looking into this folder."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from quizproof.probes import kinds
from quizproof.probes.kinds.kind import Kind


@cache
def every_kind() -> Mapping[str, Kind]:
    """Return the kinds by name."""
    found: dict[str, Kind] = {}
    # by name, not by an import: what a kind loads with reads manifests, which name kinds
    for module in iter_modules(kinds.__path__, f"{kinds.__name__}."):
        kind = getattr(import_module(module.name), "KIND", None)
        if kind is not None:
            found[kind.name] = kind
    return found
