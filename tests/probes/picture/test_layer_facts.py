"""Facts of layers: by hand, and receptive fields by the gradients of networks without zeros."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from quizproof.probes.bench import Bench
from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from tests.planted import bench, planted_pack

SIDE = 64


class Ways(nn.Module):
    """Two ways of unlike windows, padded by hand, that meet and are multiplied."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(4)
        self.long = nn.Conv2d(4, 4, 5, dilation=2, groups=4)
        self.short = nn.Conv2d(4, 4, 1)
        self.pool = nn.AvgPool2d(2)
        self.act = nn.ReLU6(inplace=True)
        self.last = nn.Conv2d(4, 6, 3, padding=1, padding_mode="circular")
        self.gate = nn.AdaptiveAvgPool2d(1)
        self.squeeze = nn.Conv2d(6, 6, 1)
        self.gated = nn.Identity()
        self.head = nn.Linear(6, 11)

    def forward(self, pictures: Tensor) -> Tensor:
        stem = self.act(self.norm(self.stem(pictures)))
        long = self.long(functional.pad(stem, (4, 4, 4, 4)))
        met = self.last(self.pool(long + self.short(stem)))
        gated: Tensor = self.head(self.gated(self.squeeze(self.gate(met)) * met).mean((2, 3)))
        return gated


def world(folder: Path, net: nn.Module) -> Bench:
    return bench(planted_pack(folder, []), net, size=(SIDE, SIDE))


def facts(folder: Path, net: nn.Module, layer: str) -> dict[str, object]:
    [draw] = draws_of("layer.facts", world(folder, net), layer=layer)
    return dict(draw.values)


def by_gradients(net: nn.Module, layer: str) -> int:
    """How many pixels across the middle output of ``layer`` depends on, all weights positive."""
    for each in net.parameters():
        each.data = each.data.abs() + 0.1
    seen: list[Tensor] = []
    net.get_submodule(layer).register_forward_hook(lambda m, i, output: seen.append(output))
    picture = torch.full((1, 3, SIDE, SIDE), 1e-4, requires_grad=True)
    net.double()(picture.double())
    maps = seen[-1]
    height, width = maps.shape[-2:]
    [gradient] = torch.autograd.grad(maps[0, 0, height // 2, width // 2], picture)
    columns = gradient.abs().sum(dim=(0, 1, 2)).nonzero().flatten()
    return int(columns.max() - columns.min() + 1)


@pytest.mark.parametrize(
    ("layer", "field", "stride", "shape", "parameters"),
    [
        ("stem", 3, 2, (4, 32, 32), 4 * 3 * 9),
        ("norm", 3, 2, (4, 32, 32), 8),
        ("short", 3, 2, (4, 32, 32), 4 * 4 + 4),
        ("long", 3 + 4 * 2 * 2, 2, (4, 32, 32), 4 * 25 + 4),
        ("pool", 19 + 2, 4, (4, 16, 16), 0),
        ("last", 21 + 2 * 4, 4, (6, 16, 16), 6 * 4 * 9 + 6),
    ],
)
def test_a_window_grows_as_by_hand_and_as_gradients_have_it(
    tmp_path: Path, layer: str, field: int, stride: int, shape: tuple[int, ...], parameters: int
) -> None:
    found = facts(tmp_path, Ways(), layer)
    assert found["receptive_field"] == found["window"] == field
    assert found["stride"] == stride
    assert (found["channels"], found["height"], found["width"]) == shape
    assert found["parameters"] == parameters
    assert found["type"] == type(Ways().get_submodule(layer)).__name__
    assert by_gradients(Ways().eval(), layer) == field


@pytest.mark.parametrize(
    ("layer", "channels"), [("gate", 6), ("squeeze", 6), ("gated", 6), ("head", 11)]
)
def test_behind_a_global_mean_all_is_seen(tmp_path: Path, layer: str, channels: int) -> None:
    [draw] = draws_of("layer.facts", world(tmp_path, Ways()), layer=layer)
    assert draw.values["receptive_field"] == SIDE
    assert draw.values["window"] == 2 * SIDE - 1
    assert draw.values["stride"] == SIDE
    assert draw.values["channels"] == channels
    assert draw.unsure is None


def test_of_a_picture_at_most_all_of_it_is_seen(tmp_path: Path) -> None:
    """A window that reaches over the padding is wider than the picture."""
    wide = nn.Conv2d(3, 2, 9, stride=16, dilation=16, padding=64)
    net = nn.Sequential(wide, nn.Flatten(), nn.Linear(2 * 4 * 4, 11))
    of_map, of_all = (facts(tmp_path / layer, net, layer) for layer in ("0", "2"))
    assert (of_map["receptive_field"], of_map["window"], of_map["stride"]) == (SIDE, 129, 16)
    assert (of_all["receptive_field"], of_all["stride"]) == (SIDE, SIDE)
    assert of_all["height"] == of_all["width"] == 1


class Attends(nn.Module):
    """Every place looks at every other, by a product that nothing is known of."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 11, 8, stride=8)
        self.after = nn.ReLU()
        self.never = nn.ReLU()

    def forward(self, pictures: Tensor) -> Tensor:
        stem = self.stem(pictures).flatten(2)
        attended = torch.bmm((stem.transpose(1, 2) @ stem).softmax(2), stem.transpose(1, 2))
        maps: Tensor = self.after(attended.transpose(1, 2).view(len(pictures), 11, 8, 8))
        return maps.mean(dim=(2, 3))


def test_what_is_not_known_to_have_a_window_is_open(tmp_path: Path) -> None:
    [draw] = draws_of("layer.facts", world(tmp_path, Attends()), layer="after")
    assert draw.unsure is not None
    bounds = {name: draw.unsure.within[name] for name in ("receptive_field", "window")}
    assert bounds == {"receptive_field": (1, SIDE), "window": (1, 2 * SIDE - 1)}


def test_what_comes_before_it_is_sure(tmp_path: Path) -> None:
    [stem] = draws_of("layer.facts", world(tmp_path, Attends()), layer="stem")
    assert stem.unsure is None
    assert stem.values["receptive_field"] == 8


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("stemm", "has no layer stemm; did you mean stem?"),
        ("never", "layer never gives no tensor in a pass"),
    ],
)
def test_a_layer_that_gives_nothing_is_told(tmp_path: Path, layer: str, said: str) -> None:
    with pytest.raises(QuizproofError, match=said.replace("?", r"\?")):
        facts(tmp_path, Attends(), layer)
