from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.models import pace as pace_module
from quizproof.probes.models.pace import Pace, kept_pace, measured_pace

CPU = torch.device("cpu")
SIZE = (8, 8)


def net(width: int = 2) -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, width, 3), nn.Flatten(), nn.Linear(width * 36, 2)).eval()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QUIZPROOF_STORE", str(tmp_path / "store"))
    return tmp_path / "store"


@pytest.fixture
def measurements(monkeypatch: pytest.MonkeyPatch) -> list[Pace]:
    """Every measurement that was made; they say 4 and 8."""
    made: list[Pace] = []

    def measured(*_: object) -> Pace:
        made.append(Pace(4, 8, channels_last=False))
        return made[-1]

    monkeypatch.setattr(pace_module, "measured_pace", measured)
    return made


def test_it_is_measured_once_and_kept(folder: Path, measurements: list[Pace]) -> None:
    paces = [kept_pace(net(), SIZE, CPU) for _ in range(3)]
    assert paces == [Pace(4, 8, channels_last=False)] * 3
    assert len(measurements) == 1
    [file] = folder.iterdir()
    assert json.loads(file.read_text()) == {"forward": 4, "backward": 8, "channels_last": False}


def test_another_network_or_size_has_another(folder: Path, measurements: list[Pace]) -> None:
    for width, size in ((2, (8, 8)), (3, (8, 8)), (2, (9, 9))):
        kept_pace(net(width), size, CPU)
    assert len(measurements) == 3
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)  # other weights are the same network to it
        kept_pace(net(), SIZE, CPU)
    assert len(measurements) == 3


@pytest.mark.parametrize("content", ["", "{", "[]", '{"forward": 0, "backward": 2}', "{}x"])
def test_what_is_damaged_is_measured_again(
    folder: Path, measurements: list[Pace], content: str
) -> None:
    kept_pace(net(), SIZE, CPU)
    [file] = folder.iterdir()
    file.write_text(content)
    assert kept_pace(net(), SIZE, CPU).forward == 4
    assert len(measurements) == 2
    assert json.loads(file.read_text())["forward"] == 4


def test_a_place_that_keeps_nothing_costs_a_measurement_each_time(
    folder: Path, measurements: list[Pace]
) -> None:
    folder.write_text("a file, no folder")
    assert kept_pace(net(), SIZE, CPU) == kept_pace(net(), SIZE, CPU)
    assert len(measurements) == 2


def test_the_batch_of_the_least_time_a_picture_is_found() -> None:
    class Steps(nn.Module):
        """One that is fastest with batches of 4, by far."""

        def forward(self, pictures: Tensor) -> Tensor:
            for _ in range(1 if len(pictures) == 4 else 30 * len(pictures)):
                pictures = pictures * 1.01
            return pictures.flatten(1)[:, :2]

    found = measured_pace(Steps(), (32, 32), CPU)
    assert (found.forward, found.backward) == (4, 4)


def test_the_global_generator_is_left_alone() -> None:
    network, before = net(), torch.get_rng_state()
    measured_pace(network, SIZE, CPU)
    assert torch.equal(torch.get_rng_state(), before)
