from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quizproof.probes.bench import Bench
from quizproof.probes.methods import integrated_gradients
from quizproof.probes.packs.pack import EMBEDDED, Pack
from tests.bench import __main__ as command
from tests.bench import attribution, methods, quiz, tokens
from tests.bench.pairs import Row, best, compare


def equal(ours: object, theirs: object) -> str:
    assert ours == theirs
    return "equal"


def slept(seconds: float, result: object = 1) -> Callable[[], object]:
    def work() -> object:
        time.sleep(seconds)
        return result

    return work


QUICK, SLOW = 0.002, 0.02
ROW = Row("work", "another", slept(QUICK), slept(SLOW), equal, 2)


def test_the_faster_of_two_is_told_by_how_much() -> None:
    found = compare(ROW, 3)
    assert found.met
    assert found.pairs == 3
    assert 2 < found.low <= found.ratio <= found.high < 15
    assert not compare(replace(ROW, wanted=100), 1).met
    assert not compare(replace(ROW, ours=ROW.theirs, theirs=ROW.ours), 1).met


def test_an_overhead_is_to_be_small() -> None:
    assert not compare(replace(ROW, ratio="overhead", theirs=ROW.ours, ours=ROW.theirs), 1).met
    assert compare(replace(ROW, ratio="overhead"), 1).met


def test_results_that_differ_are_no_comparison() -> None:
    with pytest.raises(AssertionError):
        compare(replace(ROW, theirs=slept(SLOW, result=2)), 1)


def test_an_amount_takes_the_place_of_time() -> None:
    row = replace(ROW, ours=lambda: 3, theirs=lambda: 3, amount=float, wanted=1)
    assert compare(row, 2).ratio == 1


def test_the_best_candidate_is_the_one_of_least_time() -> None:
    assert best(lambda size: time.sleep(0.001 * abs(size - 4)), [1, 4, 9], turns=1) == 4


@pytest.mark.parametrize(("wanted", "code", "mark"), [(2.0, 0, "ok "), (1000.0, 1, "MISS ")])
def test_a_ratio_that_is_missed_is_told_and_is_the_exit_code(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    wanted: float,
    code: int,
    mark: str,
) -> None:
    def rows(*_: Any) -> Iterator[Row]:
        yield replace(ROW, wanted=wanted)

    monkeypatch.setattr(quiz, "rows", rows)
    file = tmp_path / "bench.json"
    assert command.main(["--only", "quiz", "--repeat", "1", "--json", str(file)]) == code
    assert mark in capsys.readouterr().out
    [row] = json.loads(file.read_text(encoding="utf-8"))["rows"]
    assert row["met"] is (code == 0)
    assert row["equal"] == "equal"


def test_every_method_is_compared_and_its_results_are_equal() -> None:
    sizes = methods.Sizes(smoothgrad=4, lime=12, steps=3, batches=(1, 2))
    compared = [
        compare(row, 1) for row in methods.rows(Bench(Pack(EMBEDDED), methods.SEED), 9, sizes)
    ]
    assert {c.against.split(",")[0].split(":")[0] for c in compared} == {
        "the notebook's loop",
        "Captum NoiseTunnel",
        "Captum",
        "the lime package",
        "the floor",
    }


def test_an_attribution_is_captums() -> None:
    sizes = methods.Sizes(steps=3, shap=4, batches=(1, 2))
    rows = attribution.rows(Bench(Pack(EMBEDDED), methods.SEED), 9, sizes)
    theirs, floor = (compare(next(rows), 1) for _ in range(2))
    assert theirs.equal.startswith("equal")
    assert floor.equal.startswith("3 forward and 3 backward passes")


def test_attributions_of_tokens_are_captums_and_their_passes_are_counted() -> None:
    said = [compare(row, 1).equal for row in tokens.rows(tokens.Size(2, 24, 10))]
    assert said[0].startswith("equal")
    assert [text.split(" passes")[0] for text in said[1:]] == [
        "12 forward and 10 backward",
        "1 forward and 1 backward",
        "18 forward and 0 backward",
        "18 forward and 0 backward",
    ]


def test_an_altered_method_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    path = integrated_gradients.integrated_gradients
    monkeypatch.setattr(
        integrated_gradients, "integrated_gradients", lambda *given: 1.01 * path(*given)
    )
    sizes = methods.Sizes(smoothgrad=1, lime=2, steps=2, batches=(1,))
    rows = methods.rows(Bench(Pack(EMBEDDED), methods.SEED), 9, sizes)
    altered = next(row for row in rows if row.work.startswith("integrated"))
    with pytest.raises(AssertionError, match="of their size apart"):
        compare(altered, 1)


def test_runs_that_differ_in_a_number_are_not_the_same() -> None:
    question = {"id": "q01", "seconds": 1.0, "draws": 3}
    ours = quiz.Ran(1.0, [question])
    assert quiz.same(ours, quiz.Ran(2.0, [question | {"seconds": 2.0}]))
    with pytest.raises(AssertionError, match="q01 draws: 3 against 4"):
        quiz.same(ours, quiz.Ran(1.0, [question | {"draws": 4}]))
