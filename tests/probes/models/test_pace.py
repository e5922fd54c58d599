"""The pace of a network follows from what it is, and from nothing that changes from day to day."""

from __future__ import annotations

import time

import pytest
import torch
from torch import nn

from quizproof.probes.models.classifiers import load_classifier, random_classifier
from quizproof.probes.models.pace import Pace, outputs_sizes, pace_for
from quizproof.probes.packs.course import course_network
from quizproof.probes.packs.pack import EMBEDDED, Pack

CPU, GPU = torch.device("cpu"), torch.device("cuda")
FULL = 128 * 128 * 128  # numbers of the course's first layers, of a picture


def test_a_network_s_largest_output_is_found_in_one_pass() -> None:
    net = course_network(2).eval()
    with torch.no_grad(), outputs_sizes(net) as sizes:
        net(torch.rand(1, 3, 128, 128))
    assert max(sizes) == 2 * 128 * 128
    assert not any(module._forward_hooks for module in net.modules())


def test_no_hook_is_left_where_the_pass_fails() -> None:
    net = nn.Sequential(nn.Linear(2, 2))
    with pytest.raises(RuntimeError), outputs_sizes(net):
        net(torch.rand(1, 3))
    assert not any(module._forward_hooks for module in net.modules())


def test_few_pictures_at_once_where_they_are_large() -> None:
    sizes = (FULL // 16, FULL, 4 * FULL, 100 * FULL)
    assert [pace_for([n], CPU).pictures for n in sizes] == [16, 16, 4, 1]
    assert pace_for([FULL], GPU).pictures == 64


def test_few_pictures_at_once_where_their_layers_are_many() -> None:
    assert [pace_for([FULL] * n, CPU).pictures for n in (4, 16, 32, 100)] == [16, 4, 2, 1]
    assert pace_for([FULL] * 100, GPU).pictures == 10


@pytest.mark.parametrize("device", [CPU, GPU])
def test_the_layout_follows_from_the_device(device: torch.device) -> None:
    layout = pace_for([FULL], device).layout
    assert layout == (torch.channels_last if device == CPU else torch.contiguous_format)


def test_no_clock_has_a_say(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_clock() -> float:
        raise AssertionError("the pace of a network was timed")

    for name in ("perf_counter", "monotonic", "process_time"):
        monkeypatch.setattr(time, name, no_clock)
    pack = Pack(EMBEDDED)
    assert (
        load_classifier(pack.part("classifier"), CPU).pace
        == random_classifier(pack.part("classifier"), 0, CPU).pace
        == Pace()
    )
