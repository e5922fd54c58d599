"""Versions of installed distributions, each looked up once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version


def versions_of(names: Iterable[str]) -> dict[str, str]:
    """The versions of those of ``names`` that are installed, in their order."""
    return {name: found for name in names if (found := version_of(name)) is not None}


@cache
def version_of(name: str) -> str | None:
    """The version of a distribution; None where there is none of that name."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None
