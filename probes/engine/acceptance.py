"""A contradiction that a course knowingly keeps: as long as it is the one that was accepted."""

from __future__ import annotations

import math
from datetime import date

from quizproof.probes.engine.results import Acceptance, State
from quizproof.probes.engine.verdict import answer_text
from quizproof.questions.rules import Value
from quizproof.questions.spec import Answer, Question, Text

_SAME = 1e-3  # numbers are told, and copied into a file, to some four digits


def acceptance(
    question: Question, state: State, measured: Answer | None, today: date
) -> Acceptance | None:
    """What became of a contradiction's acceptance; None where there is none, or nothing to accept.

    It lapses after its last day, and where another answer was measured than was accepted.
    """
    accepted = question.accepted
    if accepted is None or state is not State.CONTRADICTED:
        return None
    if today > accepted.until:
        return _lapsed(f"on {accepted.until}", f"已於 {accepted.until} 到期")
    if measured is None or not _same(tuple(accepted.measured), measured):
        was = answer_text(accepted.measured)
        return _lapsed(
            f"what was accepted is {was.en}, not this", f"所認可的是 {was.zh_hant}，並非此結果"
        )
    return Acceptance(
        holds=True,
        why=Text(
            en=f"accepted by {accepted.by} until {accepted.until}: {accepted.reason}",
            zh_hant=f"由 {accepted.by} 認可至 {accepted.until}：{accepted.reason}",
        ),
    )


def _lapsed(en: str, zh_hant: str) -> Acceptance:
    return Acceptance(
        holds=False,
        why=Text(en=f"its acceptance lapsed: {en}", zh_hant=f"認可已失效：{zh_hant}"),
    )


def _same(accepted: tuple[Value, ...], measured: Answer) -> bool:
    return len(accepted) == len(measured) and all(
        was == now
        if isinstance(was, str) or isinstance(now, str)
        else math.isclose(was, now, rel_tol=_SAME)
        for was, now in zip(accepted, measured, strict=True)
    )
