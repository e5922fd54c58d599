"""Evidence that a worker is asked for, and what it may take for it."""

from __future__ import annotations

from dataclasses import dataclass

from quizproof.probes.engine.collector import Wanted
from quizproof.probes.engine.plan import Plan


@dataclass(frozen=True)
class Limits:
    """Limits of what one worker may take."""

    patience: float  # seconds without a draw or a pass after which a probe is taken to be stuck
    memory: int | None = None  # bytes; None: as much as there is
    threads: int | None = None  # None: as many as torch takes


@dataclass(frozen=True)
class Request:
    """Evidence that is asked for."""

    number: int  # which every answer to it names
    plan: Plan | None  # None: that of the request before
    wanted: Wanted
