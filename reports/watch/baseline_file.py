"""The baseline: what was measured once, kept in a file that later runs are compared with.

JSON for people and programs: of every question the verdict, the measured answer, the margins with
their intervals, and what else the comparison rests on; of the run the seed, the versions and the
digests. The same quiz, pack, seed and machine give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Field, ValidationError

from quizproof.probes.beside import Beside
from quizproof.probes.catalogue import catalogue
from quizproof.probes.declaration import english
from quizproof.probes.engine.drift import Filling, Standing, standing
from quizproof.probes.engine.evidence.key import this_machine
from quizproof.probes.engine.judge import Finding
from quizproof.probes.engine.results import QuestionResult, Run, State
from quizproof.probes.packs.pack import Pack
from quizproof.questions.files import read_bounded, write_whole
from quizproof.questions.problems import InputError, QuizproofError, one_line
from quizproof.questions.spec import Answer, Model, Question, QuestionId, Sha256, choices
from quizproof.reports.watch.fits import fits_of
from quizproof.reports.watch.kept_maps import KeptMap, kept_maps

MAX_BYTES = 10_000_000
_KIND: Literal["quizproof baseline"] = "quizproof baseline"
_WIDTH = 100  # of a line
_WORDS = 2000  # characters of any word in it

Words: TypeAlias = Annotated[str, Field(max_length=_WORDS), AfterValidator(one_line)]
Finite: TypeAlias = Annotated[float, Field(allow_inf_nan=False)]
# JSON has no infinities; null is what is not known
End: TypeAlias = Finite | Literal["inf", "-inf"] | None
Count: TypeAlias = Annotated[int, Field(ge=0)]
Name: TypeAlias = Annotated[str, Field(max_length=_WORDS), AfterValidator(one_line)]


class BaselineError(QuizproofError):
    """A file that is no baseline, or not of this quiz."""


class KeptFinding(Model):
    """The finding about one option on one model, as it was known."""

    holds: bool | None
    margin: tuple[End, End, End]  # low, estimate, high

    def finding(self) -> Finding:
        low, estimate, high = (math.nan if end is None else float(end) for end in self.margin)
        return Finding(self.holds, (low, estimate, high))


class KeptNumber(Model):
    """A measured value."""

    value: Finite | Words | None
    low: Finite | None
    high: Finite | None
    unit: Words


class KeptQuestion(Model):
    """The result of one question, as it was measured."""

    id: QuestionId
    number: int = Field(ge=1)
    asks: Sha256  # of what is measured, and by which rules it is judged
    state: State
    reason: Words
    measured: tuple[Finite | Words, ...] | None
    confidence: Annotated[float, Field(gt=0, lt=1)] | None  # None: exact, or not measured
    tolerance: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None
    draws: int | None
    models: tuple[dict[Name, KeptFinding], ...]  # by option, of each model it was measured on
    blanks: dict[Name, Words | tuple[Finite, Finite]]
    measurements: dict[Name, KeptNumber]
    # on each model, by option, where shares decide: draws in which it fits, and all
    fits: tuple[dict[Name, tuple[Count, Count]], ...] = ()
    maps: Annotated[tuple[KeptMap, ...], Field(max_length=100)] = ()

    def standing(self) -> Standing | None:
        """Return what a comparison takes of it; None where nothing was measured."""
        if not self.models:
            return None
        blanks: dict[str, Filling] = dict(self.blanks)
        return Standing(
            [{option: kept.finding() for option, kept in m.items()} for m in self.models], blanks
        )


class KeptQuiz(Model):
    id: QuestionId
    digest: Sha256
    questions: tuple[QuestionId, ...] | None = None  # all it had then; None: an earlier version's


class KeptPack(Model):
    name: Words
    digest: Sha256
    parts: dict[Name, Sha256]


class Baseline(Model):
    """The whole file."""

    kind: Literal["quizproof baseline"]
    schema_: Annotated[int, Field(alias="schema", ge=1, le=1)]
    quiz: KeptQuiz
    pack: KeptPack
    versions: dict[Name, Words]
    code: dict[Name, Sha256]  # of each probe; in earlier files of the packages that they are of
    device: Words
    seed: int = Field(ge=0, lt=2**63)
    least_draws: int = Field(ge=1, le=100_000)
    question_error: float = Field(gt=0, lt=0.5)  # with which any finding on a question may be wrong
    questions: Annotated[tuple[KeptQuestion, ...], Field(min_length=1, max_length=10_000)]


def baseline_of(run: Run, pack: Pack, *, question_error: float, least_draws: int) -> Baseline:
    """The baseline of ``run``, in which no finding is wrong but with ``question_error``."""
    return Baseline(
        kind=_KIND,
        schema_=1,
        quiz=KeptQuiz(
            id=run.quiz.id,
            digest=run.quiz.digest,
            questions=tuple(question.id for question in run.quiz.questions),
        ),
        pack=KeptPack(name=one_line(run.pack_name), digest=run.pack_digest, parts=parts_of(pack)),
        versions=dict(sorted(run.versions.items())),
        code=code_of(run),
        device=run.device,
        seed=run.seed,
        least_draws=least_draws,
        question_error=question_error,
        questions=tuple(_kept(result, run.beside) for result in run.results),
    )


def asks(question: Question, beside: Beside | None) -> str:
    """The SHA-256 of what is measured and how it is judged; words, points and keys are no part."""
    probe = question.probe
    parameters: Mapping[str, Any] = probe.parameters if probe else {}
    known = catalogue(beside)
    if probe is not None and probe.name in known:
        found = known[probe.name]
        parameters = parameters if found.check(parameters) else found.complete(parameters)
    asked = {
        "kind": question.kind,
        "about": question.about,
        "estimate": question.estimate,
        "probe": probe.name if probe else None,
        "parameters": dict(parameters),
        "rules": {choice.id: choice.rule for choice in choices(question)},
    }
    return _digest(asked)


def parts_of(pack: Pack) -> dict[str, str]:
    """The SHA-256 of each part of a pack, by its name."""
    parts: dict[str, Any] = {}
    for part in pack.parts.values():
        if part.entry.kind == "pictures":
            of = "" if part.name == "pictures" else f" of {part.name}"
            for number, picture in part.entry.rests_on().items():
                parts[f"picture {number}{of}"] = picture
        else:
            parts[part.name] = part.entry.rests_on()
    return {name: _digest(part) for name, part in sorted(parts.items())}


def code_of(run: Run) -> dict[str, str]:
    """The SHA-256 of the code of each probe that the run's questions call, by its name."""
    calls = [result.question.probe for result in run.results]
    called = {call.name for call in calls if call is not None}
    known = catalogue(run.beside)
    here = this_machine()
    return {n: here.code(known[n]) for n in sorted(called) if n in known}


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Raises OSError."""
    content = baseline.model_dump(mode="json", by_alias=True)
    write_whole(path, _json(content) + "\n")


def read_baseline(path: Path, quiz: str) -> Baseline:
    """The baseline of ``quiz`` in ``path``. Raises BaselineError."""
    again = f"make one with quizproof baseline {quiz} -o {path}"
    try:
        baseline = Baseline.model_validate_json(read_bounded(path, MAX_BYTES))
    except InputError as error:
        raise BaselineError(f"{path}: {error.problems[0].what}; {again}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        what = one_line(f"{place}: {first['msg']}" if place else first["msg"])
        raise BaselineError(f"{path}: no baseline of this version ({what}); {again}") from None
    if baseline.quiz.id != quiz:
        raise BaselineError(f"{path}: a baseline of {baseline.quiz.id}, not of {quiz}; {again}")
    ids = [question.id for question in baseline.questions]
    if len(set(ids)) < len(ids):
        raise BaselineError(f"{path}: a question stands in it twice; {again}")
    return baseline


def _kept(result: QuestionResult, beside: Beside | None) -> KeptQuestion:
    found, measured = standing(result), result.measurement
    return KeptQuestion(
        id=result.question.id,
        number=result.number,
        asks=asks(result.question, beside),
        state=result.state,
        reason=one_line(result.reason.en)[:_WORDS],
        measured=_answer(result.measured),
        confidence=result.confidence,
        tolerance=result.tolerance,
        draws=measured.draws if measured else None,
        models=tuple(
            {option: _finding(finding) for option, finding in model.items()}
            for model in (found.models if found else ())
        ),
        blanks=dict(found.blanks) if found else {},
        measurements={
            name: KeptNumber(
                value=_finite(m.value),
                low=_number(m.low),
                high=_number(m.high),
                unit=english(m.unit),
            )
            for name, m in (measured.measurements if measured else {}).items()
        },
        fits=tuple(fits_of(result)),
        maps=kept_maps(result.illustrations),
    )


def _answer(answer: Answer | None) -> tuple[float | str, ...] | None:
    return None if answer is None else tuple(answer)


def _finding(finding: Finding) -> KeptFinding:
    low, estimate, high = (_end(end) for end in finding.margin)
    return KeptFinding(holds=finding.holds, margin=(low, estimate, high))


def _end(value: float) -> End:
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return float(value)


def _finite(value: float | str) -> float | str | None:
    return value if isinstance(value, str) else _number(value)


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _json(value: Any, indent: int = 0) -> str:
    """JSON with what fits a line on one, so that a baseline can be read, and its changes."""
    flat = json.dumps(value, ensure_ascii=True, allow_nan=False)
    items: Sequence[str]
    if len(flat) + indent <= _WIDTH or not isinstance(value, dict | list):
        return flat
    deeper = indent + 2
    if isinstance(value, dict):
        items = [f"{json.dumps(key)}: {_json(item, deeper)}" for key, item in value.items()]
        ends = "{}"
    else:
        items = [_json(item, deeper) for item in value]
        ends = "[]"
    inner = ",\n".join(" " * deeper + item for item in items)
    return f"{ends[0]}\n{inner}\n{' ' * indent}{ends[1]}"
