"""A run compared with a baseline: what became of every question, and what else is different."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from quizproof.probes.beside import Beside
from quizproof.probes.engine.drift import Drift, drifts, standing, worst
from quizproof.probes.engine.evidence.code import code_of_all
from quizproof.probes.engine.reasons import joined
from quizproof.probes.engine.results import QuestionResult, Run, State
from quizproof.probes.packs.pack import Pack
from quizproof.questions.spec import Question, Text, untranslated
from quizproof.reports import exit_codes
from quizproof.reports.watch.baseline_file import Baseline, KeptQuestion, asks, code_of, parts_of
from quizproof.reports.watch.why_moved import why_moved

NOT_KEPT = Text(en="not in the baseline: make a new one", zh_hant="基準中沒有此題：請重新建立基準")
GONE = Text(en="no longer in the quiz", zh_hant="測驗中已沒有此題")


@dataclass(frozen=True)
class Compared:
    """One question then and now."""

    id: str
    drift: Drift
    why: Text  # a line; what went wrong is said in English in both
    options: Mapping[str, Drift] = field(default_factory=dict)  # by option or blank
    then: KeptQuestion | None = None  # None: not in the baseline
    now: QuestionResult | None = None  # None: not measured


@dataclass(frozen=True)
class Change:
    """Something beside the measurements that differs from the baseline; empty where absent."""

    what: str
    then: str
    now: str


@dataclass(frozen=True)
class Regression:
    """The whole comparison."""

    baseline: Baseline
    run: Run
    compared: Sequence[Compared]  # in the quiz's order
    changes: Sequence[Change]
    left_out: Sequence[str] = ()  # questions that the baseline was not made of, never asked for

    @property
    def summary(self) -> dict[str, int]:
        """Count the questions by what became of them, every word named."""
        counts = Counter(each.drift for each in self.compared)
        return {str(drift): counts[drift] for drift in Drift}

    @property
    def interrupted(self) -> bool:
        return not self.run.whole

    def of(self, drift: Drift) -> list[Compared]:
        return [each for each in self.compared if each.drift is drift]


def compared(
    baseline: Baseline,
    run: Run,
    pack: Pack,
    unmeasured: Mapping[str, Text],
    order: Sequence[str],
    left_out: Sequence[str] = (),
) -> Regression:
    """``run`` against ``baseline``; ``unmeasured`` says why a question was not measured again.

    ``order`` has the ids of all that is compared, ``left_out`` those that nobody asked for.
    """
    then = {kept.id: kept for kept in baseline.questions}
    now = {result.question.id: result for result in run.results}
    found = []
    for name in order:
        if name in unmeasured:
            why = unmeasured[name]
            found.append(Compared(id=name, drift=Drift.NOT_COMPARED, why=why, then=then.get(name)))
        elif name in now:  # or there was an interrupt
            found.append(_compared(then.get(name), now[name]))
    return Regression(baseline, run, found, list(_changes(baseline, run, pack)), left_out)


def not_comparable(
    kept: KeptQuestion | None, question: Question, beside: Beside | None
) -> Text | None:
    """Say why a question cannot be compared whatever is measured; None where it can."""
    if kept is None:
        return NOT_KEPT
    if kept.asks != asks(question, beside):
        return Text(
            en="its probe or its rules are others now: make a new baseline",
            zh_hant="量測程序或規則已更改：請重新建立基準",
        )
    return None


def exit_code(regression: Regression, *, broken: bool, strict: bool) -> int:
    """The worst thing first; ``broken``: a question's file is wrong."""
    counts = regression.summary
    if regression.interrupted:
        return exit_codes.STOPPED + regression.run.stopped
    if counts[Drift.FLIPPED]:
        return exit_codes.KEY_WRONG
    if broken or counts[Drift.NOT_COMPARED] == len(regression.compared):
        return exit_codes.WRONG_INPUT
    if any(each.now and each.now.state is State.FAILED for each in regression.compared):
        return exit_codes.PROGRAM_FAILED
    if strict and counts[Drift.SAME] < len(regression.compared):
        return exit_codes.LEFT_OPEN
    return exit_codes.NOTHING_TO_COMPLAIN_OF


def _compared(then: KeptQuestion | None, now: QuestionResult) -> Compared:
    old, new = then.standing() if then else None, standing(now)
    if then is None:
        why = NOT_KEPT
    elif new is None:
        why = untranslated(f"{now.state}: {now.reason.en}")
    elif old is None:
        why = Text(en=f"measured now, {then.state} then", zh_hant="基準中未量測，現在已量測")
    elif (options := drifts(old, new)) is None:
        why = Text(en="measured on other models than then", zh_hant="量測的模型數與基準不同")
    else:
        drift = _of_answer(worst(list(options.values())), then, now)
        return Compared(
            id=now.question.id,
            drift=drift,
            why=_with_acceptance(why_moved(drift, options, then, now), now),
            options=options,
            then=then,
            now=now,
        )
    return Compared(
        id=now.question.id,
        drift=Drift.NOT_COMPARED,
        why=_with_acceptance(why, now),
        options={},
        then=then,
        now=now,
    )


def _of_answer(options: Drift, then: KeptQuestion, now: QuestionResult) -> Drift:
    """The drift of a question, that of whose ``options`` is known."""
    if options is Drift.FLIPPED or (then.measured is None) == (now.measured is None):
        return options
    return Drift.LOST if now.measured is None else Drift.FOUND


def _with_acceptance(why: Text, now: QuestionResult) -> Text:
    """``why``, and what became of a contradiction that the course keeps."""
    return why if now.accepted is None else joined([why, now.accepted.why])


def _changes(baseline: Baseline, run: Run, pack: Pack) -> Iterator[Change]:
    """Changes that a move may come from, the likeliest first."""
    yield from _differing(baseline.pack.parts, parts_of(pack), "pack: {}", short=True)
    if baseline.pack.digest != run.pack_digest:
        yield Change(
            "pack",
            _pack(baseline.pack.name, baseline.pack.digest),
            _pack(run.pack_name, run.pack_digest),
        )
    yield from _differing(baseline.versions, run.versions, "{}", short=False)
    code = code_of(run)
    if kept := {name: digest for name, digest in baseline.code.items() if name in code}:
        yield from _differing(kept, {name: code[name] for name in kept}, "code of {}", short=True)
    elif baseline.code:  # an earlier version's, of whole packages
        yield Change("code", next(iter(baseline.code.values()))[:12], code_of_all()[:12])
    # where no model ran there is no device to differ
    devices = (baseline.device, run.device) if baseline.device and run.device else ("", "")
    for what, then, now in (
        ("device", *devices),
        ("seed", str(baseline.seed), str(run.seed)),
        ("quiz", baseline.quiz.digest[:12], run.quiz.digest[:12]),
    ):
        if then != now:
            yield Change(what, then, now)


def _differing(
    then: Mapping[str, str], now: Mapping[str, str], what: str, *, short: bool
) -> Iterator[Change]:
    for name in sorted({*then, *now}):
        old, new = then.get(name, ""), now.get(name, "")
        if old != new:
            yield Change(what.format(name), *((old[:12], new[:12]) if short else (old, new)))


def _pack(name: str, digest: str) -> str:
    return f"{name} {digest[:12]}"
