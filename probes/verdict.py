"""From what was measured to what it says of the expected answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quizproof.probes.judge import Finding
from quizproof.probes.measure import Measured
from quizproof.probes.results import State
from quizproof.questions.problems import Problem, one_line
from quizproof.questions.spec import (
    Answer,
    Blanks,
    DropDowns,
    Question,
    SingleChoice,
    Text,
    expected_answer,
    untranslated,
)


def measured_answer(question: Question, measured: Measured) -> tuple[Answer | None, Text | None]:
    """What the measurement answers; None with the reason where it leaves the answer open."""
    findings = measured.findings
    open_ = [option for option, finding in findings.items() if finding.holds is None]
    if open_:
        return None, measured.doubt or _still_open(open_, measured.draws, measured.left)
    if isinstance(question, Blanks):
        measures = (blank.measure for blank in question.blanks.values())
        return tuple(measured.measurements[name].value for name in measures if name), None
    holding = tuple(option for option, finding in findings.items() if finding.holds)
    if isinstance(question, DropDowns):
        for part, down in question.parts.items():
            held = [option for option in down.options if findings[part + option].holds]
            if len(held) != 1:
                return None, _wrong_number(held, 1, part)
        return holding, None
    wanted = 1 if isinstance(question, SingleChoice) else question.choose
    if wanted is not None and len(holding) != wanted:
        return None, _wrong_number(holding, wanted)
    return holding, None


def verdict(
    question: Question, measured: Measured, *, settles: bool, key: Sequence[Problem]
) -> tuple[State, Answer | None, Text]:
    """State, measured answer and reason for a question that was measured.

    ``settles`` tells whether this evidence may confirm or contradict; ``key`` is what lint said of
    the expected answer.
    """
    answer, open_because = measured_answer(question, measured)
    if key:
        said = "; ".join(f"{problem.what}: {problem.mend}" for problem in key)
        return State.KEY_INVALID, answer, untranslated(said)
    if answer is None:
        assert open_because is not None
        return State.UNDECIDED, None, open_because
    if not key and expected_answer(question) is None:
        return State.UNDECIDED, answer, _without_key(told(answer))
    stands = _stands(question, answer, measured.findings)
    reason = _compared(told(answer), None if stands else told(expected_answer(question) or ()))
    if settles:
        return State.CONFIRMED if stands else State.CONTRADICTED, answer, reason
    state = State.STAND_IN_AGREES if stands else State.STAND_IN_DIFFERS
    return (
        state,
        answer,
        Text(en=f"{reason.en}, on a stand-in", zh_hant=f"{reason.zh_hant}（代用模型）"),
    )


def told(answer: Answer) -> str:
    """An answer as a person reads it."""
    return one_line(", ".join(f"{v:.4g}" if isinstance(v, float) else v for v in answer)) or "none"


def _stands(question: Question, answer: Answer, findings: Mapping[str, Finding]) -> bool:
    if isinstance(question, Blanks):
        return all(finding.holds for finding in findings.values())
    return answer == expected_answer(question)


def _compared(measured: str, expected: str | None) -> Text:
    if expected is None:
        return Text(en=f"measured {measured}, as expected", zh_hant=f"實測 {measured}，與預期相同")
    return Text(
        en=f"measured {measured}, expected {expected}", zh_hant=f"實測 {measured}，預期 {expected}"
    )


def _without_key(measured: str) -> Text:
    return Text(
        en=f"measured {measured}, with no key to compare it with",
        zh_hant=f"實測 {measured}，沒有答案可比較",
    )


def _still_open(options: Sequence[str], draws: int, left: int) -> Text:
    names = ", ".join(options)
    en = f"option {names} still open after {draws} draw{'s' if draws != 1 else ''}"
    zh_hant = f"抽樣 {draws} 次後，選項 {names} 仍未定"
    if left:
        en += f"; the {left} left could not decide that"
        zh_hant += f"；其餘 {left} 次也無法判定"
    return Text(en=en, zh_hant=zh_hant)


def _wrong_number(held: Sequence[str], wanted: int, part: str = "") -> Text:
    names = ", ".join(held)
    many = {0: "no option holds", 1: f"option {names} holds"}
    return Text(
        en=(f"in part {part}, " if part else "")
        + many.get(len(held), f"options {names} hold")
        + f", where {wanted} {'was' if wanted == 1 else 'were'} to be chosen",
        zh_hant=(f"第 {part} 部分" if part else "")
        + (f"選項 {names} 成立" if held else "沒有選項成立")
        + f"，但應選 {wanted} 個",
    )
