from __future__ import annotations

import json
from pathlib import Path

import pytest

from quizproof.questions.schema.__main__ import FOLDER, schemas, text


@pytest.mark.parametrize("name", schemas())
def test_the_shipped_schema_is_the_models(name: str) -> None:
    shipped = (FOLDER / name).read_text(encoding="utf-8")
    assert shipped == text(schemas()[name]), "run: python -m quizproof.questions.schema"


def test_an_editor_is_offered_every_kind() -> None:
    schema = json.loads((FOLDER / "question.schema.json").read_text(encoding="utf-8"))
    kinds = set(schema["discriminator"]["mapping"])
    assert kinds == {"single", "multiple", "blanks", "dropdowns", "matching", "ordering"}


def test_every_question_names_its_schema() -> None:
    folder = Path(FOLDER).parent / "hw09"
    for path in folder.glob("q*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        kind = "quiz" if path.stem == "quiz" else "question"
        assert first == f"# yaml-language-server: $schema=../schema/{kind}.schema.json", path
