from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from torch import nn

from tests.planted import bench, found, planted_pack, question


class Planted(nn.Module):
    def __init__(self, seventh: nn.Module) -> None:
        super().__init__()
        self.cnn = nn.Sequential(*[nn.Identity() for _ in range(6)], seventh)


@pytest.mark.parametrize(
    ("option", "seventh"),
    [
        ("a", nn.Conv2d(3, 3, 3)),
        ("b", nn.BatchNorm2d(3)),
        ("c", nn.ReLU()),
        ("d", nn.MaxPool2d(2)),
        ("e", nn.Linear(3, 3)),
    ],
)
def test_q15_every_option_is_reachable(option: str, seventh: nn.Module, tmp_path: Path) -> None:
    pack = planted_pack(tmp_path, [np.zeros((32, 32, 3), np.float32)], [])
    assert found(question("q15"), bench(pack, Planted(seventh))) == {option}
