"""``quizproof evidence show``: the draws of one question, and files of them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from quizproof.probes.declaration import english
from quizproof.probes.engine.evidence.record import Evidence
from quizproof.probes.engine.plan import Plan, Task, plan_of
from quizproof.probes.engine.runner import Runner
from quizproof.questions.files import write_whole
from quizproof.questions.lint import LintedQuestion, lint_quiz
from quizproof.questions.near import did_you_mean
from quizproof.questions.problems import QuizproofError, one_line
from quizproof.questions.quiz import bundled_quiz
from quizproof.questions.rules import Value
from quizproof.reports import exit_codes
from quizproof.reports.classroom.spreadsheet import csv_text
from quizproof.reports.judged_from import judged_from
from quizproof.reports.known_probes import probes_of_quiz
from quizproof.reports.numbers import counted, word
from quizproof.reports.output_paths import check_outputs
from quizproof.reports.telling import tell


@dataclass(frozen=True)
class Shown:
    """What is asked for."""

    quiz: str
    question: str
    pack: str | None
    source: Path | None  # an evidence file in place of the store
    seed: int
    store: str | None
    csv: Path | None
    npz: Path | None


def evidence_show(shown: Shown) -> int:
    """Print the draws on each model, write the files; returns the exit code.

    Raises QuizproofError for wrong input, and where no evidence is kept.
    """
    check_outputs([shown.csv, shown.npz])
    folder = bundled_quiz(shown.quiz)
    probes = probes_of_quiz(folder, shown.source)
    linted = lint_quiz(folder, probes.known)
    question = _asked(shown.question, linted.questions)
    tasks = (Task(linted.questions.index(question) + 1, question),)
    with TemporaryDirectory() as passing:
        plan = plan_of(
            folder,
            linted,
            tasks,
            seed=shown.seed,
            store=shown.store,
            pack=shown.pack,
            beside=probes.beside,
        )
        if shown.source is not None:
            plan = judged_from(plan, linted, shown.source, Path(passing))
        found = _kept(question, plan)
    if not found:
        raise QuizproofError(_nothing(shown, question))
    files = [(path, make) for path, make in ((shown.csv, _csv), (shown.npz, _npz)) if path]
    for path, make in files:  # before the draws are told to somebody who may not read them all
        write_whole(path, make(found))
    for evidence in found:
        _tell(evidence)
    for path, _ in files:
        tell(f"written: {path}")
    return exit_codes.NOTHING_TO_COMPLAIN_OF


def _asked(name: str, questions: Sequence[LintedQuestion]) -> LintedQuestion:
    """The question called ``name``. Raises QuizproofError where none has evidence by that name."""
    known = {question.id: question for question in questions}
    if name not in known:
        mend = did_you_mean(name, known, f"it has {', '.join(known)}")
        raise QuizproofError(f"there is no question {one_line(name, 60)} in the quiz; {mend}")
    asked = known[name]
    if asked.broken or asked.question is None or asked.question.probe is None:
        raise QuizproofError(f"{name} names no probe that could be measured; see quizproof lint")
    return asked


def _kept(question: LintedQuestion, plan: Plan) -> list[Evidence]:
    """The evidence of each model that is kept, the pack's own first."""
    runner = Runner(replace(plan, illustrated=False))
    if runner.store is None:
        return []
    kept = map(runner.store.peek, runner.keys(question))
    return [evidence for evidence in kept if evidence is not None]


def _nothing(shown: Shown, question: LintedQuestion) -> str:
    if shown.source is not None:
        return f"{shown.source} holds nothing of {question.id}; have it made with that question"
    pack = f" --pack {shown.pack}" if shown.pack else ""
    return (
        f"no evidence of {question.id} is kept with seed {shown.seed}; measure it first: "
        f"quizproof verify {shown.quiz} --only {question.id} --seed {shown.seed}{pack}"
    )


def _tell(evidence: Evidence) -> None:
    tell(f"{evidence.of}")
    tell(f"  on {evidence.model or 'no model'}: {counted(len(evidence.draws), 'draw')}")
    for number, draw in enumerate(evidence.draws, 1):
        values = ", ".join(f"{name} {word(value)}" for name, value in draw.values.items())
        tell(f"  draw {number}: {values}")


def _csv(found: Sequence[Evidence]) -> bytes:
    """A row for each draw, with every digit of its numbers."""
    names = list(dict.fromkeys(name for each in found for name in each.draws[0].values))
    rows = [["model", "draw", *names]]
    for evidence in found:
        rows += [
            [evidence.model, str(number), *(_cell(draw.values, name) for name in names)]
            for number, draw in enumerate(evidence.draws, 1)
        ]
    return csv_text(rows).encode("utf-8")


def _cell(values: Mapping[str, Value], name: str) -> str:
    value = values.get(name, "")
    return value if isinstance(value, str) else repr(float(value))


def _npz(found: Sequence[Evidence]) -> bytes:
    """numpy's zip: values by model and name, and the maps that are kept, with their titles."""
    arrays: dict[str, Any] = {"models": np.array([evidence.model for evidence in found])}
    titles: list[str] = []
    for m, evidence in enumerate(found, 1):
        names = list(evidence.draws[0].values)
        arrays[f"names_{m}"] = np.array(names)
        for n, name in enumerate(names, 1):
            # numbers where they are, else text
            arrays[f"values_{m}_{n}"] = np.array([draw.values[name] for draw in evidence.draws])
        for d, draw in enumerate(evidence.draws, 1):
            for k, shown in enumerate(draw.maps, 1):
                arrays[f"map_{m}_{d}_{k}"] = np.asarray(shown.values)
                titles.append(f"map_{m}_{d}_{k}: {english(shown.title)}")
    arrays["maps"] = np.array(titles, dtype=str)
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()
