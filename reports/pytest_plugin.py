"""``pytest FOLDER``: every question of the quiz in a folder is a test.

A question is an item called by its id, with the marker ``method``, ``architecture`` or ``model``:
``-k q07`` and ``-m method`` choose. It passes where the measurement confirms the key, fails where
the key is contradicted or invalid, and is an error where measuring went wrong. What settles nothing
is no pass, unless the configuration says so.

pytest imports this module in every project of whoever installed quizproof: nothing but the standard
library and pytest is imported before a quiz is found.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from quizproof.reports.commands.measuring import seed
from quizproof.reports.given import SEED

if TYPE_CHECKING:
    from quizproof.probes.beside import Beside
    from quizproof.probes.engine.plan import Task
    from quizproof.probes.engine.results import QuestionResult
    from quizproof.questions.lint import LintedQuiz

_QUIZ_FILE = "quiz.yaml"
_HEAD = 65_536  # bytes of a quiz.yaml that are looked at to tell whether it is one of ours
_KEYS = [
    re.compile(rb"^" + key + rb"\s*:", re.MULTILINE) for key in (b"id", b"title", b"questions")
]
_OUTCOMES = {
    "quizproof_stand_in": (
        "xfail",
        ("xfail", "skip", "pass"),
        "what evidence about a stand-in is (pass: where it agrees, else xfail)",
    ),
    "quizproof_undecided": (
        "xfail",
        ("xfail", "skip", "fail"),
        "what a question is that was measured and stayed undecided",
    ),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("quizproof", "quizproof: a quiz's questions as tests")
    group.addoption("--quizproof-pack", metavar="DIR", help="the pack (default: the quiz's)")
    group.addoption(
        "--quizproof-seed", type=seed, default=SEED, metavar="N", help=f"of all draws ({SEED})"
    )
    group.addoption(
        "--quizproof-store",
        metavar="PLACE",
        help="where evidence is kept: a folder or URL, 'none' for nowhere (the user's cache)",
    )
    group.addoption(
        "--quizproof-trust", action="store_true", help="run the quizzes' own probes.py in this run"
    )
    for name, (default, choices, what) in _OUTCOMES.items():
        parser.addini(name, f"{what}: {', '.join(choices)} ({default})", default=default)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "method: a question of a quiz that any model settles")
    config.addinivalue_line("markers", "architecture: a question of a quiz about an architecture")
    config.addinivalue_line("markers", "model: a question of a quiz about one model")
    for name, (_, choices, _) in _OUTCOMES.items():
        if (given := config.getini(name)) not in choices:
            raise pytest.UsageError(f"{name} is {given!r}; write one of {', '.join(choices)}")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> QuizCollector | None:
    if file_path.name != _QUIZ_FILE or not _is_ours(file_path):
        return None
    return QuizCollector.from_parent(parent, path=file_path)


def pytest_unconfigure(config: pytest.Config) -> None:
    if (bench := config.stash.get(_BENCH, None)) is not None:
        bench.workers.close()


def _is_ours(path: Path) -> bool:
    """Tell whether a quiz.yaml is in this program's form: others may have files of that name."""
    try:
        if not path.is_file():  # a pipe would be waited for
            return False
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    return all(key.search(head) for key in _KEYS)


class QuizCollector(pytest.File):
    """A quiz: its ``quiz.yaml``."""

    def collect(self) -> Iterable[pytest.Item]:
        from quizproof.probes.engine.plan import Task
        from quizproof.probes.trust import trust_for_this_run
        from quizproof.questions.lint import lint_quiz
        from quizproof.questions.problems import QuizproofError
        from quizproof.reports.known_probes import probes_of_quiz

        try:
            if self.config.getoption("--quizproof-trust"):
                trust_for_this_run(self.path.parent)
            probes = probes_of_quiz(self.path.parent)
            linted = lint_quiz(self.path.parent, probes.known)
        except QuizproofError as error:
            raise self.CollectError(_printable(str(error))) from None
        if linted.head_problems:
            yield LintItem.from_parent(self, name="lint", linted=linted)
        for number, question in enumerate(linted.questions, 1):
            yield QuestionItem.from_parent(
                self,
                name=question.id,
                linted=linted,
                task=Task(number, question),
                beside=probes.beside,
            )


class LintItem(pytest.Item):
    """A test of what is wrong with ``quiz.yaml`` though it can be read."""

    def __init__(self, *, linted: LintedQuiz, **rest: Any) -> None:
        super().__init__(**rest)
        self._linted = linted

    def runtest(self) -> None:
        _fail("\n".join(str(problem) for problem in self._linted.head_problems))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


class QuestionItem(pytest.Item):
    """A question: measured in its setup, judged in its test."""

    def __init__(
        self, *, linted: LintedQuiz, task: Task, beside: Beside | None, **rest: Any
    ) -> None:
        super().__init__(**rest)
        self._linted, self._task, self._beside = linted, task, beside
        self._result: QuestionResult | None = None
        if task.linted.question is not None:
            self.add_marker(task.linted.question.about)

    def setup(self) -> None:
        from quizproof.probes.engine.results import State
        from quizproof.questions.problems import QuizproofError

        try:
            self._result = _bench(self.config).result(
                self.path.parent, self._linted, self._task, self._beside
            )
        except QuizproofError as error:
            _fail(str(error))
        if self._result.state is State.FAILED:
            _fail(f"{self.name} failed: {self._result.reason.en}")

    def runtest(self) -> None:
        from quizproof.probes.engine.results import State

        assert self._result is not None
        state, reason = self._result.state, self._result.reason.en
        if state is State.CONFIRMED:
            return
        accepted = self._result.accepted
        if accepted is not None and accepted.holds:
            _leave("xfail", f"contradicted: {reason}; {accepted.why.en}")
        if state in (State.CONTRADICTED, State.KEY_INVALID):
            _fail(_complaint(self._result))
        if state is State.MISSING:
            _leave("skip", f"missing: {reason}")
        if state is State.UNDECIDED:
            _leave(self.config.getini("quizproof_undecided"), f"undecided: {reason}")
        outcome = self.config.getini("quizproof_stand_in")
        if outcome == "pass" and state is State.STAND_IN_AGREES:
            return
        _leave("xfail" if outcome == "pass" else outcome, f"{state}: {reason}")

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path.parent / f"{self.name}.yaml", 0, self.name


def _fail(reason: str) -> NoReturn:
    """A failure without a traceback; an error where it happens in a setup."""
    pytest.fail(_printable(reason), pytrace=False)


def _printable(text: str) -> str:
    """The lines of ``text`` without what moves a terminal or forges a log."""
    from quizproof.reports.telling import text_of

    return text_of(text.split("\n"))[:-1]


def _leave(outcome: str, reason: str) -> NoReturn:
    reason = _printable(reason)
    if outcome == "skip":  # told at the question's file, as failures are
        raise pytest.skip.Exception(reason, _use_item_location=True)
    if outcome == "fail":
        _fail(reason)
    pytest.xfail(reason)


def _complaint(result: QuestionResult) -> str:
    """State and reason, and the margin of every option about which key and measurement differ."""
    from quizproof.questions.spec import choices
    from quizproof.reports.numbers import signed

    lines = [f"{result.question.id} {result.state}: {result.reason.en}"]
    findings: Mapping[str, Any] = result.measurement.findings if result.measurement else {}
    for choice in choices(result.question):
        finding = findings.get(choice.id)
        if finding is None or choice.either or finding.holds in (None, choice.expected):
            continue
        low, estimate, high = finding.margin
        certainty = (
            f"± {result.tolerance or 0:g}"
            if result.confidence is None
            else f"[{signed(low)}, {signed(high)}] at {100 * result.confidence:g} %"
        )
        lines.append(
            f"  {choice.id} {'holds' if finding.holds else 'fails'} by {signed(estimate)} "
            f"{certainty}: {choice.rule}"
        )
    return "\n".join(lines)


class _Bench:
    """Bench of a whole session: processes that keep their models, and the packs."""

    def __init__(self, config: pytest.Config) -> None:
        from quizproof.probes.engine.evidence.store import place_of
        from quizproof.probes.engine.workers.here import Here

        given = config.getoption("--quizproof-pack")
        # beside other processes of the same run (pytest-xdist), its share of the machine
        beside = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
        self.workers = Here(1, beside=beside)
        self._named: Path | None = config.invocation_params.dir / given if given else None
        self._seed: int = config.getoption("--quizproof-seed")
        self._store = place_of(config.getoption("--quizproof-store"))

    def result(
        self, quiz: Path, linted: LintedQuiz, task: Task, beside: Beside | None
    ) -> QuestionResult:
        """Measure one question of the quiz in the folder ``quiz``; return its result.

        Raises QuizproofError for a pack that is wrong.
        """
        from quizproof.probes.engine.events import Finished
        from quizproof.probes.engine.plan import plan_of
        from quizproof.reports.measuring import ready

        plan, _ = ready(
            plan_of(
                quiz,
                linted,
                (task,),
                seed=self._seed,
                store=self._store,
                pack=self._named,
                beside=beside,
            )
        )
        events = self.workers.events(plan)
        [result] = [event.result for event in events if isinstance(event, Finished)]
        return result


_BENCH = pytest.StashKey[_Bench]()


def _bench(config: pytest.Config) -> _Bench:
    if _BENCH not in config.stash:
        config.stash[_BENCH] = _Bench(config)
    return config.stash[_BENCH]
