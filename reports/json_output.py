"""Models of what commands write as JSON, whose keys are an interface; ``schema/`` has a schema."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from quizproof.probes.declaration import english
from quizproof.probes.engine.judge import Finding
from quizproof.probes.engine.measured import Measured
from quizproof.probes.engine.results import QuestionResult, Run
from quizproof.questions.spec import Choice

_SURROGATE = re.compile("[\ud800-\udfff]")

# a whole number stays one
Number: TypeAlias = Annotated[int | float, WithJsonSchema({"type": "number"})]
# JSON has neither infinities nor NaN: null stands for them, and for what is not known
MaybeNumber: TypeAlias = Number | None
AnswerOutput: TypeAlias = tuple[Number | str | None, ...]
Confidence: TypeAlias = Annotated[
    float | Literal["exact"] | None,
    Field(description="1 − error where draws decide; null: not measured"),
]


class Output(BaseModel):
    """A part of an object that is written as JSON.

    Infinities and NaN become null, and a lone surrogate (from a file name that is no UTF-8) its
    escape, wherever in it they are: JSON has none of these.
    """

    model_config = ConfigDict(
        frozen=True, populate_by_name=True, json_schema_serialization_defaults_required=True
    )

    @model_validator(mode="before")
    @classmethod
    def _without_what_json_lacks(cls, fields: Any) -> Any:
        return _plain(fields)


def json_text(output: Output, indent: int | None = 2) -> str:
    """``output`` as JSON, ending in a newline."""
    content = output.model_dump(by_alias=True)
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=indent) + "\n"


class PackOutput(Output):
    """The pack that was measured."""

    name: str
    digest: str
    embedded: Annotated[bool, Field(description="the pack that the program comes with")]


class RunOutput(Output):
    """Beginning of what is written of a run."""

    schema_: Annotated[Literal[1], Field(alias="schema")] = 1
    quiz: Annotated[str, Field(description="the quiz's id")]
    pack: PackOutput
    versions: Annotated[dict[str, str], Field(description="of the libraries, by name")]
    seed: Annotated[int, Field(description="of all draws")]


class FindingOutput(Output):
    """An option or a blank as it was measured."""

    holds: Annotated[bool | None, Field(description="null: open, or not measured")]
    margin: Annotated[
        tuple[MaybeNumber, MaybeNumber, MaybeNumber],
        Field(
            description="low, estimate and high of how far the rule is from turning: positive "
            "where it holds; null for what is infinite, as of a category, or not measured"
        ),
    ]


class OptionOutput(FindingOutput):
    """An option or a blank as it was measured, with its rule."""

    rule: Annotated[str | None, Field(description="null: no rule is known of it")]


class MeasurementOutput(Output):
    """A measured number or category, with its interval."""

    value: Number | str | None
    low: MaybeNumber
    high: MaybeNumber
    unit: str


def pack_output(run: Run) -> PackOutput:
    return PackOutput(name=run.pack_name, digest=run.pack_digest, embedded=run.pack_embedded)


def option_output(choice: Choice, finding: Finding | None) -> OptionOutput:
    if finding is None:
        return OptionOutput(holds=None, margin=(None, None, None), rule=choice.rule)
    return OptionOutput(holds=finding.holds, margin=finding.margin, rule=choice.rule)


def measurements_output(measured: Measured | None) -> dict[str, MeasurementOutput]:
    """All that was measured, by name."""
    return {
        name: MeasurementOutput(
            value=found.value, low=found.low, high=found.high, unit=english(found.unit)
        )
        for name, found in (measured.measurements if measured else {}).items()
    }


def confidence_of(result: QuestionResult | None) -> Confidence:
    """Return the confidence; "exact" where no draw decided, None where nothing was measured."""
    if result is None or result.measurement is None:
        return None
    return "exact" if result.confidence is None else result.confidence


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):x}", value)
    if isinstance(value, Mapping):
        return {_plain(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
