from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from quizproof.probes.engine.measured import Measurement
from quizproof.probes.engine.results import Outcome, Run, State
from quizproof.reports.json_report import json_report
from tests.reports.runs import HOSTILE, choice, every_state, measured, result, run


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


Finite = Annotated[float, Field(allow_inf_nan=False)]


class Option(Strict):
    holds: bool | None
    margin: Annotated[list[Finite | None], Field(min_length=3, max_length=3)]
    rule: str | None


class Measure(Strict):
    value: Finite | str | None
    low: Finite | None
    high: Finite | None
    unit: str


class Passes(Strict):
    forward: int | None
    backward: int | None


class RandomWeights(Strict):
    measured: list[list[Finite | str] | None]
    same: Annotated[int, Field(ge=0)] | None
    open: Annotated[int, Field(ge=0)]
    of: Annotated[int, Field(ge=1)]


class Threshold(Strict):
    value: Any
    from_: Annotated[str, Field(alias="from", min_length=1)]
    close: bool


class Wordings(Strict):
    what: dict[Literal["en", "zh-Hant"], str]
    taken: Literal["en", "zh-Hant"]
    measured: dict[Literal["en", "zh-Hant"], list[Finite | str] | None]


class Accepted(Strict):
    holds: bool
    measured: list[Finite | str]
    reason: str
    by: str
    until: str
    why: str


class Question(Strict):
    id: str
    number: Annotated[int, Field(ge=1)]
    topic: str | None
    about: Literal["method", "architecture", "model"]
    state: Literal[tuple(str(state) for state in State)]  # type: ignore[valid-type]
    finding: Literal["ruled-out", "several-fit", "none-fits", "open"] | None
    expected: list[Finite | str] | None
    keys: list[list[Finite | str]]
    full_credit: str | None
    accepted: Accepted | None
    measured: list[Finite | str] | None
    reason: str
    found: str | None
    confidence: Annotated[float, Field(gt=0, lt=1)] | Literal["exact"] | None
    draws: int | None
    model_passes: Passes
    seconds: Annotated[float, Field(ge=0)]
    random_weights: RandomWeights | None
    unnamed: list[str]
    wordings: Wordings | None
    thresholds: dict[str, Threshold]
    options: dict[str, Option]
    measurements: dict[str, Measure]


class Pack(Strict):
    name: str
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    embedded: bool


class Report(Strict):
    """The contract, key by key."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    quiz: str
    pack: Pack
    versions: dict[str, str]
    seed: int
    summary: dict[str, int]
    questions: list[Question]


def loaded(made: Run) -> dict[str, Any]:
    def no_constant(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    data: dict[str, Any] = json.loads(json_report(made), parse_constant=no_constant)
    return data


def test_keeps_the_contract() -> None:
    Report.model_validate_json(json_report(every_state()))
    Report.model_validate_json(json_report(run(asked=1)))


@pytest.mark.parametrize("finding", [*Outcome, None])
def test_what_keeps_a_key_from_being_borne_out_is_a_word(finding: Outcome | None) -> None:
    found = result(State.UNDECIDED, measured=("b", "d"), finding=finding)
    [question] = loaded(run(found))["questions"]
    assert question["finding"] == finding
    assert question["measured"] == ["b", "d"]


def test_that_no_option_holds_is_not_that_nothing_is_decided() -> None:
    none, unknown = result(measured=()), result(measured=None)
    assert [q["measured"] for q in loaded(run(none, unknown))["questions"]] == [[], None]


@pytest.mark.parametrize("spoilt", ['"schema": 2', '"schema": 1, "more": 1'])
def test_the_contract_can_be_broken(spoilt: str) -> None:
    with pytest.raises(ValidationError):
        Report.model_validate_json(json_report(every_state()).replace('"schema": 1', spoilt))


def test_keys_come_in_the_order_of_the_contract() -> None:
    data = loaded(every_state())
    assert list(data) == [name.rstrip("_") for name in Report.model_fields]
    for question in data["questions"]:
        assert list(question) == list(Question.model_fields)
    assert list(data["summary"]) == [str(state) for state in State]
    assert sum(data["summary"].values()) == len(data["questions"])


def test_confidence_is_a_number_the_word_exact_or_null() -> None:
    bare = {"measurement": None, "confidence": None}
    made = run(
        result(),
        result(question=choice("q02"), confidence=None, tolerance=0.0),
        result(State.MISSING, choice("q03"), **bare),
    )
    data = loaded(made)["questions"]
    assert [question["confidence"] for question in data] == [0.99, "exact", None]
    assert [question["draws"] for question in data] == [17, 17, None]
    assert data[2]["model_passes"] == {"forward": None, "backward": None}
    assert data[2]["options"]["a"] == {"holds": None, "margin": [None] * 3, "rule": "x > y"}
    assert data[2]["measurements"] == {}


def test_what_json_cannot_say_is_null() -> None:
    made = measured(
        {"a": (True, math.inf, math.inf, math.inf), "b": (None, -math.inf, math.nan, 1.0)},
        {"x": Measurement(math.nan, -math.inf, None, "unit"), "y": Measurement("word", 1, 2.5, "")},
    )
    [question] = loaded(run(result(measurement=made)))["questions"]
    assert question["options"]["a"]["margin"] == [None, None, None]
    assert question["options"]["b"]["margin"] == [None, None, 1.0]
    assert question["measurements"]["x"] == {
        "value": None,
        "low": None,
        "high": None,
        "unit": "unit",
    }
    assert question["measurements"]["y"]["value"] == "word"


def test_answers_are_lists_or_null() -> None:
    data = {question["id"]: question for question in loaded(every_state())["questions"]}
    assert data["q04"]["expected"] == ["a", "b"]
    assert data["q22"]["measured"] == ["her", 0.5]
    assert data["q03"]["measured"] is None
    [empty] = loaded(run(result(measured=())))["questions"]
    assert empty["measured"] == []


def test_hostile_words_come_back_as_they_were() -> None:
    data = loaded(every_state())
    assert data["pack"]["name"] == HOSTILE
    assert data["questions"][-1]["reason"] == f"{HOSTILE}\nmore \\udcff"
    json_report(every_state()).encode("utf-8")


def test_the_same_run_gives_the_same_text_but_for_seconds() -> None:
    one, other = every_state(), every_state()
    slower = replace(other, results=[replace(r, seconds=r.seconds + 1) for r in other.results])
    assert json_report(one) == json_report(other)
    texts = [json_report(made).splitlines() for made in (one, slower)]
    differing = [a for a, b in zip(*texts, strict=True) if a != b]
    assert len(differing) == len(one.results)
    assert all('"seconds"' in line for line in differing)


def test_versions_come_in_alphabetical_order() -> None:
    assert list(loaded(run(versions={"torch": "2", "numpy": "1"}))["versions"]) == [
        "numpy",
        "torch",
    ]
