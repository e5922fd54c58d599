"""The schemas of what ``--json`` writes, and real outputs held against them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from quizproof.questions.schema.__main__ import text
from quizproof.reports.classroom.class_json import class_json
from quizproof.reports.cli import main
from quizproof.reports.json_report import json_report
from quizproof.reports.schema.__main__ import FOLDER, schemas
from quizproof.reports.watch.regress_json import regress_json
from quizproof.reports.watch.regression import Regression
from tests.reports import answered
from tests.reports.classroom.test_class_page import contradicted, graded
from tests.reports.runs import every_state, run
from tests.reports.watch.test_regress import quiz, told

__all__ = ["quiz", "told"]


def problems(command: str, written: str) -> list[str]:
    """All in which ``written`` is not as the schema of ``command`` says, by the shipped file."""
    schema = json.loads((FOLDER / f"{command}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return [
        error.message for error in Draft202012Validator(schema).iter_errors(json.loads(written))
    ]


@pytest.mark.parametrize("name", schemas())
def test_the_shipped_schema_is_the_models(name: str) -> None:
    shipped = (FOLDER / name).read_text(encoding="utf-8")
    assert shipped == text(schemas()[name]), "run: python -m quizproof.reports.schema"


def test_verify() -> None:
    assert problems("verify", json_report(every_state())) == []
    assert problems("verify", json_report(run(asked=1))) == []


def test_grade() -> None:
    assert problems("grade", class_json(graded(results=contradicted()))) == []
    assert problems("grade", class_json(graded(0))) == []


def test_regress(told: Regression) -> None:
    assert problems("regress", regress_json(told)) == []


def test_what_the_commands_write(planted_site: Path, tmp_path: Path) -> None:
    asked = answered.quiz(tmp_path / "quiz")
    answers, written = tmp_path / "answers.yaml", tmp_path / "run.json"
    answers.write_text(answered.ANSWERS)
    common = ["--pack", str(asked / "pack"), "--json", str(written), "--store", "none"]
    for command in (["check", str(asked), str(answers)], ["verify", str(asked)]):
        main([*command, *common])
        assert problems(command[0], written.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("key", "value"), [("schema", 2), ("seed", "16"), ("summary", {"fine": 1}), ("pack", None)]
)
def test_a_schema_refuses_what_is_not_so(key: str, value: Any) -> None:
    assert problems("verify", json.dumps(json.loads(json_report(every_state())) | {key: value}))


@pytest.mark.parametrize("name", schemas())
def test_every_key_is_there_whatever_is_not_known(name: str) -> None:
    schema = schemas()[name]
    for part in (schema, *schema["$defs"].values()):
        assert list(part.get("properties", {})) == part.get("required", [])
