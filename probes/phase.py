"""What this process is at before there is a draw, in a few words for whoever waits.

>>> with phase("loading torch"):
...     phase_now()
'loading torch'
>>> phase_now()
''
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_under_way: list[str] = []  # the innermost last


@contextmanager
def phase(what: str) -> Iterator[None]:
    """Say that ``what`` is being done inside the ``with``, such as "trying batch sizes"."""
    _under_way.append(what)
    try:
        yield
    finally:
        _under_way.pop()


def phase_now() -> str:
    """What is being done; empty where nothing is said. Another thread may ask."""
    return next(reversed(tuple(_under_way)), "")
