"""A quiz and its questions: the models behind the YAML files and the JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag

from quizproof.questions.blank import NumberBlank as NumberBlank
from quizproof.questions.blank import Range as Range
from quizproof.questions.blank import Relative as Relative
from quizproof.questions.blank import TextBlank as TextBlank
from quizproof.questions.blank import kind_of_blank
from quizproof.questions.fields import (
    Identity,
    Name,
    OptionId,
    PartId,
    Threshold,
    Topic,
    Wordings,
)
from quizproof.questions.fields import Model as Model
from quizproof.questions.fields import Option as Option
from quizproof.questions.fields import ProbeCall as ProbeCall
from quizproof.questions.fields import QuestionId as QuestionId
from quizproof.questions.fields import Sha256 as Sha256
from quizproof.questions.rules import Value
from quizproof.questions.text import Text as Text
from quizproof.questions.text import untranslated as untranslated

# A draw whose share is estimated is a whole result: that many decide where all of them agree
FEW_DRAWS = 12
MANY_DRAWS = 200

# beyond these a sum over a class, or a share of one, is no number that a gradebook takes
LEAST_POINTS = 0.001
MOST_POINTS = 1_000_000


def _countable(points: float) -> float:
    if 0 < points < LEAST_POINTS:
        raise ValueError(f"0, or {LEAST_POINTS} at least")
    return points


class _Question(Model):
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


class SingleChoice(_Question):
    """Exactly one option is right."""

    kind: Literal["single"]
    options: dict[OptionId, Option]
    expected: list[OptionId] | None = None


class MultipleChoice(_Question):
    """Several options may be right; ``choose`` says how many, where the prompt does."""

    kind: Literal["multiple"]
    choose: Annotated[int | None, Field(ge=1)] = None
    options: dict[OptionId, Option]
    expected: list[OptionId] | None = None


class Blanks(_Question):
    """Blanks to fill in; the prompt names each as ``[1]``, ``[2]``, …"""

    kind: Literal["blanks"]
    blanks: dict[
        PartId,
        Annotated[
            Annotated[TextBlank, Tag("word")] | Annotated[NumberBlank, Tag("number")],
            Discriminator(kind_of_blank),
        ],
    ]


class DropDown(Model):
    """One list to choose from."""

    options: dict[OptionId, Option]
    expected: OptionId | None = None


class DropDowns(_Question):
    """Several lists, one choice from each; the prompt names each as ``[1]``, ``[2]``, …"""

    kind: Literal["dropdowns"]
    parts: dict[PartId, DropDown]


Question: TypeAlias = Annotated[
    SingleChoice | MultipleChoice | Blanks | DropDowns, Field(discriminator="kind")
]


class SettledBy(Model):
    """The models, pictures and texts the questions about a model are about.

    ``language`` has a list for each role of language: digests as ``quizproof pack show`` prints
    them, or ``repo@revision`` for a model of the Hugging Face hub. ``architecture`` has a list for
    each role that questions about an architecture look at, as ``pack show`` names it.
    """

    classifier: list[Sha256] = []
    pictures: dict[str, Sha256] = {}
    language: dict[str, list[Identity]] = {}
    architecture: dict[str, list[str]] = {}


class QuizFile(Model):
    """``quiz.yaml``."""

    id: QuestionId
    title: Text
    questions: Annotated[list[QuestionId], Field(min_length=1)]
    pack: Annotated[
        str | None,
        Field(
            min_length=1,
            description="the folder of what is measured, from this one's; --pack comes before it. "
            "The embedded pack where none is named",
        ),
    ] = None
    settled_by: SettledBy = SettledBy()
    without_key: Annotated[
        bool, Field(description="no question says what it expects: exported for students")
    ] = False


Answer: TypeAlias = tuple[Value, ...]


@dataclass(frozen=True)
class Quiz:
    """A quiz with its questions in order."""

    id: str
    title: Text
    questions: tuple[Question, ...]
    settled_by: SettledBy
    digest: str  # SHA-256 over the files it was read from


@dataclass(frozen=True)
class Choice:
    """An option in the one form the runner and the reports know, whatever the kind."""

    id: str  # "a"; "1a" for option a of drop-down 1; "1" for blank 1
    part: str  # "" for choices, else the part it belongs to
    text: Text | None  # None for a blank
    rule: str | None  # None where imported, and for a blank whose key was left out
    expected: bool | None  # None where there is no key


def choices(question: Question) -> tuple[Choice, ...]:
    """The options of any kind of question, in the order shown."""
    match question:
        case SingleChoice() | MultipleChoice():
            key = None if question.expected is None else frozenset(question.expected)
            return _listed(question.options, key, part="")
        case DropDowns():
            return tuple(
                choice
                for part, down in question.parts.items()
                for choice in _listed(
                    down.options,
                    None if down.expected is None else frozenset([down.expected]),
                    part=part,
                )
            )
        case Blanks():
            return tuple(
                Choice(
                    id=part,
                    part=part,
                    text=None,
                    rule=(rule := _rule_of_blank(blank)),
                    expected=True if rule else None,
                )
                for part, blank in question.blanks.items()
            )


def expected_answer(question: Question) -> Answer | None:
    """The answer of the key: option ids in order, or what the blanks are filled with."""
    if isinstance(question, Blanks):
        keys: list[Value] = []
        for blank in question.blanks.values():
            if isinstance(blank, NumberBlank):
                if blank.expected_number is not None:
                    keys.append(blank.expected_number)
                elif isinstance(blank.tolerance, Range):
                    keys.append("{:.6g} … {:.6g}".format(*blank.tolerance.range))
                else:
                    return None
            elif blank.expected is None:
                return None
            else:
                keys.append(blank.expected[0])
        return tuple(keys)
    listed = choices(question)
    if any(choice.expected is None for choice in listed):
        return None
    return tuple(choice.id for choice in listed if choice.expected)


def _listed(
    options: Mapping[str, Option], key: frozenset[str] | None, part: str
) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            id=part + name,
            part=part,
            text=option.text,
            rule=option.rule,
            expected=None if key is None else name in key,
        )
        for name, option in options.items()
    )


def _rule_of_blank(blank: TextBlank | NumberBlank) -> str | None:
    if blank.measure is None:
        return None
    if isinstance(blank, NumberBlank):
        if isinstance(blank.tolerance, Range):
            low, high = blank.tolerance.range
            return f"({low!r}) <= {blank.measure} <= ({high!r})"
        number, within = blank.expected_number, blank.tolerance
        if number is None:
            return None
        most = repr(within)
        if isinstance(within, Relative):
            most = f"{within.relative!r} * abs({number!r})"
        return f"abs({blank.measure} - ({number!r})) <= {most}"
    if blank.expected is None:
        return None
    return " or ".join(f"{blank.measure} == {word!r}" for word in blank.expected)
