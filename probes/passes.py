"""Counting what goes through a model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Passes:
    """Pictures or sentences that went through a network, forward and backward to the input."""

    forward: int = 0
    backward: int = 0

    def __add__(self, other: Passes) -> Passes:
        return Passes(self.forward + other.forward, self.backward + other.backward)

    def __sub__(self, other: Passes) -> Passes:
        return Passes(self.forward - other.forward, self.backward - other.backward)
