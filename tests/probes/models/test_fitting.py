from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor, nn

from quizproof.probes.models.architectures import ClassifierError
from quizproof.probes.models.fitting import fitted
from quizproof.probes.models.weights import Weights
from quizproof.questions.problems import shortened

FILE = Path("weights.pth")
PARTS = ("module", "model", "_orig_mod", "net", "cnn", "0", "module2")
PREFIXES = st.lists(st.sampled_from(PARTS) | st.text("ab_1", min_size=1), min_size=1, max_size=4)


def network() -> nn.Module:
    """One whose own names have parts that wrappers use, too, and do not all begin alike."""
    torch.manual_seed(0)
    net = nn.Module()
    net.cnn = nn.Sequential(nn.Conv2d(3, 2, 3), nn.BatchNorm2d(2))
    net.module = nn.Linear(2, 2)
    return net


OWN = network().state_dict()


def taken(state: dict[str, Tensor]) -> Weights:
    return fitted(Weights(state), OWN, FILE)


def refusal(state: dict[str, Tensor]) -> str:
    with pytest.raises(ClassifierError) as caught:
        taken(state)
    return str(caught.value)


def same(found: Weights) -> bool:
    return found.state.keys() == OWN.keys() and all(
        torch.equal(found.state[name], tensor) for name, tensor in OWN.items()
    )


@given(PREFIXES)
@example(["module", *["1" * 24] * 3])
def test_whatever_all_names_begin_with_is_left_out_and_said(parts: list[str]) -> None:
    prefix = "".join(f"{part}." for part in parts)
    found = taken({prefix + name: tensor for name, tensor in OWN.items()})
    assert same(found)
    told = shortened(prefix, 80)
    assert found.remarks == (f"weights.pth: all names begin with {told}, which is left out",)


def test_a_prefix_without_a_dot_is_one_too() -> None:
    assert same(taken({f"student_{name}": tensor for name, tensor in OWN.items()}))


def test_what_the_network_s_own_names_begin_with_stays() -> None:
    own = {f"module.{name}": tensor for name, tensor in OWN.items()}
    assert fitted(Weights(own), own, FILE) == Weights(own)
    doubled = {f"module.{name}": tensor for name, tensor in own.items()}
    assert fitted(Weights(doubled), own, FILE).state.keys() == own.keys()


def test_a_prefix_of_some_names_is_none() -> None:
    state = {("net." if "cnn" in name else "") + name: tensor for name, tensor in OWN.items()}
    said = refusal(state)
    assert "cnn.0.bias is missing" in said
    assert "all names begin" not in said


def test_what_does_not_fit_is_told_by_the_names_without_the_prefix() -> None:
    state = {f"module.{name}": tensor for name, tensor in OWN.items()}
    state["module.cnn.0.bias"] = torch.ones(9)
    said = refusal(state)
    assert "architecture: cnn.0.bias is (9,) of real numbers, not (2,) of real numbers (" in said
    assert "all names begin with module., which is left out" in said


@pytest.mark.parametrize("prefix", ["", "model.module."])
def test_counters_of_batches_may_be_absent(prefix: str) -> None:
    state = {prefix + n: t for n, t in OWN.items() if not n.endswith("num_batches_tracked")}
    assert len(state) < len(OWN)
    assert same(taken(state))


def test_counters_of_batches_may_have_gone_with_the_rest_into_another_precision() -> None:
    found = taken({name: tensor.half() for name, tensor in OWN.items()})
    assert {name: t.dtype for name, t in found.state.items()} == {
        name: t.dtype for name, t in OWN.items()
    }
    network().load_state_dict(found.state, assign=True)


def test_statistics_of_batches_may_not_be_absent() -> None:
    state = {name: tensor for name, tensor in OWN.items() if not name.endswith("running_mean")}
    assert "cnn.1.running_mean is missing" in refusal(state)


def test_counters_of_another_network_are_unexpected() -> None:
    assert "cnn.9.num_batches_tracked is unexpected" in refusal(
        {**OWN, "cnn.9.num_batches_tracked": torch.tensor(1)}
    )
