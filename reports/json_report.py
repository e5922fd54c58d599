"""The run as one JSON object, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from quizproof.probes.engine.results import Outcome, QuestionResult, Run, State
from quizproof.probes.engine.verdict import answers_by_wording
from quizproof.probes.engine.zero_line import ZeroLine
from quizproof.questions.problems import one_line
from quizproof.questions.spec import Text, choices, expected_answers
from quizproof.questions.thresholds import thresholds_of
from quizproof.reports.json_output import (
    AnswerOutput,
    Confidence,
    MeasurementOutput,
    OptionOutput,
    Output,
    RunOutput,
    confidence_of,
    json_text,
    measurements_output,
    option_output,
    pack_output,
)
from quizproof.reports.sentence import told_by_probe


class PassesOutput(Output):
    """Passes of a model that the draws took; null: not measured."""

    forward: int | None
    backward: int | None


class RandomWeightsOutput(Output):
    """Answers of models that learned nothing."""

    measured: Annotated[
        tuple[AnswerOutput | None, ...], Field(description="of each model; null: it leaves it open")
    ]
    same: Annotated[int | None, Field(description="how many give the answer that was measured")]
    open: Annotated[int, Field(description="how many leave the answer open")]
    of: Annotated[int, Field(description="how many models there are")]


class WordingsOutput(Output):
    """A question whose languages ask different things."""

    what: Annotated[Text, Field(description="each asks")]
    taken: Annotated[str, Field(description="the language that the rules are for")]
    measured: Annotated[
        Mapping[str, AnswerOutput | None], Field(description="the answer under each, by language")
    ]


class ThresholdOutput(Output):
    """A number that the answer hangs on."""

    value: JsonValue
    from_: Annotated[str, Field(alias="from", description="where it comes from")]
    close: Annotated[
        bool, Field(description="a fifth more or less gives another answer on the embedded pack")
    ]


class AcceptedOutput(Output):
    """A contradiction that the course said it keeps."""

    holds: Annotated[bool, Field(description="false: it lapsed, and counts as any other")]
    measured: Annotated[AnswerOutput, Field(description="the answer that was accepted")]
    reason: str
    by: str
    until: Annotated[str, Field(description="its last day, as 2027-01-31")]
    why: Annotated[str, Field(description="a line: that it holds, or why it lapsed")]


class QuestionOutput(Output):
    """The verdict on one question."""

    id: str
    number: Annotated[int, Field(ge=1, description="place in the quiz")]
    topic: Annotated[str | None, Field(description="null: the question names none")]
    about: Literal["method", "architecture", "model"]
    state: State
    finding: Annotated[
        Outcome | None, Field(description="why the expected answer, or any, is not borne out")
    ]
    expected: Annotated[AnswerOutput | None, Field(description="null: the quiz has no key")]
    keys: Annotated[
        tuple[AnswerOutput, ...],
        Field(
            description="every key that is accepted: expected is the one that was measured, "
            "else the first"
        ),
    ]
    full_credit: Annotated[
        str | None, Field(description="why everyone has the points; null: not everyone has")
    ]
    accepted: Annotated[
        AcceptedOutput | None,
        Field(description="null: not contradicted, or the course does not say that it keeps it"),
    ]
    measured: Annotated[AnswerOutput | None, Field(description="null: not decided")]
    reason: Annotated[str, Field(description="a line: why this state")]
    found: Annotated[
        str | None,
        Field(description="what was measured, in the probe's sentence; null: it has none"),
    ]
    confidence: Confidence
    draws: Annotated[int | None, Field(description="null: not measured")]
    model_passes: PassesOutput
    seconds: float
    random_weights: Annotated[
        RandomWeightsOutput | None,
        Field(description="null: not about a model, or not known, which the reason tells"),
    ]
    unnamed: Annotated[
        tuple[str, ...],
        Field(description="parts of the pack that the quiz does not name: nobody settles it"),
    ]
    wordings: Annotated[
        WordingsOutput | None, Field(description="null: all languages ask the same")
    ]
    thresholds: Annotated[dict[str, ThresholdOutput], Field(description="by name")]
    options: Annotated[dict[str, OptionOutput], Field(description="by the option's or blank's id")]
    measurements: Annotated[dict[str, MeasurementOutput], Field(description="by name")]


class VerifyOutput(RunOutput):
    """A quiz measured on a pack, as ``verify --json`` writes it."""

    summary: Annotated[dict[State, int], Field(description="number of questions in each state")]
    questions: list[QuestionOutput]


def json_report(run: Run) -> str:
    """``run`` as JSON, ending in a newline.

    The same quiz, pack and seed give the same text but for ``seconds``.
    """
    report = VerifyOutput(
        quiz=run.quiz.id,
        pack=pack_output(run),
        versions=dict(sorted(run.versions.items())),
        seed=run.seed,
        summary={State(state): count for state, count in run.summary.items()},
        questions=[_question(result, told_by_probe(result, run)) for result in run.results],
    )
    return json_text(report)


def _question(result: QuestionResult, found: Text | None) -> QuestionOutput:
    question, measured = result.question, result.measurement
    findings = measured.findings if measured else {}
    return QuestionOutput(
        id=question.id,
        number=result.number,
        topic=question.topic,
        about=question.about,
        state=result.state,
        finding=result.finding,
        expected=result.expected,
        keys=expected_answers(question),
        full_credit=question.full_credit,
        accepted=_accepted(result),
        measured=result.measured,
        reason=result.reason.en,
        found=None if found is None else one_line(found.en),
        confidence=confidence_of(result),
        draws=measured.draws if measured else None,
        model_passes=PassesOutput(
            forward=measured.forward if measured else None,
            backward=measured.backward if measured else None,
        ),
        seconds=round(result.seconds, 3),
        random_weights=_random_weights(result.zero_line),
        unnamed=result.unnamed,
        wordings=_wordings(result),
        thresholds={
            threshold.name: ThresholdOutput.model_validate(
                {"value": threshold.value, "from": threshold.origin, "close": threshold.close}
            )
            for threshold in thresholds_of(question)
        },
        options={
            choice.id: option_output(choice, findings.get(choice.id))
            for choice in choices(question)
        },
        measurements=measurements_output(measured),
    )


def _accepted(result: QuestionResult) -> AcceptedOutput | None:
    said, accepted = result.question.accepted, result.accepted
    if said is None or accepted is None:
        return None
    return AcceptedOutput(
        holds=accepted.holds,
        measured=tuple(said.measured),
        reason=said.reason,
        by=said.by,
        until=said.until.isoformat(),
        why=accepted.why.en,
    )


def _random_weights(line: ZeroLine | None) -> RandomWeightsOutput | None:
    if line is None or line.lacking is not None:
        return None
    return RandomWeightsOutput(
        measured=line.answers, same=line.same, open=line.open, of=len(line.answers)
    )


def _wordings(result: QuestionResult) -> WordingsOutput | None:
    """The measured answer under each of two wordings; None where both ask the same."""
    wordings = result.question.wordings
    if wordings is None:
        return None
    measured = result.measurement
    return WordingsOutput(
        what=wordings.what,
        taken=wordings.taken,
        measured=answers_by_wording(result.question, measured) if measured else {},
    )
