from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quizproof.probes.bench import Bench
from quizproof.probes.testing import draws_of
from tests.probes.picture import attributed
from tests.probes.picture.attributed import SALIENCY

PATH = {
    "name": "integrated_gradients",
    "output": "logit",
    "steps": 300,
    "rule": "middle",
    "baseline": "white",
    "times_difference": True,
    "colours": "sum",
}
SHAP = {
    "name": "kernel_shap",
    "output": "logit",
    "samples": 40,
    "segments": {"name": "grid", "rows": 2, "columns": 2},
    "fill": "white",
    "pixels": "part",
}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return attributed.bench(tmp_path, net=attributed.network())


def measured(bench: Bench, method: Any, output: str) -> Any:
    asked = {"picture": 0, "method": method, "baseline": "white", "output": output}
    [draw] = draws_of("attribution.total", bench, **asked)
    return draw.values


@pytest.mark.parametrize(
    ("method", "output"),
    [
        (PATH, "logit"),
        ({"name": "deeplift", "baseline": "white", "colours": "sum"}, "logit"),
        (SHAP, "logit"),
    ],
)
def test_a_complete_method_adds_up_to_the_change(method: Any, output: str, bench: Bench) -> None:
    found = measured(bench, method, output)
    assert abs(found["change"]) > 1e-5
    assert found["gap"] < 1e-2 * abs(found["change"])
    assert found["total"] == pytest.approx(found["change"], rel=1e-2)


def test_a_gradient_does_not(bench: Bench) -> None:
    found = measured(bench, SALIENCY, "logit")
    assert found["gap"] > 0.1 * abs(found["change"])
