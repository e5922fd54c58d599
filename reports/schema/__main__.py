"""Writes the JSON Schemas that the models emit beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from quizproof.questions.schema.__main__ import text
from quizproof.reports.classroom.class_json import GradesOutput
from quizproof.reports.json_output import Output
from quizproof.reports.json_report import VerifyOutput
from quizproof.reports.student.check_json import CheckOutput
from quizproof.reports.watch.regress_json import RegressOutput

FOLDER = Path(__file__).parent
_COMMANDS: dict[str, type[Output]] = {
    "check": CheckOutput,
    "grade": GradesOutput,
    "regress": RegressOutput,
    "verify": VerifyOutput,
}


def schemas() -> dict[str, Any]:
    """The schema of what each command writes, by the schema's file name."""
    return {
        f"{command}.schema.json": output.model_json_schema(mode="serialization")
        for command, output in _COMMANDS.items()
    }


if __name__ == "__main__":
    for name, schema in schemas().items():
        (FOLDER / name).write_text(text(schema), encoding="utf-8")
