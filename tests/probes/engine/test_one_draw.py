"""An exact probe is one that yields once."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.probes.engine.results import State
from quizproof.probes.engine.runner import Runner
from tests.planned import plan, result_of
from tests.planted_probes import write_quiz


@pytest.mark.usefixtures("planted_site")
def test_two_draws_of_an_exact_probe_say_nothing(tmp_path: Path) -> None:
    write_quiz(tmp_path / "quiz", good="a", twice="a")
    made = plan(tmp_path / "quiz", pack=tmp_path / "quiz" / "pack")
    runner = Runner(made)
    good, twice = [result_of(runner, task) for task in made.tasks]
    assert good.state is State.STAND_IN_AGREES
    assert twice.state is State.FAILED
    assert "declared exact, and yields more than one draw" in twice.reason.en
