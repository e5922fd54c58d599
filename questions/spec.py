"""A quiz and its questions: the models behind the YAML files and the JSON Schema."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from quizproof.questions.blank import NumberBlank as NumberBlank
from quizproof.questions.blank import Range as Range
from quizproof.questions.blank import Relative as Relative
from quizproof.questions.blank import TextBlank as TextBlank
from quizproof.questions.blank import kind_of_blank
from quizproof.questions.fields import Identity, Name, OptionId, PartId
from quizproof.questions.fields import Model as Model
from quizproof.questions.fields import Option as Option
from quizproof.questions.fields import ProbeCall as ProbeCall
from quizproof.questions.fields import QuestionId as QuestionId
from quizproof.questions.fields import Sha256 as Sha256
from quizproof.questions.fields import Threshold as Threshold
from quizproof.questions.fields import Wordings as Wordings
from quizproof.questions.lists import DropDown as DropDown
from quizproof.questions.lists import DropDowns as DropDowns
from quizproof.questions.lists import Matched as Matched
from quizproof.questions.lists import Matching as Matching
from quizproof.questions.lists import Ordering as Ordering
from quizproof.questions.lists import Ranked as Ranked
from quizproof.questions.question import LEAST_POINTS as LEAST_POINTS
from quizproof.questions.question import MOST_POINTS as MOST_POINTS
from quizproof.questions.question import AnyOf as AnyOf
from quizproof.questions.question import AnyQuestion, Key
from quizproof.questions.question import keys_of as keys_of
from quizproof.questions.rules import Value
from quizproof.questions.text import Text as Text
from quizproof.questions.text import untranslated as untranslated


class SingleChoice(AnyQuestion):
    """Exactly one option is right."""

    kind: Literal["single"]
    options: dict[OptionId, Option]
    expected: Key | None = None


class MultipleChoice(AnyQuestion):
    """Several options may be right; ``choose`` says how many, where the prompt does."""

    kind: Literal["multiple"]
    choose: Annotated[int | None, Field(ge=1)] = None
    options: dict[OptionId, Option]
    expected: Key | None = None


class Blanks(AnyQuestion):
    """Blanks to fill in; the prompt names each as ``[1]``, ``[2]``, …"""

    kind: Literal["blanks"]
    blanks: dict[
        PartId,
        Annotated[
            Annotated[TextBlank, Tag("word")] | Annotated[NumberBlank, Tag("number")],
            Discriminator(kind_of_blank),
        ],
    ]


Lists: TypeAlias = DropDowns | Matching  # one choice from each list
Question: TypeAlias = Annotated[
    SingleChoice | MultipleChoice | Blanks | DropDowns | Matching | Ordering,
    Field(discriminator="kind"),
]


Identities: TypeAlias = list[Identity]
ByNumber: TypeAlias = dict[Annotated[str, Field(pattern=r"^[0-9]{1,6}$")], Sha256]


def _by_number(named: Any) -> str:
    return "by number" if isinstance(named, dict) else "in a list"


class SettledBy(Model):
    """The parts of a pack, by their names, that the questions are about.

    ``parts`` has a list for each: digests as ``quizproof pack show`` prints them, or
    ``repo@revision`` for a model of the Hugging Face hub; of pictures, a digest for each number.
    ``architecture`` has a list for each model that questions about an architecture look at, as
    ``pack show`` names it. ``classifier``, ``pictures`` and ``language`` say the same as ``parts``,
    as quizzes said it before: ``language`` of ``readers`` is about each of them.
    """

    parts: dict[
        Name,
        Annotated[
            Annotated[Identities, Tag("in a list")] | Annotated[ByNumber, Tag("by number")],
            Discriminator(_by_number),
        ],
    ] = {}
    architecture: dict[str, list[str]] = {}
    classifier: list[Sha256] = []
    pictures: dict[str, Sha256] = {}
    language: dict[str, list[Identity]] = {}

    def named(self, part: str) -> Collection[str] | Mapping[str, str]:
        """What the quiz says that the part is: its identities, or each picture's digest."""
        if part in self.parts:
            return self.parts[part]
        if part == "classifier":
            return self.classifier
        if part == "pictures":
            return self.pictures
        return self.language.get("readers" if part.startswith("reader_") else part, [])


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
    points: Annotated[
        float | None,
        Field(
            ge=0,
            strict=False,
            allow_inf_nan=False,
            description="of all questions together; lint adds them up",
        ),
    ] = None
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
    pictures: Mapping[str, bytes] = field(default_factory=dict)  # that it shows, by name


@dataclass(frozen=True)
class Choice:
    """An option in the one form the runner and the reports know, whatever the kind."""

    id: str  # "a"; "1a" for option a of drop-down 1; "1" for blank 1
    part: str  # "" for choices, else the part it belongs to
    text: Text | None  # None for a blank
    rule: str | None  # None where imported, and for a blank whose key was left out
    expected: bool | None  # None where there is no key
    either: bool = False  # expected by some of several keys, and not by all of them


def choices(question: Question) -> tuple[Choice, ...]:
    """The options of any kind of question, in the order shown."""
    match question:
        case SingleChoice() | MultipleChoice():
            return _listed(question.options, keys_of(question.expected), part="")
        case DropDowns() | Matching() | Ordering():
            return tuple(
                choice
                for part, down in question.parts.items()
                for choice in _listed(
                    down.options,
                    () if down.expected is None else ((down.expected,),),
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


def expected_answers(question: Question) -> tuple[Answer, ...]:
    """The answers of all keys that are accepted; empty where there is none."""
    if isinstance(question, SingleChoice | MultipleChoice):
        return tuple(
            tuple(option for option in question.options if option in key)
            for key in keys_of(question.expected)
        )
    answer = expected_answer(question)
    return () if answer is None else (answer,)


def expected_answer(question: Question) -> Answer | None:
    """The answer of the key, the first of several: option ids in order, or what fills blanks."""
    if isinstance(question, SingleChoice | MultipleChoice):
        return next(iter(expected_answers(question)), None)
    if isinstance(question, Ordering):
        expected = tuple(question.expected or ())
        return expected if sorted(expected) == sorted(question.items) else None
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
    options: Mapping[str, Option], keys: Sequence[Sequence[str]], part: str
) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            id=part + name,
            part=part,
            text=option.text,
            rule=option.rule,
            expected=any(holding) if keys else None,
            either=any(holding) and not all(holding),
        )
        for name, option in options.items()
        for holding in [[name in key for key in keys]]
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
