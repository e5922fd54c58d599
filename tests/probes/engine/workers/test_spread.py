"""Shares spread over workers: every task has one result, whatever comes first."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizproof.probes.engine.events import Began, Event, Finished
from quizproof.probes.engine.plan import Plan, Task, failed
from quizproof.probes.engine.workers.here import sensible_workers
from quizproof.probes.engine.workers.spread import divided, spread
from quizproof.questions.lint import LintedQuestion
from quizproof.questions.spec import Quiz, SettledBy, untranslated


def task(number: int) -> Task:
    return Task(number, LintedQuestion(f"q{number:02d}", None))


def share(pack: int, tasks: int) -> Plan:
    return Plan(
        quiz=Quiz("planted", untranslated("planted"), (), SettledBy(), "0" * 64),
        folder=Path("quiz"),
        tasks=tuple(task(number) for number in range(1, tasks + 1)),
        pack=Path(f"pack{pack}"),
        seed=16,
    )


class Threads:
    """Measures nothing, in some order; ``wrong`` is the pack that raises."""

    def __init__(self, count: int, seed: int, wrong: int | None = None) -> None:
        self.count = count
        self.at_once = 0
        self._random = random.Random(seed)
        self._wrong = Path(f"pack{wrong}")

    def events(self, share: Plan) -> Iterator[Event]:
        seconds = self._random.random() / 1000
        for each in share.tasks:
            yield Began(each)
            time.sleep(seconds)
            if share.pack == self._wrong:
                raise OSError("nobody measures any more")
            yield Finished(failed(each, "planted"))

    def close(self) -> None:
        return


@settings(deadline=None, max_examples=40)
@given(
    sizes=st.lists(st.integers(0, 4), max_size=12),
    count=st.integers(1, 5),
    seed=st.integers(0, 1000),
)
def test_every_task_has_one_result(sizes: list[int], count: int, seed: int) -> None:
    given_out = 0
    shares = [share(pack, size) for pack, size in enumerate(sizes)]

    def handed() -> Iterator[Plan]:
        nonlocal given_out
        for each in shares:
            given_out += 1
            yield each

    found = []
    with closing(Threads(count, seed)) as measuring:
        for of, event in spread(handed(), measuring):
            if isinstance(event, Finished):
                found.append((of.pack, event.result.number))
                # none is prepared long before it is measured
                begun = {pack for pack, _ in found}
                empty = sum(not size for size in sizes)
                assert given_out <= len(begun) + count + empty
    wanted = [(s.pack, t.number) for s in shares for t in s.tasks]
    assert sorted(found) == sorted(wanted)


def test_what_measuring_raises_is_raised() -> None:
    shares = iter([share(pack, 3) for pack in range(6)])
    with closing(Threads(2, 0, wrong=3)) as measuring, pytest.raises(OSError, match="nobody"):
        list(spread(shares, measuring))


@given(tasks=st.integers(0, 40), parts=st.integers(1, 50))
def test_parts_are_of_about_one_size(tasks: int, parts: int) -> None:
    found = [part.tasks for part in divided(share(0, tasks), parts)]
    assert sorted(t.number for part in found for t in part) == list(range(1, tasks + 1))
    sizes = {len(part) for part in found}
    assert not found or max(sizes) - min(sizes) <= 1
    assert 0 not in sizes


def test_workers_that_nobody_asked_for_fit_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizproof.probes.engine.workers.here.cores", lambda: 8)
    monkeypatch.setattr("quizproof.probes.engine.workers.here.machine_memory", lambda: 9 << 30)
    assert [sensible_workers(packs) for packs in (1, 3, 100)] == [1, 3, 4]
    monkeypatch.setattr("quizproof.probes.engine.workers.here.machine_memory", lambda: 1 << 30)
    assert sensible_workers(100) == 1
    monkeypatch.setattr("quizproof.probes.engine.workers.here.machine_memory", lambda: None)
    assert sensible_workers(100) == 8
