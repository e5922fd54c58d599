"""From what was measured to what it says of the expected answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from quizproof.probes.engine import reasons
from quizproof.probes.engine.judge import Finding
from quizproof.probes.engine.measured import Measured
from quizproof.probes.engine.results import Outcome, State
from quizproof.questions.problems import Problem, one_line
from quizproof.questions.spec import (
    Answer,
    Blanks,
    Lists,
    MultipleChoice,
    Ordering,
    Question,
    SingleChoice,
    Text,
    choices,
    expected_answer,
    expected_answers,
    keys_of,
    untranslated,
)
from quizproof.questions.wordings import other_language, other_wording


class Verdict(NamedTuple):
    """Verdict on an expected answer: what the measurement says of it."""

    state: State
    measured: Answer | None  # None: not all is decided
    reason: Text
    finding: Outcome | None


@dataclass(frozen=True)
class Part:
    """Options of which a number is to be chosen: all of a question, or those of one list."""

    name: str  # "" where the question is one
    options: tuple[str, ...]
    wanted: int
    holding: tuple[str, ...]  # surely
    open: tuple[str, ...]

    @property
    def too_many(self) -> bool:
        return len(self.holding) > self.wanted

    @property
    def too_few(self) -> bool:
        return len(self.holding) + len(self.open) < self.wanted


def verdict(
    question: Question, measured: Measured, *, settles: bool, key: Sequence[Problem]
) -> Verdict:
    """Return the verdict on a question that was measured.

    ``settles`` tells whether this evidence may confirm or contradict; ``key`` is what lint said of
    the expected answer.
    """
    answer, found = measured_answer(question, measured), outcome(question, measured)
    if key:
        said = "; ".join(f"{problem.what}: {problem.mend}" for problem in key)
        return Verdict(State.KEY_INVALID, answer, untranslated(said), found)
    expected = expected_answer(question)
    if found is Outcome.RULED_OUT:
        reason = _with_other_wording(question, measured, why_ruled_out(question, measured))
        state = State.CONTRADICTED if settles else State.STAND_IN_DIFFERS
    elif found is not None:
        return Verdict(State.UNDECIDED, answer, why_undecided(question, measured), found)
    elif expected is None:
        without = question.full_credit is None
        told = reasons.without_key if without else reasons.everyone_is_right
        reason = told(answer_text(answer or ()))
        return Verdict(State.UNDECIDED, answer, reason, found)
    else:
        reason = reasons.as_expected(answer_text(answer or ()))
        state = State.CONFIRMED if settles else State.STAND_IN_AGREES
    return Verdict(state, answer, reason if settles else reasons.on_a_stand_in(reason), found)


def measured_answer(question: Question, measured: Measured) -> Answer | None:
    """The options that hold, or what fills the blanks; None where something is not decided."""
    if _open(measured.findings):
        return None
    if isinstance(question, Blanks):
        measures = (blank.measure for blank in question.blanks.values())
        return tuple(measured.measurements[name].value for name in measures if name)
    holding = tuple(option for option, finding in measured.findings.items() if finding.holds)
    return question.order_of(holding) if isinstance(question, Ordering) else holding


def answers_by_wording(question: Question, measured: Measured) -> dict[str, Answer | None]:
    """The measured answer under each wording, by its language; empty where both ask the same.

    The wording that the rules are for comes first.
    """
    otherwise = _otherwise(question, measured)
    if question.wordings is None or otherwise is None:
        return {}
    return {
        question.wordings.taken: measured_answer(question, measured),
        other_language(question): measured_answer(*otherwise),
    }


def borne_out_otherwise(question: Question, measured: Measured) -> bool:
    """Return whether what is expected is right under the wording that the rules are not for."""
    otherwise = _otherwise(question, measured)
    return otherwise is not None and outcome(*otherwise) is None


def _otherwise(question: Question, measured: Measured) -> tuple[Question, Measured] | None:
    """Return both as the question's other wording has them; None where there is no other."""
    other = other_wording(question)
    if other is None:
        return None
    found = measured.otherwise
    return other, replace(measured, findings=found, models=(found,))


def _with_other_wording(question: Question, measured: Measured, reason: Text) -> Text:
    if not borne_out_otherwise(question, measured):
        return reason
    return reasons.joined([reason, reasons.by_wording(other_language(question), "expected")])


def outcome(question: Question, measured: Measured) -> Outcome | None:
    """Return what keeps an expected answer, or any, from being borne out; None if nothing does."""
    if is_ruled_out(question, measured):
        return Outcome.RULED_OUT
    parts = parts_of(question, measured.findings)
    if any(part.too_many for part in parts):
        return Outcome.SEVERAL_FIT
    if any(part.too_few for part in parts):
        return Outcome.NONE_FITS
    return Outcome.OPEN if _open(measured.findings) else None


def is_ruled_out(question: Question, measured: Measured) -> bool:
    """Return whether what is expected is surely wrong on every model that was measured."""
    models = measured.models or (measured.findings,)
    return all(bool(_wrong(question, findings)) for findings in models)


def parts_of(question: Question, findings: Mapping[str, Finding]) -> list[Part]:
    """Return the parts to choose from, where the number to choose is told; none for blanks."""
    if isinstance(question, Blanks):
        return []
    wanted = 1 if isinstance(question, SingleChoice | Lists | Ordering) else question.choose
    if wanted is None:
        return []
    each = choices(question)
    return [
        Part(
            name=name,
            options=tuple(those),
            wanted=wanted,
            holding=tuple(o for o in those if findings[o].holds),
            open=tuple(o for o in those if findings[o].holds is None),
        )
        for name in dict.fromkeys(choice.part for choice in each)
        for those in [[c.id for c in each if c.part == name and c.id in findings]]
    ]


def why_ruled_out(question: Question, measured: Measured) -> Text:
    """The line that says what of the expected answer is wrong, and what is right instead."""
    findings = measured.findings
    wrong = _wrong(question, findings)
    expected = key_text(question)
    answer = measured_answer(question, measured)
    parts = parts_of(question, findings)
    if isinstance(question, Ordering) and wrong and answer is None:
        pairs = [(option[-1], option[:2].replace(option[-1], "")) for option in wrong]
        return reasons.comes_first(pairs)
    if not wrong:  # each model rules it out for a reason of its own
        return measured.doubt or reasons.models_rule_it_out()
    if isinstance(question, Blanks):
        values = answer_text(
            [measured.measurements[_measure(question, part)].value for part in wrong]
        )
        if answer is None:
            keys = dict(zip(question.blanks, expected_answer(question) or (), strict=False))
            expected = answer_text([keys[part] for part in wrong])
            return reasons.outside(wrong, _open(findings), values, expected)
        return reasons.other_than_expected(answer_text(answer), expected)
    if answer is not None and not any(part.too_many or part.too_few for part in parts):
        return reasons.other_than_expected(answer_text(answer), expected)
    ticked = {choice.id for choice in choices(question) if choice.expected}
    if not parts and len(expected_answers(question)) > 1:
        return reasons.no_key_holds(expected)
    if not parts:  # any number may be right
        extra = [option for option in wrong if option not in ticked]
        fails = [option for option in wrong if option in ticked]
        return reasons.ruled_out(fails, extra, (), _open(findings))
    return reasons.joined(
        [
            reasons.ruled_out(those, (), part.holding, part.open)
            for part in parts
            if (those := [option for option in wrong if option in part.options])
        ]
    )


def why_undecided(question: Question, measured: Measured) -> Text:
    """The line that says which options are open, or hold together, or that none does."""
    parts = parts_of(question, measured.findings)
    amiss = [p for p in parts if p.too_many] or [p for p in parts if p.too_few]
    if amiss:
        first = amiss[0]
        return reasons.wrong_number(first.holding, first.wanted, first.name)
    if measured.doubt:
        return measured.doubt
    tally = measured.tally
    if isinstance(question, Ordering):
        pairs = list(dict.fromkeys(option[:2] for option in _open(measured.findings)))
        return reasons.order_open(pairs, tally.draws if tally else measured.draws)
    return reasons.still_open(
        _open(measured.findings),
        tally.draws if tally else 0,
        measured.left,
        tally.held if tally else {},
    )


def answer_of_key(question: Question, measured: Answer | None) -> Answer | None:
    """The answer of the key; of several that are accepted, the one measured, or the first."""
    accepted = expected_answers(question)
    return measured if measured in accepted else expected_answer(question)


def answer_text(answer: Sequence[float | str]) -> Text:
    """An answer as a person reads it."""
    said = [one_line(f"{v:.4g}" if isinstance(v, float) else v) for v in answer]
    return reasons.enumerated(said) if any(said) else Text(en="none", zh_hant="無")


def key_text(question: Question) -> Text:
    """The answer of the key as a person reads it, or all that are accepted."""
    keys = [answer_text(answer) for answer in expected_answers(question) or [()]]
    return Text(
        en=" / ".join(key.en for key in keys), zh_hant=" / ".join(key.zh_hant for key in keys)
    )


def _wrong(question: Question, findings: Mapping[str, Finding]) -> list[str]:
    """Return what rules out every key that is accepted; nothing where one of them is not ruled out.

    Of each key, the options that it expects and that surely fail; where any number may be right,
    also those that hold and that it does not expect.
    """
    any_number = not isinstance(question, Blanks) and not parts_of(question, findings)
    of_keys = [
        {
            option
            for option, expects in key.items()
            if (found := findings.get(option)) is not None
            and found.holds is (not expects)
            and (expects or any_number)
        }
        for key in _keys(question)
    ]
    if not all(of_keys):
        return []
    return [choice.id for choice in choices(question) if any(choice.id in key for key in of_keys)]


def _keys(question: Question) -> list[dict[str, bool]]:
    """Return of each key that is accepted whether it expects an option."""
    if isinstance(question, SingleChoice | MultipleChoice):
        keys = keys_of(question.expected)
        return [{option: option in key for option in question.options} for key in keys]
    known = {c.id: c.expected for c in choices(question) if c.expected is not None}
    return [known] if known else []


def _open(findings: Mapping[str, Finding]) -> list[str]:
    return [option for option, finding in findings.items() if finding.holds is None]


def _measure(question: Blanks, part: str) -> str:
    return question.blanks[part].measure or ""
