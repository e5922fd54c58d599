"""The run as one JSON object, for programs; its keys are an interface."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from quizproof.probes.declaration import english
from quizproof.probes.engine.judge import Finding
from quizproof.probes.engine.measured import Measurement
from quizproof.probes.engine.results import QuestionResult, Run
from quizproof.probes.engine.verdict import answers_by_wording
from quizproof.probes.engine.zero_line import ZeroLine
from quizproof.questions.rules import Value
from quizproof.questions.spec import Choice, choices
from quizproof.questions.thresholds import thresholds_of

SCHEMA = 1


def json_report(run: Run) -> str:
    """``run`` as JSON, ending in a newline; infinities and NaN, which JSON lacks, are null.

    The same quiz, pack and seed give the same text but for ``seconds``.
    """
    report = {
        "schema": SCHEMA,
        "quiz": run.quiz.id,
        "pack": {
            "name": run.pack_name,
            "digest": run.pack_digest,
            "embedded": run.pack_embedded,
        },
        "versions": dict(sorted(run.versions.items())),
        "seed": run.seed,
        "summary": run.summary,
        "questions": [_question(result) for result in run.results],
    }
    text = json.dumps(report, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
    # a lone surrogate (from a file name that is no UTF-8) is no JSON either: its escape is shown
    return re.sub("[\ud800-\udfff]", lambda found: f"\\\\u{ord(found[0]):x}", text)


def _question(result: QuestionResult) -> dict[str, Any]:
    measured = result.measurement
    findings = measured.findings if measured else {}
    return {
        "id": result.question.id,
        "number": result.number,
        "about": result.question.about,
        "state": str(result.state),
        "finding": str(result.finding) if result.finding else None,
        "expected": _answer(result.expected),
        "measured": _answer(result.measured),
        "reason": _reason(result),
        "confidence": _confidence(result),
        "draws": measured.draws if measured else None,
        "model_passes": {
            "forward": measured.forward if measured else None,
            "backward": measured.backward if measured else None,
        },
        "seconds": round(result.seconds, 3),
        "random_weights": _random_weights(result.zero_line),
        "unnamed": list(result.unnamed),
        "wordings": _wordings(result),
        "thresholds": {
            threshold.name: {
                "value": _plain(threshold.value),
                "from": threshold.origin,
                "close": threshold.close,
            }
            for threshold in thresholds_of(result.question)
        },
        "options": {
            choice.id: _option(choice, findings.get(choice.id))
            for choice in choices(result.question)
        },
        "measurements": {
            name: _measurement(measurement)
            for name, measurement in (measured.measurements if measured else {}).items()
        },
    }


def _reason(result: QuestionResult) -> str:
    """Write the reason of the state, and that for no zero line where there could be one."""
    line = result.zero_line
    lacking = [] if line is None or line.lacking is None else [line.lacking.en]
    return "; ".join([result.reason.en, *lacking])


def _random_weights(line: ZeroLine | None) -> dict[str, Any] | None:
    if line is None or line.lacking is not None:
        return None
    answers = [_answer(answer) for answer in line.answers]
    return {"measured": answers, "same": line.same, "open": line.open, "of": len(answers)}


def _wordings(result: QuestionResult) -> dict[str, Any] | None:
    """The measured answer under each of two wordings; null where both ask the same."""
    wordings = result.question.wordings
    if wordings is None:
        return None
    measured = result.measurement
    answers = answers_by_wording(result.question, measured) if measured else {}
    return {
        "what": {"en": wordings.what.en, "zh-Hant": wordings.what.zh_hant},
        "taken": wordings.taken,
        "measured": {language: _answer(answer) for language, answer in answers.items()},
    }


def _option(choice: Choice, finding: Finding | None) -> dict[str, Any]:
    return {
        "holds": finding.holds if finding else None,
        "margin": [_value(end) for end in finding.margin] if finding else [None, None, None],
        "rule": choice.rule,
    }


def _measurement(measurement: Measurement) -> dict[str, Any]:
    return {
        "value": _value(measurement.value),
        "low": _value(measurement.low),
        "high": _value(measurement.high),
        "unit": english(measurement.unit),
    }


def _confidence(result: QuestionResult) -> float | str | None:
    if result.measurement is None:
        return None
    return "exact" if result.confidence is None else result.confidence


def _answer(values: tuple[Value, ...] | None) -> list[Value | None] | None:
    return None if values is None else [_value(value) for value in values]


def _plain(value: object) -> object:
    """A parameter's value as JSON has it."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | bool | None) else _value(value)  # type: ignore[arg-type]


def _value(value: Value | None) -> Value | None:
    if isinstance(value, float | int) and not math.isfinite(value):
        return None
    return value
