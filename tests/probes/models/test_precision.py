"""What is measured is rounded as IEEE float32, and a caller's torch is afterwards as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from quizproof.probes.catalogue import catalogue
from quizproof.probes.engine.collect import collect
from quizproof.probes.engine.evidence import key
from quizproof.probes.engine.evidence.key import evidence_key, this_machine
from quizproof.probes.models import precision
from quizproof.probes.models.classifiers import random_classifier
from quizproof.probes.models.precision import ieee_float32
from quizproof.probes.packs.pack import EMBEDDED, Pack
from tests.planted import SIDE, bench, planted_pack, question
from tests.probes.picture.painted import Painted

CPU = torch.device("cpu")
LIBRARIES: Any = torch.backends
NEW = hasattr(LIBRARIES.cudnn, "conv")
OPERATIONS = precision._OPERATIONS

needs_new = pytest.mark.skipif(not NEW, reason="a torch that names a precision of each operation")


def precisions() -> list[str]:
    """Of each operation, where torch has it."""
    return [getattr(getattr(LIBRARIES, of), name).fp32_precision for of, name in OPERATIONS]


def settings() -> dict[str, Any]:
    """All that torch says of precision, by either interface; None where it refuses to say."""
    ways: dict[str, Callable[[], Any]] = {
        "products": torch.get_float32_matmul_precision,
        "cuda": lambda: LIBRARIES.cuda.matmul.allow_tf32,
        "cudnn": lambda: LIBRARIES.cudnn.allow_tf32,
        "chosen": lambda: (LIBRARIES.cudnn.benchmark, LIBRARIES.cudnn.deterministic),
    }
    if NEW:
        ways["operations"] = precisions
        ways["generic"] = lambda: LIBRARIES.fp32_precision

    def said(way: Callable[[], Any]) -> Any:
        try:
            return way()
        except RuntimeError:
            return None

    return {name: said(way) for name, way in ways.items()}


def of_default() -> None:
    pass


def of_products() -> None:
    torch.set_float32_matmul_precision("medium")
    LIBRARIES.cudnn.allow_tf32 = True
    LIBRARIES.cudnn.benchmark = True


def of_operations() -> None:
    LIBRARIES.cuda.matmul.fp32_precision = "tf32"
    LIBRARIES.mkldnn.conv.fp32_precision = "bf16"
    LIBRARIES.cudnn.conv.fp32_precision = "ieee"


def of_everything() -> None:
    LIBRARIES.fp32_precision = "tf32"


CALLERS = [
    of_default,
    of_products,
    pytest.param(of_operations, marks=needs_new),
    pytest.param(of_everything, marks=needs_new),
]


@pytest.fixture(autouse=True)
def untouched() -> Iterator[None]:
    """Whatever a test sets, the next one has torch as it comes."""
    before = settings()
    yield
    LIBRARIES.cudnn.benchmark, LIBRARIES.cudnn.deterministic = before["chosen"]
    if NEW:
        LIBRARIES.fp32_precision = "none"
    torch.set_float32_matmul_precision("highest")
    LIBRARIES.cudnn.allow_tf32 = before["cudnn"]
    if NEW:
        for (of, name), was in zip(OPERATIONS, before["operations"], strict=True):
            getattr(getattr(LIBRARIES, of), name).fp32_precision = was
    assert settings() == before


@pytest.mark.parametrize("caller", CALLERS)
def test_within_it_all_is_precise_and_afterwards_as_it_was(caller: Callable[[], None]) -> None:
    caller()
    before = settings()
    with ieee_float32():
        if NEW:
            assert set(precisions()) == {"ieee"}
        else:
            assert (settings()["products"], settings()["cudnn"]) == ("highest", False)
        assert settings()["chosen"] == (False, True)
    assert settings() == before
    with pytest.raises(ZeroDivisionError), ieee_float32():
        1 / 0  # noqa: B018
    assert settings() == before


@pytest.mark.parametrize("caller", [of_default, of_products])
def test_a_torch_without_precisions_of_operations_is_set_by_what_it_has(
    monkeypatch: pytest.MonkeyPatch, caller: Callable[[], None]
) -> None:
    monkeypatch.setattr(precision, "_by_operation", precision._by_library)
    caller()
    before = settings()
    with ieee_float32():
        inside = settings()
        assert (inside["products"], inside["cuda"], inside["cudnn"]) == ("highest", False, False)
    after = settings()
    assert {n: after[n] for n in ("products", "cuda", "cudnn", "chosen")} == {
        n: before[n] for n in ("products", "cuda", "cudnn", "chosen")
    }


@needs_new
def test_what_was_inherited_follows_what_it_is_inherited_from() -> None:
    of_everything()
    assert LIBRARIES.mkldnn.conv.fp32_precision == "tf32"
    with ieee_float32():
        pass
    LIBRARIES.fp32_precision = "ieee"
    assert LIBRARIES.mkldnn.conv.fp32_precision == "ieee"


@pytest.mark.parametrize("caller", CALLERS)
def test_measuring_is_precise_whatever_the_caller_allows(
    tmp_path: Path, caller: Callable[[], None]
) -> None:
    seen = []

    class Noting(Painted):
        def forward(self, pictures: Tensor) -> Tensor:
            seen.append(
                set(precisions())
                if NEW
                else {torch.get_float32_matmul_precision(), LIBRARIES.cudnn.allow_tf32}
            )
            return super().forward(pictures)

    caller()
    before = settings()
    paint = np.random.default_rng(0).random((SIDE, SIDE))
    pack = planted_pack(tmp_path, [np.full((SIDE, SIDE, 3), 0.5, np.float32)], [])
    collect(question("q07"), catalogue()["saliency.derivative"], bench(pack, Noting(paint)))
    assert seen
    assert all(noted == ({"ieee"} if NEW else {"highest", False}) for noted in seen)
    assert settings() == before


def test_a_randomised_network_is_made_precisely(monkeypatch: pytest.MonkeyPatch) -> None:
    of_products()
    seen = []
    monkeypatch.setattr(
        "quizproof.probes.models.classifiers.settle_normalisation",
        lambda *_: seen.append(set(precisions()) if NEW else settings()["cudnn"]),
    )
    random_classifier(Pack(EMBEDDED).part("classifier"), 0, CPU)
    assert seen == [{"ieee"} if NEW else False]


def test_evidence_of_another_precision_is_not_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    probe = catalogue()["saliency.derivative"]

    def named() -> str:
        return evidence_key(
            probe, {}, Pack(EMBEDDED), randomized=None, seed=16, made_with=this_machine()
        )

    one = named()
    monkeypatch.setattr(key, "PRECISION", "TensorFloat-32")
    assert named() != one
