from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch

from quizproof.probes.bench import Bench
from quizproof.probes.methods import smoothgrad as method
from quizproof.probes.methods.localisation import NoMassError
from quizproof.probes.picture.smoothgrad_block import shown, smoothgrad_draw, smoothgrad_draws
from tests.planted import SIDE, bench, planted_pack, view
from tests.planted_loss import PlantedLoss


def _world(folder: Path, pictures: int = 1, weight: float = 1.0) -> Bench:
    generator = np.random.default_rng(0)
    made = [generator.random((SIDE, SIDE, 3), dtype=np.float32) for _ in range(pictures)]
    weights = torch.full((3, SIDE, SIDE), weight)
    return bench(planted_pack(folder, made, []), PlantedLoss(weights, weights))


@pytest.mark.parametrize("samples", [6, 7])
def test_a_draw_is_the_method_s_own_map_over_all_its_copies(samples: int, tmp_path: Path) -> None:
    world = _world(tmp_path)
    drawn = smoothgrad_draw(view(world), 0, samples=samples, noise="notebook", draw=3)
    generator = torch.Generator().manual_seed(world.draw_seed(3))
    whole = method.smoothgrad(
        world.part("classifier"),
        view(world).picture(0),
        view(world).label(0),
        samples=samples,
        noise="notebook",
        generator=generator,
    )
    assert drawn.map == pytest.approx(whole.numpy(), rel=1e-5)
    # the halves have no copy in common
    one, other = drawn.halves
    assert np.abs(one - other).max() > 0.01
    assert drawn.map == pytest.approx((samples // 2 * one + (samples + 1) // 2 * other) / samples)


def test_draws_and_pictures_have_noise_of_their_own_and_copies_are_shared(tmp_path: Path) -> None:
    world = _world(tmp_path, pictures=2)

    def drawn(picture: int, draw: int) -> bytes:
        found = smoothgrad_draw(view(world), picture, samples=4, noise="notebook", draw=draw)
        return found.map.tobytes()

    assert len({drawn(picture, draw) for picture in (0, 1) for draw in (0, 1)}) == 4
    made = world.part("classifier").passes.backward
    assert made == 4 * 4
    drawn(0, 1)
    assert world.part("classifier").passes.backward == made


def test_pictures_that_are_not_drawn_anew_are_kept(tmp_path: Path) -> None:
    world = _world(tmp_path, pictures=2)

    def maps(redrawn: list[int] | None) -> list[tuple[bytes, bytes]]:
        draws = smoothgrad_draws(view(world), [0, 1], samples=2, noise="notebook", redrawn=redrawn)
        return [(d[0].map.tobytes(), d[1].map.tobytes()) for d in islice(draws, 3)]

    anew, kept = maps(None), maps([1])
    assert len({of_first for of_first, _ in anew}) == 3
    assert {of_first for of_first, _ in kept} == {anew[0][0]}
    assert [of_second for _, of_second in kept] == [of_second for _, of_second in anew]


def test_a_map_of_zeros_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoMassError, match="picture 0 is zero in all of 2 noisy copies"):
        smoothgrad_draw(view(_world(tmp_path, weight=0)), 0, samples=2, noise="notebook", draw=0)


def test_it_is_shown_grey_from_its_least_to_its_greatest_value() -> None:
    channels = np.full((3, 4, 4), 2.0)
    channels[:, 1, 1] = 6, 4, 2
    grey = shown(channels)
    assert grey[1, 1] == pytest.approx(0.5)
    assert grey.sum() == pytest.approx(0.5)
    assert not shown(np.full((3, 4, 4), 2.0)).any()
