from collections.abc import Iterator
from pathlib import Path

from tests.bench.pairs import Row


def rows(pack: Path) -> Iterator[Row]:
    yield from ()
