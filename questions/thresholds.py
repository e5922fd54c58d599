"""The numbers that a question's answer hangs on, as they are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from quizproof.questions.spec import Question


@dataclass(frozen=True)
class NamedThreshold:
    """A threshold with its value, where it comes from, and whether moving it turns the answer."""

    name: str
    value: Any  # a parameter of the probe may be a list of numbers
    origin: str
    close: bool  # a fifth more or less gives another answer on the embedded pack


def settings(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """``parameters`` by name, with the settings of those that have any, such as a method's steps.

    >>> settings({"picture": 1, "method": {"name": "smoothgrad", "samples": 50}})["samples"]
    50
    """
    inner = (each for each in parameters.values() if isinstance(each, Mapping))
    return {name: value for each in (*inner, parameters) for name, value in each.items()}


def thresholds_of(question: Question) -> Iterator[NamedThreshold]:
    """The thresholds of ``question``; one that is a parameter of its probe has that one's value."""
    given = settings(question.probe.parameters if question.probe else {})
    for name, threshold in question.thresholds.items():
        value = given.get(name) if threshold.value is None else threshold.value
        yield NamedThreshold(name, value, threshold.source, name in question.close)
