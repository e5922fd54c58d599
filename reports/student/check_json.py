"""A student's answers, checked, as one JSON object for programs; its keys are an interface."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from quizproof.probes.declaration import english
from quizproof.questions.rules import Value
from quizproof.questions.spec import choices
from quizproof.reports.student.check_result import CheckedQuiz
from quizproof.reports.student.checking import Checked, Total

SCHEMA = 1


def check_json(quiz: CheckedQuiz) -> str:
    """``quiz`` as JSON, ending in a newline; what is absent or infinite is null."""
    run = quiz.run
    report = {
        "schema": SCHEMA,
        "quiz": quiz.id,
        "pack": {"name": run.pack_name, "digest": run.pack_digest, "embedded": run.pack_embedded},
        "versions": dict(sorted(run.versions.items())),
        "seed": run.seed,
        "policy": str(quiz.policy),
        "points": {
            "settled": _total(quiz.settled),
            "stand_in": _total(quiz.stand_in),
            "open": _total(quiz.open),
            "unanswered": _total(quiz.unanswered),
        },
        "questions": [_question(item) for item in quiz.questions],
        "problems": [str(problem) for problem in quiz.problems],
    }
    text = json.dumps(report, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
    # a lone surrogate (from a file name that is no UTF-8) is no JSON either: its escape is shown
    return re.sub("[\ud800-\udfff]", lambda found: f"\\\\u{ord(found[0]):x}", text)


def _total(those: Total) -> dict[str, Any]:
    return {
        "got": float(those.got),
        "possible": float(those.possible),
        "questions": list(those.questions),
    }


def _question(item: Checked) -> dict[str, Any]:
    result = item.result
    measured = result.measurement if result else None
    return {
        "id": item.question.id,
        "number": item.number,
        "mark": str(item.mark),
        "stand_in": item.stand_in if measured else None,
        "points": float(item.points),
        "possible": float(item.possible),
        "answer": item.answer,
        "measured": _answer(item),
        "reason": item.why.en if item.why else None,
        "confidence": _confidence(item),
        "draws": measured.draws if measured else None,
        "options": {
            choice.id: {
                "holds": found.holds,
                "margin": [_value(end) for end in found.margin],
                "rule": choice.rule,
            }
            for choice in (choices(result.question) if result and measured else ())
            if measured and (found := measured.findings.get(choice.id))
        },
        "measurements": {
            name: {
                "value": _value(found.value),
                "low": _value(found.low),
                "high": _value(found.high),
                "unit": english(found.unit),
            }
            for name, found in (measured.measurements if measured else {}).items()
        },
    }


def _answer(item: Checked) -> list[Value | None] | None:
    if item.result is None or item.result.measured is None:
        return None
    return [_value(value) for value in item.result.measured]


def _confidence(item: Checked) -> float | str | None:
    if item.result is None or item.result.measurement is None:
        return None
    return "exact" if item.result.confidence is None else item.result.confidence


def _value(value: Value | None) -> Value | None:
    if isinstance(value, float | int) and not math.isfinite(value):
        return None
    return value
