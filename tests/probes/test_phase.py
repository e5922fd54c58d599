"""What is done before there is a draw is told by the process that does it."""

from __future__ import annotations

from threading import Thread
from types import SimpleNamespace
from typing import Any, cast

import pytest

from quizproof.probes.engine.workers.wire import Message
from quizproof.probes.engine.workers.worker import _Desk
from quizproof.probes.phase import phase, phase_now


def test_the_innermost_phase_is_told_and_ends_with_its_block() -> None:
    with phase("loading net"):
        with phase("loading torch"):
            assert phase_now() == "loading torch"
        assert phase_now() == "loading net"
        with pytest.raises(ValueError, match="no"), phase("trying batch sizes"):
            raise ValueError("no")
        assert phase_now() == "loading net"
    assert phase_now() == ""


def test_a_worker_tells_each_once() -> None:
    said: list[Message] = []
    desk = _Desk(lambda message, body: said.append(message), lambda: None)
    desk._began_at, desk._collector = 0, cast(Any, SimpleNamespace(passes=0))
    Thread(target=desk.report, args=(0.001,), daemon=True).start()
    for what in ("loading torch", "loading net"):
        with phase(what):
            before = len(said)
            while len(said) == before:
                pass
    desk._stop_reporting()
    assert [(message.kind, message.reason) for message in said] == [
        ("phase", "loading torch"),
        ("phase", "loading net"),
    ]
