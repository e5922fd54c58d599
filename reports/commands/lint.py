"""``quizproof lint``: what is wrong with a quiz before any model runs."""

from __future__ import annotations

import argparse
from dataclasses import replace

from quizproof.reports import exit_codes
from quizproof.reports.commands.commands import Commands, add_quiz, add_trust


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    lint = commands.add_parser(
        "lint", parents=[common], help="say what is wrong with a quiz before any model runs"
    )
    add_quiz(lint)
    add_trust(lint)
    lint.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from quizproof.questions.lint import lint_quiz
    from quizproof.questions.quiz import bundled_quiz
    from quizproof.reports.known_parts import known_parts
    from quizproof.reports.known_probes import probes_of_quiz
    from quizproof.reports.numbers import counted
    from quizproof.reports.telling import tell

    folder = bundled_quiz(options.quiz)
    linted = lint_quiz(folder, probes_of_quiz(folder).known, parts=known_parts(folder))
    for problem in linted.problems:
        tell(problem)
    for note in linted.notes:
        tell(replace(note, what=f"note: {note.what}"))
    if not linted.problems:
        without = " without a key" if linted.head.without_key else ""
        questions = f"{counted(len(linted.questions), 'question')}{without}"
        tell(f"{linted.head.id}: {questions}, nothing to complain of")
    if any(question.broken for question in linted.questions) or linted.head_problems:
        return exit_codes.WRONG_INPUT
    return exit_codes.KEY_WRONG if linted.problems else exit_codes.NOTHING_TO_COMPLAIN_OF
