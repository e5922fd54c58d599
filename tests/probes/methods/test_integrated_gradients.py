from __future__ import annotations

from pathlib import Path

import pytest
import torch
from captum.attr import IntegratedGradients
from torch import Tensor, nn

from quizproof.probes.methods.integrated_gradients import (
    PathError,
    averaged_gradients,
    averaged_gradients_of,
    images_on_linear_path,
    integrated_gradients,
)
from quizproof.probes.models.classifiers import Classifier
from tests.planted import bench, planted_classifier, planted_pack, view


def random_numbers(*shape: int, seed: int) -> Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


class Smooth(nn.Module):
    """Logit k is Σ wₖ x³: its integrated gradients are wₖ (x³ − baseline³) where x' = 0."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = nn.Parameter(random_numbers(2, 3, 8, 8, seed=0) - 0.5)

    def forward(self, pictures: Tensor) -> Tensor:
        return torch.einsum("nchw,kchw->nk", pictures**3, self.weights)


@pytest.fixture
def smooth() -> Classifier:
    return planted_classifier(Smooth(), size=(8, 8), classes=2)


@pytest.fixture
def random_network() -> Classifier:
    with torch.random.fork_rng():
        torch.manual_seed(3)
        net = nn.Sequential(
            nn.Conv2d(3, 4, 3, padding=1),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(4, 4, 3, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(4 * 8 * 8, 11),
        )
    return planted_classifier(net.double(), size=(16, 16))


def test_the_path_starts_at_the_baseline_and_stops_a_step_before_the_picture() -> None:
    picture = random_numbers(3, 4, 4, seed=0)
    samples = images_on_linear_path(picture, 4)
    expected = torch.stack([picture * share for share in (0, 0.25, 0.5, 0.75)])
    torch.testing.assert_close(samples, expected)


def test_the_path_from_another_baseline() -> None:
    picture, baseline = random_numbers(3, 4, 4, seed=0), random_numbers(3, 4, 4, seed=1)
    samples = images_on_linear_path(picture, 2, baseline)
    torch.testing.assert_close(samples, torch.stack([baseline, (baseline + picture) / 2]))


@pytest.mark.parametrize(("steps", "baseline"), [(0, None), (-1, None), (2, torch.zeros(1))])
def test_no_path(steps: int, baseline: Tensor | None) -> None:
    with pytest.raises(PathError, match="path"):
        images_on_linear_path(random_numbers(3, 4, 4, seed=0), steps, baseline)


@pytest.mark.parametrize("with_baseline", [False, True])
def test_the_papers_are_captums(random_network: Classifier, with_baseline: bool) -> None:
    picture = random_numbers(3, 16, 16, seed=4).double()
    baseline = random_numbers(3, 16, 16, seed=5).double() if with_baseline else None
    theirs = IntegratedGradients(random_network).attribute(
        picture[None],
        baselines=None if baseline is None else baseline[None],
        target=7,
        n_steps=34,
        method="riemann_left",
    )[0]
    ours = integrated_gradients(random_network, picture, 7, steps=34, baseline=baseline)
    assert theirs.abs().max() > 0
    torch.testing.assert_close(ours, theirs, rtol=1e-6, atol=1e-6 * float(theirs.abs().max()))


def test_on_a_cubic_model_they_are_the_integral_on_paper(smooth: Classifier) -> None:
    picture = random_numbers(3, 8, 8, seed=6)
    weights = smooth.net.weights[1]  # type: ignore[index]
    ours = integrated_gradients(smooth, picture, 1, steps=1000)
    torch.testing.assert_close(ours, weights * picture**3, rtol=2e-3, atol=1e-5)


def test_completeness_on_a_random_network(random_network: Classifier) -> None:
    picture = random_numbers(3, 16, 16, seed=8).double()
    logits = random_network(torch.stack([torch.zeros_like(picture), picture]))[:, 2]
    difference = float(logits[1] - logits[0])
    ours = integrated_gradients(random_network, picture, 2, steps=1000)
    assert abs(float(ours.sum()) - difference) < 1e-3 * float(ours.abs().sum())
    assert abs(difference) > 1e-2 * float(ours.abs().sum())


def test_the_notebooks_times_the_difference_to_the_baseline_are_the_papers(
    smooth: Classifier,
) -> None:
    picture, baseline = random_numbers(3, 8, 8, seed=9), random_numbers(3, 8, 8, seed=10)
    notebooks = averaged_gradients(smooth, picture, 0, 10, baseline)
    papers = integrated_gradients(smooth, picture, 0, 10, baseline)
    torch.testing.assert_close(notebooks * (picture - baseline), papers)


def test_the_notebooks_are_the_mean_gradient_of_the_logit_on_the_path(smooth: Classifier) -> None:
    picture = random_numbers(3, 8, 8, seed=11)
    weights = smooth.net.weights[1]  # type: ignore[index]
    by_hand = sum(3 * weights * (picture * k / 10) ** 2 for k in range(10)) / 10
    torch.testing.assert_close(averaged_gradients(smooth, picture, 1), by_hand)


def test_passes_are_counted_once_for_each_sample(smooth: Classifier) -> None:
    averaged_gradients(smooth, random_numbers(3, 8, 8, seed=0), 0, steps=70)
    assert (smooth.passes.forward, smooth.passes.backward) == (70, 70)


def test_a_picture_of_the_pack_is_walked_to_once(tmp_path: Path) -> None:
    picture = random_numbers(8, 8, 3, seed=0).numpy()
    world = bench(planted_pack(tmp_path, [picture], [], [1]), Smooth(), size=(8, 8), classes=2)
    first = averaged_gradients_of(view(world), 0, 10)
    torch.testing.assert_close(
        first,
        averaged_gradients(world.part("classifier"), view(world).picture(0), label=1, steps=10),
    )
    passes = world.part("classifier").passes.forward
    assert averaged_gradients_of(view(world), 0, 10) is first
    assert world.part("classifier").passes.forward == passes
    assert not torch.equal(averaged_gradients_of(view(world), 0, 20), first)
