"""``quizproof schema``: JSON Schemas for an editor, which know the probes and what they take."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from quizproof.probes.beside import probes_beside
from quizproof.probes.declaration import Probe
from quizproof.probes.draws import english
from quizproof.probes.packs.course_file import Course
from quizproof.probes.packs.manifest import Manifest
from quizproof.questions.files import write_whole
from quizproof.questions.problems import one_line
from quizproof.questions.quiz import bundled_quiz
from quizproof.questions.schema.__main__ import schemas, text
from quizproof.reports import exit_codes
from quizproof.reports.known_probes import known_probes, probes_of_quiz
from quizproof.reports.output_paths import check_outputs
from quizproof.reports.telling import tell

SETTINGS = {  # of an editor with a YAML language server, by the schema
    "quiz.schema.json": ["quiz.yaml"],
    "question.schema.json": ["q[0-9]*.yaml"],
    "pack.schema.json": ["pack.yaml"],
    "course.schema.json": ["course.yaml"],
}


def schema_command(quiz: str, folder: Path) -> int:
    """Write the schemas for the questions of ``quiz`` into ``folder``; returns the exit code."""
    check_outputs(folders=[folder])
    beside = probes_of_quiz(bundled_quiz(quiz)).beside
    own = {} if beside is None else probes_beside(beside)
    for path in write_schemas(folder, {**own, **known_probes()}):
        tell(f"written: {path}")
    return exit_codes.NOTHING_TO_COMPLAIN_OF


def write_schemas(folder: Path, probes: Mapping[str, Probe]) -> list[Path]:
    """Write the schema of each kind of file into ``folder``, which is made. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in editor_schemas(probes).items():
        write_whole(folder / name, text(schema))
        written.append(folder / name)
    return written


def editor_schemas(probes: Mapping[str, Probe]) -> dict[str, Any]:
    """The schema of each kind of file, by its name; questions may call ``probes`` alone."""
    made = schemas()
    call = made["question.schema.json"]["$defs"]["ProbeCall"]
    call["properties"]["name"]["anyOf"] = [
        {"const": name, "description": _description(probe)}
        for name, probe in sorted(probes.items())
    ]
    call["allOf"] = []
    for name, probe in sorted(probes.items()):
        parameters, defined = _parameters(probe)
        is_called = {"properties": {"name": {"const": name}}, "required": ["name"]}
        call["allOf"].append({"if": is_called, "then": parameters})
        made["question.schema.json"]["$defs"] |= defined
    made["pack.schema.json"] = TypeAdapter(Manifest).json_schema()
    made["course.schema.json"] = TypeAdapter(Course).json_schema()
    return made


def _parameters(probe: Probe) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a call of ``probe`` has to be, and the types that this refers to, called as its own."""
    own = json.dumps(probe.schema).replace('"#/$defs/', f'"#/$defs/{probe.name}.')
    schema = {key: value for key, value in json.loads(own).items() if key != "title"}
    defined = {f"{probe.name}.{key}": each for key, each in schema.pop("$defs", {}).items()}
    found: dict[str, Any] = {"properties": {"with": schema}}
    if schema.get("required"):
        found["required"] = ["with"]
    return found, defined


def _description(probe: Probe) -> str:
    measures = [
        f"{measure.name}: {one_line(english(measure.help))}"
        + (f" (each of {measure.each})" if measure.each else "")
        for measure in probe.measured
    ]
    return "\n".join([probe.summary, "measures:", *measures])
