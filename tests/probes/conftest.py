from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pytest
import torch

from quizproof.probes.catalogue import catalogue
from quizproof.probes.declaration import DECLARED, Probe, ProbeFunction
from quizproof.probes.draws import Draw, Words
from quizproof.questions.spec import Text


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    """The networks here are small: threads only wait for one another, most of all under xdist."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session", autouse=True)
def _in_both_languages() -> Iterator[None]:
    """Hold every draw of a bundled probe to have all its words in both languages."""
    with pytest.MonkeyPatch.context() as patch:
        for name, probe in dict(catalogue()).items():
            if probe.run.__module__.startswith("quizproof.probes."):
                held = replace(probe, run=_held(probe.run))
                patch.setitem(DECLARED, name, held)
                patch.setitem(cast(dict[str, Probe], catalogue()), name, held)
        yield


def _held(run: ProbeFunction) -> ProbeFunction:
    @functools.wraps(run)
    def drawn(*bench: Any, **parameters: Any) -> Iterator[Draw]:
        for draw in run(*bench, **parameters):
            for words in _words(draw):
                assert isinstance(words, Text), words
            yield draw

    return drawn


def _words(draw: Draw) -> Iterator[Words]:
    """Everything that a page says of ``draw``."""
    yield from (map_.title for map_ in draw.maps)
    for matrix in draw.matrices:
        yield from (matrix.title, matrix.row_name, matrix.column_name)
    yield from (draw.captions.get(name, name) for name in draw.series)
    for scatter in draw.scatters:
        yield scatter.title
        yield from (scatter.captions.get(group, group) for group in scatter.groups)
