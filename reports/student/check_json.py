"""A student's answers, checked, as one JSON object for programs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from quizproof.questions.scoring import Policy
from quizproof.questions.spec import choices
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
from quizproof.reports.student.check_result import CheckedQuiz
from quizproof.reports.student.marking import Checked, Mark, Total


class TotalOutput(Output):
    """Points of some of the questions."""

    got: float
    possible: float
    questions: Annotated[tuple[str, ...], Field(description="their ids")]


class PointsOutput(Output):
    """Points, by what may be said of them."""

    settled: Annotated[TotalOutput, Field(description="by the model that is asked about, or any")]
    stand_in: Annotated[TotalOutput, Field(description="by another model")]
    open: Annotated[TotalOutput, Field(description="of what nothing was found out")]
    unanswered: TotalOutput


class CheckedOutput(Output):
    """One question, and what becomes of the answer to it."""

    id: str
    number: Annotated[int, Field(ge=1, description="place in the quiz")]
    mark: Mark
    stand_in: Annotated[
        bool | None, Field(description="another model was measured; null: nothing was")
    ]
    points: float
    possible: float
    answer: Annotated[str, Field(description="as a person writes it")]
    measured: Annotated[AnswerOutput | None, Field(description="null: not decided")]
    reason: Annotated[str | None, Field(description="why it is neither right nor wrong")]
    confidence: Confidence
    draws: Annotated[int | None, Field(description="null: not measured")]
    options: Annotated[
        dict[str, OptionOutput], Field(description="that were measured, by option or blank")
    ]
    measurements: Annotated[dict[str, MeasurementOutput], Field(description="by name")]


class CheckOutput(RunOutput):
    """A student's answers judged by measuring, as ``check --json`` writes it."""

    policy: Annotated[Policy, Field(description="of the points")]
    points: PointsOutput
    questions: list[CheckedOutput]
    problems: Annotated[list[str], Field(description="what could not be read of the answers")]


def check_json(quiz: CheckedQuiz) -> str:
    """``quiz`` as JSON, ending in a newline."""
    run = quiz.run
    report = CheckOutput(
        quiz=quiz.id,
        pack=pack_output(run),
        versions=dict(sorted(run.versions.items())),
        seed=run.seed,
        policy=quiz.policy,
        points=PointsOutput(
            settled=_total(quiz.settled),
            stand_in=_total(quiz.stand_in),
            open=_total(quiz.open),
            unanswered=_total(quiz.unanswered),
        ),
        questions=[_question(item) for item in quiz.questions],
        problems=[str(problem) for problem in quiz.problems],
    )
    return json_text(report)


def _total(those: Total) -> TotalOutput:
    return TotalOutput(
        got=float(those.got), possible=float(those.possible), questions=those.questions
    )


def _question(item: Checked) -> CheckedOutput:
    result = item.result
    measured = result.measurement if result else None
    return CheckedOutput(
        id=item.question.id,
        number=item.number,
        mark=item.mark,
        stand_in=item.stand_in if measured else None,
        points=float(item.points),
        possible=float(item.possible),
        answer=item.answer,
        measured=result.measured if result else None,
        reason=item.why.en if item.why else None,
        confidence=confidence_of(result),
        draws=measured.draws if measured else None,
        options={
            choice.id: option_output(choice, found)
            for choice in (choices(result.question) if result and measured else ())
            if measured and (found := measured.findings.get(choice.id))
        },
        measurements=measurements_output(measured),
    )
