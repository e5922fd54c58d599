"""Writes the JSON Schemas that the models emit beside this file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from quizproof.questions.spec import Question, QuizFile

FOLDER = Path(__file__).parent


def schemas() -> dict[str, Any]:
    """The schema of each kind of file, by the schema's file name."""
    return {
        "question.schema.json": TypeAdapter(Question).json_schema(),
        "quiz.schema.json": TypeAdapter(QuizFile).json_schema(),
    }


def text(schema: Any) -> str:
    """A schema as it is written to disk."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    for name, schema in schemas().items():
        (FOLDER / name).write_text(text(schema), encoding="utf-8")
