"""What to do about a question that is not decided: more draws only where draws can help."""

from __future__ import annotations

from quizproof.probes.engine import reasons
from quizproof.probes.engine.measured import Measured
from quizproof.probes.engine.results import Outcome, QuestionResult, State
from quizproof.questions.spec import Text


def advice(result: QuestionResult) -> Text | None:
    """A line for whoever has to mend the question; None where its state says what to do."""
    if result.measurement is None:
        return None
    if result.state is State.CONTRADICTED and result.question.kind == "single":
        return _of_rivals(result)
    if result.state is not State.UNDECIDED:
        return None
    match result.finding:
        case Outcome.SEVERAL_FIT:
            return Text(
                en="accept each of them, or reword the options so that they exclude one another",
                zh_hant="將它們都列為標準答案，或改寫選項使其互斥",
            )
        case Outcome.NONE_FITS:
            return Text(
                en="add the option that fits, or correct the rules",
                zh_hant="加入符合的選項，或更正規則",
            )
        case Outcome.OPEN:
            return _of_open(result)
    if result.question.full_credit is not None:
        return Text(en="nothing: everyone has full credit", zh_hant="無：所有人都得滿分")
    return Text(en="give it a key (expected)", zh_hant="填入標準答案（expected）")


def _of_rivals(result: QuestionResult) -> Text | None:
    """A line about a wrong key where more than one option could take its place; else None."""
    assert result.measurement is not None
    rivals = [o for o, found in result.measurement.findings.items() if found.holds]
    if len(rivals) < 2:
        return None
    names = reasons.enumerated(rivals)
    return Text(
        en=f"of {names.en} one is to be chosen, and each holds: correct the key to one of them and "
        "reword the others, or accept each of them",
        zh_hant=f"{names.zh_hant} 皆成立，但只能選一個：將標準答案更正為其中之一並改寫其他選項，"
        "或將它們都列為標準答案",
    )


def _of_open(result: QuestionResult) -> Text:
    measured = result.measurement
    assert measured is not None
    if _models_differ(measured):
        return Text(
            en="ask it of one model (about: model): the models differ, which no draws settle",
            zh_hant="改問單一模型（about: model）：各模型結果不同，增加抽樣也無法判定",
        )
    if measured.more_could_decide:
        return Text(
            en="allow more draws (max_draws), which may settle it",
            zh_hant="增加抽樣次數（max_draws）或可判定",
        )
    if result.confidence is None:
        return Text(
            en="reword the question or move its thresholds: what was measured lies between two "
            "answers",
            zh_hant="改寫題目或調整門檻：量測值介於兩個答案之間",
        )
    return Text(
        en="reword the question or move its thresholds: more draws could not settle it",
        zh_hant="改寫題目或調整門檻：再多抽樣也無法判定",
    )


def _models_differ(measured: Measured) -> bool:
    """Tell whether an option holds on one model and not on another."""
    options = measured.findings
    return any({each[o].holds for each in measured.models} >= {True, False} for o in options)
