"""Counting what goes through a model."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Lock

_counting = Lock()  # batches may go through a network side by side


@dataclass
class Passes:
    """Pictures or sentences that went through a network, forward and backward to the input."""

    forward: int = 0
    backward: int = 0
    # what was counted for this question, and is not to be again, where it is remembered
    counted: set[Hashable] = field(default_factory=set, compare=False, repr=False)

    def count(self, *, forward: int = 0, backward: int = 0) -> None:
        with _counting:
            self.forward += forward
            self.backward += backward

    def __add__(self, other: Passes) -> Passes:
        return Passes(self.forward + other.forward, self.backward + other.backward)

    def __sub__(self, other: Passes) -> Passes:
        return Passes(self.forward - other.forward, self.backward - other.backward)
