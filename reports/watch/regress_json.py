"""A comparison with a baseline as one JSON object, for programs."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from quizproof.probes.engine.drift import Drift
from quizproof.probes.engine.judge import Finding
from quizproof.probes.engine.results import State
from quizproof.reports.json_output import AnswerOutput, FindingOutput, Output, json_text
from quizproof.reports.watch.fits import fits_of, in_all
from quizproof.reports.watch.regression import Compared, Regression


class NamedPackOutput(Output):
    """A pack."""

    name: str
    digest: str


class MadeOutput(Output):
    """The pack, the seed and the libraries that one side was measured with."""

    pack: NamedPackOutput
    seed: int
    versions: Annotated[dict[str, str], Field(description="of the libraries, by name")]


class ChangeOutput(Output):
    """Something beside the measurements that differs from the baseline."""

    what: str
    then: Annotated[str | None, Field(description="null: it was not there")]
    now: Annotated[str | None, Field(description="null: it is not there any more")]


class SideOutput(Output):
    """A question as it was measured on one side."""

    state: State
    measured: Annotated[AnswerOutput | None, Field(description="null: not decided")]
    draws: Annotated[int | None, Field(description="null: not measured")]


FitsOutput: TypeAlias = Annotated[
    tuple[int, int] | None,
    Field(description="draws in which it holds, and all; null: that is not what decides"),
]


class OptionDriftOutput(Output):
    """What became of an option or a blank."""

    drift: Drift
    then: Annotated[list[FindingOutput], Field(description="on each model")]
    now: Annotated[list[FindingOutput], Field(description="on each model")]
    fits_then: FitsOutput
    fits_now: FitsOutput


class ComparedOutput(Output):
    """What became of one question."""

    id: str
    drift: Drift
    reason: Annotated[str, Field(description="a line")]
    then: Annotated[SideOutput | None, Field(description="null: not in the baseline")]
    now: Annotated[SideOutput | None, Field(description="null: not measured")]
    options: Annotated[dict[str, OptionDriftOutput], Field(description="by option or blank")]


class RegressOutput(Output):
    """A quiz compared with a baseline, as ``regress --json`` writes it."""

    schema_: Annotated[Literal[1], Field(alias="schema")] = 1
    quiz: Annotated[str, Field(description="the quiz's id")]
    then: MadeOutput
    now: MadeOutput
    changes: list[ChangeOutput]
    summary: Annotated[dict[Drift, int], Field(description="number of questions of each drift")]
    questions: list[ComparedOutput]
    left_out: Annotated[
        list[str], Field(description="questions that the baseline, which is of some, has not")
    ]


def regress_json(regression: Regression) -> str:
    """``regression`` as JSON, ending in a newline."""
    run, baseline = regression.run, regression.baseline
    report = RegressOutput(
        quiz=run.quiz.id,
        then=MadeOutput(
            pack=NamedPackOutput(name=baseline.pack.name, digest=baseline.pack.digest),
            seed=baseline.seed,
            versions=dict(sorted(baseline.versions.items())),
        ),
        now=MadeOutput(
            pack=NamedPackOutput(name=run.pack_name, digest=run.pack_digest),
            seed=run.seed,
            versions=dict(sorted(run.versions.items())),
        ),
        changes=[
            ChangeOutput(what=change.what, then=change.then or None, now=change.now or None)
            for change in regression.changes
        ],
        summary={Drift(drift): count for drift, count in regression.summary.items()},
        questions=[_question(each) for each in regression.compared],
        left_out=list(regression.left_out),
    )
    return json_text(report)


def _question(each: Compared) -> ComparedOutput:
    then, now = each.then, each.now
    old = [{o: k.finding() for o, k in model.items()} for model in then.models] if then else []
    new = list(now.measurement.models) if now and now.measurement else []
    fits = fits_of(now) if now else []
    return ComparedOutput(
        id=each.id,
        drift=each.drift,
        reason=each.why.en,
        then=None
        if then is None
        else SideOutput(state=then.state, measured=then.measured, draws=then.draws),
        now=None
        if now is None
        else SideOutput(
            state=now.state,
            measured=now.measured,
            draws=now.measurement.draws if now.measurement else None,
        ),
        options={
            option: OptionDriftOutput(
                drift=drift,
                then=[_finding(model[option]) for model in old if option in model],
                now=[_finding(model[option]) for model in new if option in model],
                fits_then=in_all(option, then.fits) if then else None,
                fits_now=in_all(option, fits),
            )
            for option, drift in each.options.items()
        },
    )


def _finding(finding: Finding) -> FindingOutput:
    return FindingOutput(holds=finding.holds, margin=finding.margin)
