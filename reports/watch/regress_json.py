"""A comparison with a baseline as one JSON object; its keys are an interface."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from quizproof.probes.engine.judge import Finding
from quizproof.questions.spec import Answer
from quizproof.reports.watch.regression import Compared, Regression

SCHEMA = 1


def regress_json(regression: Regression) -> str:
    """``regression`` as JSON, ending in a newline; infinities, which JSON lacks, are null."""
    run, baseline = regression.run, regression.baseline
    report = {
        "schema": SCHEMA,
        "quiz": run.quiz.id,
        "then": {
            "pack": {"name": baseline.pack.name, "digest": baseline.pack.digest},
            "seed": baseline.seed,
            "versions": dict(sorted(baseline.versions.items())),
        },
        "now": {
            "pack": {"name": run.pack_name, "digest": run.pack_digest},
            "seed": run.seed,
            "versions": dict(sorted(run.versions.items())),
        },
        "changes": [
            {"what": change.what, "then": change.then or None, "now": change.now or None}
            for change in regression.changes
        ],
        "summary": regression.summary,
        "questions": [_question(each) for each in regression.compared],
    }
    text = json.dumps(report, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
    return re.sub("[\ud800-\udfff]", lambda found: f"\\\\u{ord(found[0]):x}", text)


def _question(each: Compared) -> dict[str, Any]:
    then, now = each.then, each.now
    old = [{o: k.finding() for o, k in model.items()} for model in then.models] if then else []
    new = list(now.measurement.models) if now and now.measurement else []
    return {
        "id": each.id,
        "drift": str(each.drift),
        "reason": each.why.en,
        "then": then and _side(str(then.state), then.measured, then.draws),
        "now": now
        and _side(str(now.state), now.measured, now.measurement.draws if now.measurement else None),
        "options": {
            option: {
                "drift": str(drift),
                "then": [_finding(model[option]) for model in old if option in model],
                "now": [_finding(model[option]) for model in new if option in model],
            }
            for option, drift in each.options.items()
        },
    }


def _side(state: str, measured: Answer | None, draws: int | None) -> dict[str, Any]:
    return {
        "state": state,
        "measured": None if measured is None else list(measured),
        "draws": draws,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "holds": finding.holds,
        "margin": [end if math.isfinite(end) else None for end in finding.margin],
    }
