"""The small models that questions of every kind are made of."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from quizproof.questions.text import LANGUAGE, Text

QUESTION_ID = r"^[a-z][a-z0-9_-]{0,31}$"
OPTION_ID = r"^[a-z]$"
PART = r"[a-z0-9_-]{1,32}"  # as it stands in a prompt, in brackets
PART_ID = rf"^{PART}$"

QuestionId: TypeAlias = Annotated[str, Field(pattern=QUESTION_ID)]
OptionId: TypeAlias = Annotated[str, Field(pattern=OPTION_ID)]
PartId: TypeAlias = Annotated[str, Field(pattern=PART_ID)]
Name: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
Topic: TypeAlias = Annotated[
    str, Field(min_length=1, max_length=60, pattern=r"^[^\s\x00-\x1f\x7f]+( [^\s\x00-\x1f\x7f]+)*$")
]
Sha256: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Identity: TypeAlias = Annotated[
    str, Field(pattern=r"^([0-9a-f]{64}|[\w.-]+/[\w.-]+@[0-9a-f]{40})$")
]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, strict=True)


class Option(Model):
    """One choice, and the rule over measured names under which it is right."""

    text: Text
    rule: Annotated[
        str | None,
        Field(
            min_length=1,
            description="e.g. density_food > density_plate; absent where imported: lint says so",
        ),
    ] = None


class ProbeCall(Model):
    """The probe that measures, with its parameters."""

    name: Annotated[str, Field(min_length=1)]
    parameters: Annotated[dict[str, Any], Field(alias="with")] = {}


class Threshold(Model):
    """A number that a rule compares with, or a parameter of the probe, and where it comes from."""

    value: Annotated[
        float | None,
        Field(
            strict=False,
            allow_inf_nan=False,
            description="what its name stands for in rules; absent for a parameter of the probe",
        ),
    ] = None
    source: Annotated[
        str,
        Field(
            min_length=1,
            alias="from",
            description="a null, a ceiling, what an eye or a screen can show, or the words' own",
        ),
    ]


class Wordings(Model):
    """A prompt whose two languages ask different things, as a quiz from elsewhere may come."""

    what: Annotated[Text, Field(description="what each of the two asks")]
    taken: Annotated[
        str, Field(pattern=LANGUAGE, description="the language of the one that the rules are for")
    ]
    otherwise: Annotated[
        dict[str, str],
        Field(description="by option, the rule under the other wording; none where it is the same"),
    ] = {}
