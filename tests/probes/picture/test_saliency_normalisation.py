from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.methods import saliency
from quizproof.probes.methods.localisation import NoMassError
from tests.planted import SIDE, bench, found, look, planted_pack, question


class Squared(nn.Module):
    """The logit of class 0 is a weighted mean, squared: a brighter picture has more gradient."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.register_buffer("paint", torch.rand((SIDE, SIDE), generator=generator))

    def forward(self, pictures: Tensor) -> Tensor:
        own = (pictures * self.get_buffer("paint")).mean(dim=(1, 2, 3)) ** 2
        return torch.stack([own, *[torch.zeros_like(own)] * 10], dim=1)


def world(folder: Path, brightness: tuple[float, ...] = (0.02, 0.2, 1.0), seed: int = 0) -> Bench:
    pictures = [np.full((SIDE, SIDE, 3), b, np.float32) for b in brightness]
    return bench(planted_pack(folder, pictures, []), Squared(seed))


def largest(maps: Tensor) -> Tensor:
    return maps.amax(dim=(1, 2), keepdim=True)


# those of options d and e keep the scale, so that nothing else is changed
NORMALISERS: dict[str, Callable[[Tensor], Tensor]] = {
    "a": lambda maps: maps,
    "b": saliency.normalise,
    "c": lambda maps: maps * largest(maps),
    "d": lambda maps: (maps * largest(maps)).sqrt(),
    "e": lambda maps: maps**3 / largest(maps) ** 2,
}


@pytest.mark.parametrize("option", NORMALISERS)
@pytest.mark.parametrize("seed", [0, 1])
def test_q08_every_option_is_reachable(
    option: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saliency, "normalise", NORMALISERS[option])
    assert found(question("q08"), world(tmp_path, seed=seed)) == {option}


def test_q08_equal_ranks_reduce_scale_and_even_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ranks(maps: Tensor) -> Tensor:
        return 1 + maps.flatten(1).argsort(1).argsort(1).view(maps.shape) / maps[0].numel()

    monkeypatch.setattr(saliency, "normalise", ranks)
    assert found(question("q08"), world(tmp_path)) == {"b", "d"}


def test_the_effect_of_scale_is_an_exponent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for exponent in (0.5, 1.0, 3.0):
        monkeypatch.setattr(saliency, "normalise", lambda maps, e=exponent: maps**e)
        measured = look(question("q08"), world(tmp_path / str(exponent))).measurements
        assert measured["effect_of_scale"].value == pytest.approx(exponent)
        before, after = measured["spread_before"].value, measured["spread_after"].value
        assert isinstance(before, float)
        assert after == pytest.approx(exponent * before)


def test_spread_is_in_factors_of_ten(tmp_path: Path) -> None:
    measured = look(question("q08"), world(tmp_path, (0.02, 0.2))).measurements
    assert measured["spread_before"].value == pytest.approx(1, abs=0.02)
    assert measured["spread_after"].value == 0


def test_a_map_that_normalising_leaves_empty_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saliency, "normalise", torch.zeros_like)
    with pytest.raises(NoMassError):
        look(question("q08"), world(tmp_path))
