"""``quizproof check``: a student's own answers, judged by measuring.

The quiz is read without its key, whether it has one or not, so that nothing here can tell it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from quizproof.probes.engine.plan import broken, plan_of
from quizproof.questions.answers_file import Answers, read_answers
from quizproof.questions.asking import ask, template
from quizproof.questions.files import write_whole
from quizproof.questions.languages import PROGRAM_LANGUAGES, quiz_languages
from quizproof.questions.lint import LintedQuiz, lint_quiz
from quizproof.questions.problems import QuizproofError
from quizproof.questions.quiz import bundled_quiz
from quizproof.questions.responses import Response
from quizproof.questions.scoring import Policy
from quizproof.questions.spec import Question
from quizproof.questions.text import spoken
from quizproof.reports.given import SEED
from quizproof.reports.judged_from import judged_from
from quizproof.reports.known_probes import QuizProbes, probes_of_quiz
from quizproof.reports.measuring import By, chosen, one_run, usable_store
from quizproof.reports.output_paths import page_in
from quizproof.reports.progress import Bar, Progress, progress
from quizproof.reports.student.check_json import check_json
from quizproof.reports.student.check_result import CheckedQuiz
from quizproof.reports.student.check_text import check_text
from quizproof.reports.student.marking import Checked, checked, unanswered
from quizproof.reports.telling import complain, tell, tell_all
from quizproof.reports.written import Written


@dataclass(frozen=True)
class Judge:
    """The pack or the evidence, and the policy, that answers are judged by."""

    pack: str | None = None  # a folder; None: the quiz's pack
    evidence: Path | None = None  # a file that --evidence wrote, in place of a pack
    verify_key: Path | None = None  # whose owner has to have signed that file
    seed: int = SEED
    store: str | None = None
    policy: Policy = Policy.ALL_OR_NOTHING
    illustrated: bool = True  # whether pictures are wanted, too


@dataclass(frozen=True)
class QuizToAnswer:
    """A quiz read without its key, and those of its questions that are asked for."""

    folder: Path
    linted: LintedQuiz
    probes: QuizProbes
    only: str | None = None
    questions: Sequence[Question] = field(default_factory=tuple)


def to_answer(quiz: str, only: str | None = None, evidence: Path | None = None) -> QuizToAnswer:
    """The quiz, its own probes by ``evidence`` where there is some.

    Raises QuizproofError for a quiz that is none, or ``only`` that names none of it.
    """
    folder = bundled_quiz(quiz)
    probes = probes_of_quiz(folder, evidence)
    linted = lint_quiz(folder, probes.known, key=False)
    tasks = chosen(linted, only)
    questions = [task.linted.question for task in tasks if task.linted.question is not None]
    return QuizToAnswer(folder, linted, probes, only, questions)


def check_answers(
    quiz: QuizToAnswer,
    answers: Answers,
    judge: Judge,
    by: By,
    display: Progress | None = None,
) -> CheckedQuiz:
    """Judge ``answers``; only the questions that were answered are measured."""
    tasks = chosen(quiz.linted, quiz.only)
    given = {name: r for name, r in answers.responses.items() if not r.empty}
    to_measure = tuple(task for task in tasks if task.linted.id in given)
    store = usable_store(judge.store)
    plan = plan_of(
        quiz.folder,
        quiz.linted,
        to_measure,
        seed=judge.seed,
        store=store,
        pack=judge.pack,
        beside=quiz.probes.beside,
    )
    plan = replace(plan, illustrated=judge.illustrated)
    with TemporaryDirectory() as passing:
        if judge.evidence is not None:
            place, key = Path(passing), judge.verify_key
            plan = judged_from(plan, quiz.linted, judge.evidence, place, key)
        run = one_run(plan, by, display)
    results = {result.question.id: result for result in run.results}
    items: list[Checked] = []
    for task in tasks:
        name, question = task.linted.id, task.linted.question
        if name in results:
            items.append(checked(results[name], given[name], judge.policy))
        elif question is not None and name not in given:
            items.append(unanswered(question, task.number, answers.unreadable.get(name)))
        elif question is None and (failed := broken(task)):
            items.append(checked(failed, Response(), judge.policy))
    return CheckedQuiz(
        id=quiz.linted.head.id,
        title=quiz.linted.head.title,
        policy=judge.policy,
        questions=items,
        problems=sorted(answers.problems),
        broken=sorted(problem for task in tasks for problem in task.linted.broken),
        run=run,
    )


def check(
    quiz: QuizToAnswer,
    answers: Answers,
    judge: Judge,
    by: By,
    *,
    report: Path | None,
    json: Path | None,
    language: str,
) -> int:
    """Judge, tell, and write what was asked for; returns the exit code."""
    found = check_answers(quiz, answers, judge, by, _bar())
    written = Written()
    if report is not None:
        from quizproof.reports.student.check_page import render_check

        written.write(page_in(report), lambda: render_check(found, language))
    if json is not None:
        written.write(json, lambda: check_json(found))
    tell_all(check_text(found, written.files))
    sys.stdout.flush()
    for problem in (*found.problems, *found.broken):
        complain(problem)
    written.check()
    return found.exit_code


def _bar() -> Progress:
    """A bar on a terminal. Lines of questions' verdicts would tell what was measured too soon."""
    shown = progress()
    return shown if isinstance(shown, Bar) else Progress()


def language_of(quiz: QuizToAnswer, asked: str) -> str:
    """The language of the quiz or the program that somebody who ``asked`` for one understands.

    Raises QuizproofError where there is none.
    """
    those = dict.fromkeys((*_languages(quiz), *PROGRAM_LANGUAGES))
    if (found := spoken(asked, those)) is None:
        raise QuizproofError(f"there is no language {asked!r}; they are {' and '.join(those)}")
    return found


def _languages(quiz: QuizToAnswer) -> Sequence[str]:
    every = (linted.question for linted in quiz.linted.questions)
    return quiz_languages(quiz.linted.head.title, [question for question in every if question])


def print_template(quiz: QuizToAnswer, language: str | None) -> int:
    """Print an answers file to fill in, in all the quiz's languages where none is named.

    Returns the exit code.
    """
    head = quiz.linted.head
    languages = [language] if language else _languages(quiz) or PROGRAM_LANGUAGES[:1]
    tell_all(template(head.id, head.title, quiz.questions, languages))
    return 0


def read_or_ask(
    quiz: QuizToAnswer, file: Path | None, language: str, save: Path | None = None
) -> Answers:
    """The answers in ``file``; where there is none, those a person gives at the terminal."""
    if file is not None:
        every = [q.question for q in quiz.linted.questions if q.question is not None]
        return read_answers(file, every)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise QuizproofError(
            "no answers: name a file of answers (quizproof check QUIZ --template prints one to "
            "fill in), or run this on a terminal"
        )
    with suppress(ImportError):
        import readline  # noqa: F401 (lets a line be edited)
    answers = Answers(dict(ask(quiz.questions, language, input, print)))
    if save is not None:
        write_whole(save, _as_yaml(quiz, answers.responses))
        tell(f"kept: {save}")
    return answers


def _as_yaml(quiz: QuizToAnswer, responses: Mapping[str, Response]) -> str:
    import json

    from quizproof.questions.responses import written

    return "".join(
        f"{question.id}: {json.dumps(written(question, responses[question.id]))}\n"
        for question in quiz.questions
        if question.id in responses
    )
