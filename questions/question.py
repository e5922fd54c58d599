"""What questions of every kind say, and the key of those whose options are chosen."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from quizproof.questions.fields import (
    Model,
    Name,
    OptionId,
    ProbeCall,
    QuestionId,
    Threshold,
    Topic,
    Wordings,
)
from quizproof.questions.text import Text, Words

# A draw whose share is estimated is a whole result: that many decide where all of them agree
FEW_DRAWS = 12
MANY_DRAWS = 200

# beyond these a sum over a class, or a share of one, is no number that a gradebook takes
LEAST_POINTS = 0.001
MOST_POINTS = 1_000_000

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _countable(points: float) -> float:
    if 0 < points < LEAST_POINTS:
        raise ValueError(f"0, or {LEAST_POINTS} at least")
    return points


def _day(given: Any) -> Any:
    if not isinstance(given, date) and not (isinstance(given, str) and _DAY.fullmatch(given)):
        raise ValueError("a day is written as 2027-01-31")
    return given


class Accepted(Model):
    """A contradiction that the course knowingly keeps, as long as this is what is measured."""

    measured: Annotated[
        list[str | Annotated[float, Field(allow_inf_nan=False)]],
        Field(description="the answer that is measured, as verify --json has it"),
    ]
    reason: Words
    by: Words
    until: Annotated[
        date, Field(strict=False, description="its last day, as 2027-01-31"), BeforeValidator(_day)
    ]


class AnyQuestion(Model):
    """A question, whatever its kind."""

    id: Annotated[QuestionId, Field(description="the file's name; left out of the file")] = (
        "unnamed"
    )
    topic: Annotated[
        Topic | None, Field(description="what it belongs to, as the course calls it: LIME")
    ] = None
    points: Annotated[
        float,
        Field(ge=0, le=MOST_POINTS, strict=False, allow_inf_nan=False),
        AfterValidator(_countable),
    ]
    about: Annotated[
        Literal["method", "architecture", "model"],
        Field(
            description="method: any model settles it; architecture: any model of one that the "
            "quiz names; model: only the one the quiz names"
        ),
    ]
    because: Annotated[
        str | None, Field(description="why it is about the method or the model, where in doubt")
    ] = None
    full_credit: Annotated[
        str | None,
        Field(min_length=1, description="why everyone has the points, whatever they answered"),
    ] = None
    accepted: Annotated[
        Accepted | None,
        Field(description="who keeps the key though it is contradicted, why and until when"),
    ] = None
    prompt: Text
    probe: Annotated[
        ProbeCall | None, Field(description="absent in an imported question: lint says so")
    ] = None
    estimate: Annotated[
        Literal["mean", "share"],
        Field(
            description="what decides over draws: each comparison at its mean over draws, or the "
            "share of draws in which the whole rule holds, against one half"
        ),
    ] = "mean"
    max_draws: Annotated[
        int | None,
        Field(
            ge=1,
            le=100_000,
            description=f"of each model, at most; {FEW_DRAWS} where it is left out and shares are "
            f"estimated, {MANY_DRAWS} where means are",
        ),
    ] = None
    thresholds: Annotated[
        dict[Name, Threshold],
        Field(description="numbers that decide, by the names that rules call them by"),
    ] = {}
    close: Annotated[
        list[Name],
        Field(
            description="thresholds that turn the measured answer on the embedded pack when they "
            "are moved by a fifth"
        ),
    ] = []
    wordings: Wordings | None = None

    @property
    def most_draws(self) -> int:
        """The number of draws made of each model at most."""
        if self.max_draws is not None:
            return self.max_draws
        return FEW_DRAWS if self.estimate == "share" else MANY_DRAWS

    @property
    def constants(self) -> dict[str, float]:
        """The values that names of thresholds stand for in rules."""
        return {n: t.value for n, t in self.thresholds.items() if t.value is not None}


class AnyOf(Model):
    """Several keys: whoever answers by any one of them, whole, is right."""

    any: Annotated[list[list[OptionId]], Field(min_length=2)]


def _kind_of_key(given: Any) -> str:
    return "any" if isinstance(given, AnyOf | dict) else "one"


Key: TypeAlias = Annotated[
    Annotated[list[OptionId], Tag("one")] | Annotated[AnyOf, Tag("any")],
    Discriminator(_kind_of_key),
]


def keys_of(expected: list[str] | AnyOf | None) -> tuple[tuple[str, ...], ...]:
    """The keys that are accepted, each as the options that it expects; none where there is none."""
    if expected is None:
        return ()
    return tuple(map(tuple, expected.any if isinstance(expected, AnyOf) else [expected]))
