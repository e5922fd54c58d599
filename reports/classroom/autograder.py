"""The program Gradescope runs for one submission: a student's answers, graded by the key.

``python -m quizproof.reports.classroom.autograder QUIZ SUBMISSION RESULTS
[--policy NAME]``: a quiz's folder, the folder with the student's file, and the ``results.json`` to
write. Whatever goes wrong, a result is written and nobody gets points from it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quizproof.questions.answers_file import read_answers
from quizproof.questions.classroom import ClassResponses, Student, Submission
from quizproof.questions.files import write_whole
from quizproof.questions.grading import grade_class
from quizproof.questions.problems import QuizproofError, one_line
from quizproof.questions.quiz import load_quiz
from quizproof.questions.responses import Response
from quizproof.questions.scoring import Policy, key_answer
from quizproof.reports.classroom.gradebook import gradescope_results

SUFFIXES = frozenset([".yaml", ".yml", ".json", ".csv"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade one submission; returns the exit code, 4 where the program failed."""
    parser = argparse.ArgumentParser(prog="autograder", description=__doc__)
    parser.add_argument("quiz", type=Path)
    parser.add_argument("submission", type=Path)
    parser.add_argument("results", type=Path)
    policies = [policy.value for policy in Policy]
    parser.add_argument("--policy", choices=policies, default=Policy.ALL_OR_NOTHING.value)
    options = parser.parse_args(arguments)
    code = 0
    try:
        results = graded(options.quiz, options.submission, Policy(options.policy))
    except QuizproofError as error:
        said = str(error).replace(str(options.submission), ".")
        results = _nothing(said)
    except Exception as error:
        print(one_line(f"{type(error).__name__}: {error}"), file=sys.stderr)
        results, code = _nothing("The autograder failed; tell whoever set the quiz."), 4
    text = json.dumps(results, ensure_ascii=False, indent=1)
    write_whole(options.results, text + "\n")
    return code


def graded(quiz: Path, submission: Path, policy: Policy) -> dict[str, Any]:
    """The results of the one file of answers in ``submission``. Raises QuizproofError."""
    questions = load_quiz(quiz).questions
    keys = {question.id: key for question in questions if (key := key_answer(question)) is not None}
    answers = read_answers(_file_in(submission), questions)
    responses = {
        question.id: None
        if question.id in answers.unreadable
        else answers.responses.get(question.id, Response())
        for question in questions
    }
    row = Submission(student=Student(name="student"), line=1, responses=responses)
    asked = tuple(question.id for question in questions)
    grades = grade_class(questions, keys, ClassResponses("answers", asked, [row]), policy)
    results = gradescope_results(grades, grades.students[0])
    if said := [f"line {problem.line}: {problem.what}" for problem in answers.problems]:
        results["output"] = "\n".join(map(one_line, said))
    return results


def _file_in(folder: Path) -> Path:
    files = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in SUFFIXES and path.is_file() and not path.is_symlink()
    ]
    if len(files) != 1:
        found = f"{len(files)} of them are" if files else "none is"
        raise QuizproofError(
            f"A file of answers is looked for (.yaml, .json or .csv), and {found} here; "
            "submit one, such as answers.yaml"
        )
    return files[0]


def _nothing(why: str) -> dict[str, Any]:
    """No points, and why."""
    return {
        "score": 0.0,
        "output": one_line(why),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [],
    }


if __name__ == "__main__":
    sys.exit(main())
