from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import numpy as np
import pytest
import torch
from lime.lime_image import LimeImageExplainer
from numpy.typing import NDArray
from skimage.segmentation import slic
from torch import Tensor, nn

from quizproof.probes.methods.lime_explanation import (
    Explanation,
    ExplanationError,
    explain,
    mean_colours,
    overlay,
    stream_after,
    superpixels,
)

SIDE = 32


def noise(seed: int) -> Tensor:
    return torch.rand(3, SIDE, SIDE, generator=torch.Generator().manual_seed(seed))


def grainy_patches(seed: int) -> Tensor:
    """A picture that SLIC cuts into a few dozen superpixels; of noise it makes a handful."""
    patches = noise(seed)[None, :, :6, :6]
    smooth = torch.nn.functional.interpolate(patches, size=(SIDE, SIDE), mode="bilinear")[0]
    return 0.8 * smooth + 0.2 * noise(seed + 1000)


def cut(picture: Tensor, asked: int) -> NDArray[np.int64]:
    return superpixels(picture.permute(1, 2, 0).double().numpy(), asked)


def small_network() -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        net = nn.Sequential(
            nn.Conv2d(3, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(64, 5)
        )
    return net.requires_grad_(False).eval()


def as_the_package_does_it(
    logits: Callable[[Tensor], Tensor],
    picture: Tensor,
    label: int,
    seed: int | None,
    samples: int,
    explainer: type[LimeImageExplainer] = LimeImageExplainer,
) -> NDArray[np.float64]:
    """The weights from the package's own loop, nothing of ours between."""

    def classify(copies: NDArray[np.float64]) -> NDArray[np.float32]:
        return logits(torch.from_numpy(copies).float().permute(0, 3, 1, 2)).numpy()

    found = explainer(random_state=seed).explain_instance(
        picture.permute(1, 2, 0).double().numpy(),
        classify,
        labels=(label,),
        top_labels=None,
        num_samples=samples,
        segmentation_fn=lambda image: slic(
            image, n_segments=60, compactness=1, sigma=1, start_label=0
        ),
    )
    weights = np.empty(len(found.local_exp[label]))
    for number, weight in found.local_exp[label]:
        weights[number] = weight
    return weights


def test_equal_to_the_package_called_directly(capfd: pytest.CaptureFixture[str]) -> None:
    net, picture = small_network(), grainy_patches(0)
    ours = explain(net, picture, 2, cut(picture, 60), seed=7, samples=150)
    assert capfd.readouterr() == ("", "")  # no progress bar of the package's
    theirs = as_the_package_does_it(net, picture, 2, 7, 150)
    assert np.ptp(theirs) > 1e-3
    np.testing.assert_allclose(ours.weights, theirs, rtol=0, atol=1e-6)


class Watched(LimeImageExplainer):  # type: ignore[misc]  # the package has no types
    """The package's explainer, and what it switched on."""

    on: ClassVar[list[NDArray[np.int64]]] = []

    def data_labels(self, *arguments: Any, **named: Any) -> Any:
        data, labels = super().data_labels(*arguments, **named)
        self.on.append(data)
        return data, labels


@pytest.fixture
def global_stream() -> Iterator[None]:
    """numpy's global stream, put back after the test."""
    before = np.random.get_state()
    yield
    np.random.set_state(before)


def test_the_notebooks_loop_is_replayed_without_a_pass(
    global_stream: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its stream is numpy's global one, seeded once: every picture comes after those before it."""
    net, pictures = small_network(), [grainy_patches(seed) for seed in range(4)]
    monkeypatch.setattr(Watched, "on", [])
    np.random.seed(16)
    theirs = [as_the_package_does_it(net, p, 2, None, 150, Watched) for p in pictures]
    counts = [len(weights) for weights in theirs]
    assert len(set(counts)) > 1  # so that what a picture takes of the stream is its own number
    for place, picture in enumerate(pictures):
        stream = stream_after(counts[:place], 150)
        copies: list[Tensor] = []
        seen = net.register_forward_pre_hook(lambda _, given, copies=copies: copies.append(*given))
        ours = explain(net, picture, 2, cut(picture, 60), seed=stream, samples=150)
        seen.remove()
        np.testing.assert_allclose(ours.weights, theirs[place], rtol=0, atol=1e-6)
        assert shown(torch.cat(copies), ours) == Watched.on[place].astype(bool).tolist()
        # what it leaves is where the next picture begins
        following = stream_after(counts[: place + 1], 150)
        assert stream.randint(0, 1 << 30) == following.randint(0, 1 << 30)


def shown(copies: Tensor, explanation: Explanation) -> list[list[bool]]:
    """Which superpixels each copy shows, told from its pixels."""
    same = (copies.permute(0, 2, 3, 1).numpy() == explanation.picture.astype(np.float32)).all(-1)
    numbers = range(int(explanation.segments.max()) + 1)
    return [[bool(row[explanation.segments == k].all()) for k in numbers] for row in same]


def test_a_superpixel_is_hidden_by_its_mean_colour() -> None:
    picture = grainy_patches(2).permute(1, 2, 0).double().numpy()
    segments = cut(grainy_patches(2), 30)
    hidden = mean_colours(picture, segments)
    for number in range(int(segments.max()) + 1):
        there = segments == number
        np.testing.assert_allclose(hidden[there], np.tile(picture[there].mean(0), (there.sum(), 1)))


def test_the_batch_changes_nothing() -> None:
    net, picture = small_network(), grainy_patches(1)
    weights = [
        explain(net, picture, 0, cut(picture, 40), seed=5, samples=50, batch=batch).weights
        for batch in (1, 7, 64)
    ]
    np.testing.assert_allclose(weights[0], weights[1], rtol=0, atol=1e-6)
    np.testing.assert_allclose(weights[0], weights[2], rtol=0, atol=1e-6)


def test_the_same_twice_and_another_with_another_seed() -> None:
    net, picture = small_network(), grainy_patches(1)
    first, again, other = (
        explain(net, picture, 0, cut(picture, 40), seed=seed, samples=80).weights
        for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)


def test_the_global_generators_are_left_alone() -> None:
    numpy_before, torch_before = str(np.random.get_state()), torch.get_rng_state()
    picture = grainy_patches(1)
    explain(small_network(), picture, 0, cut(picture, 20), seed=5, samples=40)
    assert str(np.random.get_state()) == numpy_before
    assert torch.equal(torch.get_rng_state(), torch_before)


@pytest.mark.parametrize("seed", range(4))
def test_the_effects_of_a_linear_model_are_found(seed: int) -> None:
    """The first and the last superpixel's too: none is numbered past."""
    picture = grainy_patches(seed)
    array = picture.permute(1, 2, 0).numpy()
    segments = cut(picture, 30)
    assert sorted(np.unique(segments)) == list(range(segments.max() + 1))
    slopes = noise(seed + 100).permute(1, 2, 0).numpy() - 0.5
    effects = np.array(
        [
            (slopes[segments == k] * (array[segments == k] - array[segments == k].mean(0))).sum()
            for k in range(segments.max() + 1)
        ]
    )
    flat = torch.from_numpy(slopes).permute(2, 0, 1).flatten()
    found = explain(
        lambda x: torch.stack([0 * x.flatten(1) @ flat, x.flatten(1) @ flat], 1),
        picture,
        1,
        segments,
        seed=seed,
        samples=600,
    )
    # the ridge's α = 1 shrinks weights by a few hundredths at 600 samples
    np.testing.assert_allclose(found.weights, effects, rtol=0.1, atol=0.02 * np.ptp(effects))
    assert abs(effects[0]) > 0
    assert found.weights[0] != 0
    assert found.weights[-1] != 0


def test_the_network_sees_each_copy_once_and_the_whole_picture_first() -> None:
    seen: list[Tensor] = []

    def watch(copies: Tensor) -> Tensor:
        seen.append(copies.clone())
        return copies.mean((2, 3))

    picture = grainy_patches(2)
    explain(watch, picture, 0, cut(picture, 20), seed=0, samples=70)
    copies = torch.cat(seen)
    assert copies.shape == (70, 3, SIDE, SIDE)
    assert torch.equal(copies[0], picture)
    assert copies.dtype == torch.float32


def test_what_has_nothing_to_explain_is_named() -> None:
    grey = torch.tensor([0.5, 0.2, 0.9])[:, None, None].expand(3, SIDE, SIDE)
    with pytest.raises(ExplanationError, match="has one colour"):
        explain(small_network(), grey, 0, cut(grey, 20), seed=0, samples=40)
    picture = grainy_patches(0)
    one = np.zeros((SIDE, SIDE), np.int64)
    with pytest.raises(ExplanationError, match="one superpixel"):
        explain(small_network(), picture, 0, one, seed=0, samples=40)
    with pytest.raises(ExplanationError, match="that is explained is 0 whichever"):
        explain(lambda x: 0 * x.mean((2, 3)), picture, 1, cut(picture, 20), seed=0, samples=40)


def test_two_superpixels_can_be_explained() -> None:
    picture = grainy_patches(0)
    halves = np.repeat([0, 1], SIDE // 2)[None].repeat(SIDE, 0)
    found = explain(small_network(), picture, 1, halves, seed=0, samples=40)
    assert found.weights.all()


def test_logits_that_are_not_finite_are_named() -> None:
    picture = grainy_patches(0)
    with pytest.raises(ExplanationError, match="not finite"):
        explain(lambda x: x.mean((2, 3)) / 0, picture, 0, cut(picture, 20), seed=0, samples=40)


def strips(*weights: float) -> Explanation:
    """A grey picture of one vertical strip for each weight."""
    segments = np.tile(np.arange(len(weights)), (4, 1))
    return Explanation(np.full((4, len(weights), 3), 0.5), segments, np.array(weights))


def test_positive_is_green_negative_red_small_ones_are_left_out() -> None:
    painted = overlay(strips(0.3, -0.2, 0.05, 0.049, -0.01, 0.0), painted=11, least_weight=0.05)
    assert painted.colours[0].tolist() == [1, -1, 1, 0, 0, 0]
    # the package raises a channel to the largest value in the picture, here that of all: no change
    np.testing.assert_array_equal(painted.image, 0.5)


def test_the_largest_are_taken_before_the_small_ones_are_dropped() -> None:
    painted = overlay(strips(0.1, -0.5, 0.3, 0.2), painted=2, least_weight=0.25)
    assert painted.colours[0].tolist() == [0, -1, 1, 0]


def test_paint_is_put_on_the_colour_channel() -> None:
    explanation = strips(1, -1, 0)
    explanation.picture[0, 0] = 0.9
    image = overlay(explanation).image
    np.testing.assert_allclose(image[1], [[0.5, 0.9, 0.5], [0.9, 0.5, 0.5], [0.5, 0.5, 0.5]])
    np.testing.assert_allclose(explanation.picture[1], 0.5)  # not painted over
