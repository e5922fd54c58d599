"""An editor is told of the probes: their parameters are completed, and wrong ones are marked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from quizproof.probes.catalogue import catalogue
from quizproof.probes.packs.pack import EMBEDDED
from quizproof.questions.quiz import bundled_quiz
from quizproof.questions.yaml_file import read_document
from quizproof.reports.cli import main
from quizproof.reports.editor_schemas import editor_schemas
from tests.beside import quiz_with_probes

SCHEMAS = editor_schemas(catalogue())
FILTER = {"picture": 1, "layer": "cnn.0", "filter": 0, "regions": ["a"]}
HW09 = sorted(bundled_quiz("hw09").glob("q[0-9]*.yaml"))


def complaints(data: Any, schema: str = "question") -> list[str]:
    validator = jsonschema.Draft202012Validator(SCHEMAS[f"{schema}.schema.json"])
    return [str(error.message) for error in validator.iter_errors(data)]


@pytest.mark.parametrize("path", HW09, ids=lambda path: path.stem)
def test_the_bundled_questions_are_right(path: Path) -> None:
    assert complaints(read_document(path).data) == []


def test_the_embedded_pack_is_right() -> None:
    assert complaints(read_document(EMBEDDED / "pack.yaml").data, "pack") == []
    assert complaints({"name": "x", "pictures": 3}, "pack")


def test_the_layout_of_the_bundled_quiz_s_course_is_right() -> None:
    layout = read_document(bundled_quiz("hw09") / "course.yaml").data
    assert complaints(layout, "course") == []
    del layout["parts"]["classifier"]["classes"]
    assert complaints(layout, "course")


@pytest.mark.parametrize(
    "probe",
    [
        {"name": "filter.region", "with": FILTER},
        {"name": "filter.regions", "with": {**FILTER, "picture": "one"}},
        {"name": "filter.regions", "with": {"picture": 1}},
        {"name": "filter.regions", "with": {**FILTER, "steps": 3}},
        {"name": "filter.regions"},
    ],
)
def test_a_wrong_call_is_marked(probe: dict[str, Any]) -> None:
    data = read_document(bundled_quiz("hw09") / "q06.yaml").data
    assert complaints({**data, "probe": probe})


SALIENCY = {"name": "saliency", "output": "logit", "colours": "sum"}


@pytest.mark.parametrize(
    ("method", "right"),
    [
        (SALIENCY, True),
        ({**SALIENCY, "colours": "sums"}, False),
        ({**SALIENCY, "steps": 3}, False),
        ({"name": "saliency"}, False),
        ({"name": "guided"}, False),
    ],
)
def test_the_settings_of_a_method_are_known(method: dict[str, Any], right: bool) -> None:
    given = {"picture": 1, "regions": ["a"], "method": method}
    given |= {"mass": "absolute", "scale": "as_computed"}
    data = read_document(bundled_quiz("hw09") / "q06.yaml").data
    assert (not complaints({**data, "probe": {"name": "attribution.regions", "with": given}})) == (
        right
    )


def test_the_measures_are_told() -> None:
    call = SCHEMAS["question.schema.json"]["$defs"]["ProbeCall"]
    [told] = [p for p in call["properties"]["name"]["anyOf"] if p["const"] == "attribution.regions"]
    assert "contrast_{item}: " in told["description"]


def test_a_quiz_s_own_probes_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizproof.probes.trust._for_this_run", set())
    quiz = quiz_with_probes(tmp_path / "quiz")
    assert main(["schema", str(quiz), "--trust", "-o", str(tmp_path / "schemas")]) == 0
    schema = json.loads((tmp_path / "schemas" / "question.schema.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    question = yaml.safe_load((quiz / "q01.yaml").read_text("utf-8"))
    assert list(validator.iter_errors(question)) == []
    question["probe"]["with"]["word"] = 3
    assert list(validator.iter_errors(question))
