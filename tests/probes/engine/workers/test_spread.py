"""Shares spread over workers: every task has one result, whatever comes first."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizproof.probes.engine.events import Began, Finished
from quizproof.probes.engine.workers.spread import Happened, Take, divided, sensible_workers, spread
from quizproof.probes.engine.workers.tasks import Setting, Share, Task, failed
from quizproof.questions.lint import LintedQuestion
from quizproof.questions.spec import SettledBy


def task(number: int) -> Task:
    return Task(number, LintedQuestion(f"q{number:02d}", None))


def share(pack: int, tasks: int) -> Share:
    setting = Setting(Path(f"pack{pack}"), SettledBy(), 16)
    return Share(setting, tuple(task(number) for number in range(1, tasks + 1)))


class Threads:
    """Measures nothing, in some order; ``wrong`` is the pack that raises."""

    def __init__(self, count: int, seed: int, wrong: int | None = None) -> None:
        self.count = count
        self.at_once = 0
        self._random = random.Random(seed)
        self._wrong = Path(f"pack{wrong}")
        self._pool = ThreadPoolExecutor(count)

    def submit(self, share: Share, take: Take) -> Future[None]:
        return self._pool.submit(self._measure, share, take, self._random.random() / 1000)

    def _measure(self, share: Share, take: Take, seconds: float) -> None:
        for each in share.tasks:
            take(Happened(share, Began(each)))
            time.sleep(seconds)
            if share.setting.pack == self._wrong:
                raise OSError("nobody measures any more")
            take(Happened(share, Finished(failed(each, "planted"))))

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


@settings(deadline=None, max_examples=40)
@given(
    sizes=st.lists(st.integers(0, 4), max_size=12),
    count=st.integers(1, 5),
    seed=st.integers(0, 1000),
)
def test_every_task_has_one_result(sizes: list[int], count: int, seed: int) -> None:
    given_out = 0
    shares = [share(pack, size) for pack, size in enumerate(sizes)]

    def handed() -> Iterator[Share]:
        nonlocal given_out
        for each in shares:
            given_out += 1
            yield each

    found = []
    with closing(Threads(count, seed)) as measuring:
        for happened in spread(handed(), measuring):
            if isinstance(happened.what, Finished):
                found.append((happened.share.setting.pack, happened.what.result.number))
                # none is prepared long before it is measured
                begun = {pack for pack, _ in found}
                empty = sum(not size for size in sizes)
                assert given_out <= len(begun) + count + 1 + empty
    wanted = [(s.setting.pack, t.number) for s in shares for t in s.tasks]
    assert sorted(found) == sorted(wanted)


def test_what_measuring_raises_is_raised() -> None:
    shares = iter([share(pack, 3) for pack in range(6)])
    with closing(Threads(2, 0, wrong=3)) as measuring, pytest.raises(OSError, match="nobody"):
        list(spread(shares, measuring))


@given(tasks=st.integers(0, 40), parts=st.integers(1, 50))
def test_parts_are_of_about_one_size(tasks: int, parts: int) -> None:
    asked = [task(number) for number in range(tasks)]
    found = divided(asked, parts)
    assert sorted(t.number for part in found for t in part) == list(range(tasks))
    sizes = {len(part) for part in found}
    assert not found or max(sizes) - min(sizes) <= 1
    assert 0 not in sizes


def test_workers_that_nobody_asked_for_fit_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizproof.probes.engine.workers.spread.cores", lambda: 8)
    monkeypatch.setattr("quizproof.probes.engine.workers.spread.machine_memory", lambda: 9 << 30)
    assert [sensible_workers(packs) for packs in (1, 3, 100)] == [1, 3, 4]
    monkeypatch.setattr("quizproof.probes.engine.workers.spread.machine_memory", lambda: 1 << 30)
    assert sensible_workers(100) == 1
    monkeypatch.setattr("quizproof.probes.engine.workers.spread.machine_memory", lambda: None)
    assert sensible_workers(100) == 8
