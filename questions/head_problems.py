"""Mistakes of ``quiz.yaml`` itself: what it lists, leaves out, or says of its key and its pack."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from quizproof.questions.problems import Problem
from quizproof.questions.quiz import PACK_FILE
from quizproof.questions.spec import QuizFile
from quizproof.questions.yaml_file import Document

_CLASSIFIER = r"course|torchvision:\w+|callable:[\w.]+:\w+"


def head_problems(
    folder: Path, head: QuizFile, document: Document, with_key: Sequence[str]
) -> Iterator[Problem]:
    """Problems of ``head``, that of the quiz in ``folder``, read as ``document``.

    ``with_key`` are the questions that say what they expect.
    """
    seen: set[str] = set()
    for place, name in enumerate(head.questions):
        if name in seen:
            yield document.problem(
                ("questions", place), f"the question '{name}' stands twice", "name it once"
            )
        seen.add(name)
    listed = {"quiz", *head.questions}
    for name in sorted(path.name for path in folder.glob("q*.yaml") if path.stem not in listed):
        yield document.problem(
            ("questions",), f"{name} is not part of the quiz", "list it here or remove the file"
        )
    if head.without_key:
        for name in with_key:
            yield document.problem(
                ("without_key",), f"{name} says what it expects", "remove its key, or this line"
            )
    for place, name in enumerate(head.settled_by.architecture.get("classifier", [])):
        if not re.fullmatch(_CLASSIFIER, name):
            yield document.problem(
                ("settled_by", "architecture", "classifier", place),
                f"'{name}' is no architecture of a classifier",
                "name course, torchvision:resnet18 or callable:module:name, as pack show does",
            )
    if head.pack is not None and not (folder / head.pack / PACK_FILE).is_file():
        yield document.problem(
            ("pack",),
            f"no {PACK_FILE} in {folder / head.pack}",
            "name a pack's folder, from this quiz's, or leave this line out",
        )
