"""Writing a quiz's folder: the files that ``load_quiz`` reads back as the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from quizproof.questions.files import write_whole
from quizproof.questions.quiz import QUIZ_FILE, question_path
from quizproof.questions.spec import Model, Question, QuizFile


def write_quiz(
    folder: Path,
    head: QuizFile,
    questions: Iterable[Question],
    pictures: Mapping[str, bytes] | None = None,
) -> None:
    """Write ``quiz.yaml``, a file per question and ``pictures`` into ``folder``, which exists.

    The former comes last: without it a folder is no quiz.
    """
    for name, content in (pictures or {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_whole(folder / name, content)
    for question in questions:
        write_whole(question_path(folder, question.id), yaml_text(question, without={"id"}))
    write_whole(folder / QUIZ_FILE, yaml_text(head))


def yaml_text(model: Model, without: set[str] | None = None) -> str:
    """The YAML of ``model``, its defaults and the keys ``without`` left out."""
    data = model.model_dump(by_alias=True, exclude=without, exclude_defaults=True)
    if "kind" in data:  # what a reader wants to know first
        data = {"kind": data.pop("kind"), **data}
    text: str = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=96)
    return text


class _Dumper(yaml.SafeDumper):
    """Plain data without aliases, which the reader refuses."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # every character that a reader could take for another line's end is escaped
    if not text.replace("\n", "").isprintable():
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _string)
