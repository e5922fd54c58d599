from __future__ import annotations

import copy
import math

import pytest
import torch
from captum.attr import NoiseTunnel, Saliency
from torch import Tensor, nn
from torch.nn import functional

from quizproof.probes.methods.smoothgrad import (
    NoiseError,
    noise_sigma,
    noisy_copies,
    smoothgrad,
    smoothgrad_of_parts,
)
from quizproof.probes.models.classifiers import Classifier
from tests.planted import planted_classifier
from tests.planted_loss import GREY, PlantedLoss

SIDE = 8


def _generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _picture() -> Tensor:
    picture = torch.rand((3, SIDE, SIDE), generator=_generator(11))
    picture[0, 0, 0], picture[0, 0, 1] = 0.0, 1.0
    return picture


def _network() -> Classifier:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        net = nn.Sequential(
            nn.Conv2d(3, 4, 3), nn.Tanh(), nn.Flatten(), nn.Linear(4 * (SIDE - 2) ** 2, 5)
        )
    return planted_classifier(net, (SIDE, SIDE), 5)


def _planted(weight: Tensor, curve: Tensor) -> Classifier:
    return planted_classifier(PlantedLoss(weight, curve), (SIDE, SIDE))


def test_of_a_linear_loss_it_is_the_magnitude_of_the_weights() -> None:
    weight = torch.randn((3, SIDE, SIDE), generator=_generator(1))
    found = smoothgrad(
        _planted(weight, torch.zeros_like(weight)),
        _picture(),
        0,
        samples=3,
        noise="paper",
        generator=_generator(),
    )
    torch.testing.assert_close(found, weight.abs().double())


@pytest.mark.parametrize(("noise", "sigma"), [("notebook", 0.16), ("paper", 0.4)])
def test_of_a_quadratic_loss_it_is_the_mean_of_a_folded_normal(noise: str, sigma: float) -> None:
    curve = 1 + torch.rand((3, SIDE, SIDE), generator=_generator(2))
    picture, samples = _picture(), 1000
    found = smoothgrad(
        _planted(torch.zeros_like(curve), curve),
        picture,
        0,
        samples=samples,
        noise=noise,  # type: ignore[arg-type]
        generator=_generator(),
        batch=200,
    )
    x = picture.double() - GREY
    mean = sigma * math.sqrt(2 / math.pi) * torch.exp(-(x**2) / (2 * sigma**2))
    mean = mean + x * torch.erf(x / (sigma * math.sqrt(2)))
    error = (x**2 + sigma**2 - mean**2).sqrt() / math.sqrt(samples)
    z = (found / curve - mean) / error
    assert float(z.abs().max()) < 4
    assert 0.7 < float((z**2).mean()) < 1.3


def _disagreement(classifier: Classifier, sigma_of_captum: float) -> float:
    """Mean squared difference from Captum's map in units of the sampling error: 1 if the same."""
    picture, label, samples = _picture(), 2, 300

    def loss(pictures: Tensor) -> Tensor:
        labels = torch.full((len(pictures),), label)
        return functional.cross_entropy(classifier.net(pictures), labels, reduction="none")

    ours = smoothgrad(
        classifier, picture, label, samples=samples, noise="paper", generator=_generator(), batch=30
    )
    saliency = Saliency(loss)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        theirs = NoiseTunnel(saliency).attribute(
            picture[None].requires_grad_(),
            nt_type="smoothgrad",
            nt_samples=samples,
            nt_samples_batch_size=30,
            stdevs=sigma_of_captum,
        )[0]
    copies = noisy_copies(picture.detach(), 0.4, samples, _generator(2)).requires_grad_()
    each = saliency.attribute(copies)
    return float(((ours - theirs).square() / (2 * each.var(dim=0) / samples)).mean())


def test_it_agrees_with_captum_within_the_sampling_error() -> None:
    assert 0.7 < _disagreement(_network(), 0.4) < 1.4


def test_the_comparison_with_captum_can_fail() -> None:
    assert _disagreement(_network(), 0.16) > 3


def test_the_notebook_s_noise_falls_with_the_span_and_the_paper_s_rises() -> None:
    picture = torch.tensor([0.25, 0.75])
    assert noise_sigma(picture, "notebook") == pytest.approx(0.64)
    assert noise_sigma(picture, "paper") == pytest.approx(0.2)
    assert noise_sigma(2 * picture, "notebook") == pytest.approx(0.16)
    assert noise_sigma(2 * picture, "paper") == pytest.approx(0.4)


def test_a_picture_of_one_value_has_no_notebook_noise() -> None:
    with pytest.raises(NoiseError, match="one value everywhere"):
        noise_sigma(torch.ones(3, 2, 2), "notebook")
    assert noise_sigma(torch.ones(3, 2, 2), "paper") == 0


def test_no_copies_have_no_mean() -> None:
    with pytest.raises(NoiseError, match="0 noisy copies"):
        smoothgrad(_network(), _picture(), 0, samples=0, noise="paper", generator=_generator())


def test_copies_are_the_picture_and_noise_of_the_deviation_asked_for() -> None:
    picture = _picture()
    noise = noisy_copies(picture, 0.3, 200, _generator()) - picture
    assert float(noise.std()) == pytest.approx(0.3, rel=0.01)
    assert float(noise.mean()) == pytest.approx(0, abs=0.005)
    assert float((noise[0] - noise[1]).abs().max()) > 0


def test_a_seed_gives_the_same_whatever_the_batch_and_torch_s_own_generator() -> None:
    classifier = _network()

    def run(seed: int, batch: int) -> Tensor:
        return smoothgrad(
            classifier,
            _picture(),
            2,
            samples=10,
            noise="notebook",
            generator=_generator(seed),
            batch=batch,
        )

    state = torch.random.get_rng_state()
    first = run(0, 10)
    torch.testing.assert_close(run(0, 3), first)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert not torch.allclose(run(1, 10), first)


def test_a_picture_s_side_need_not_suit_torch_s_generator() -> None:
    picture = torch.zeros(3, 5, 5)
    together = noisy_copies(picture, 1, 4, _generator())
    generator = _generator()
    apart = torch.cat([noisy_copies(picture, 1, n, generator) for n in (1, 3)])
    assert torch.equal(together, apart)


class Doubtful(nn.Module):
    """Its gradients differ from copy to copy in direction, by ReLUs, and by powers of ten: the
    lead of class 0 is that of a small network times ``times``."""

    def __init__(self, times: float) -> None:
        super().__init__()
        self.times, self.net = times, _network().net

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.times * (torch.relu(self.net(pictures)) + self.net(pictures))
        return logits


@pytest.mark.parametrize(("times", "decades"), [(10.0, 0.2), (300.0, 10), (1e4, 300)])
@pytest.mark.parametrize("batch", [1, 4, 30])
def test_copies_whose_gradients_differ_by_powers_of_ten_are_averaged_as_in_double(
    times: float, decades: float, batch: int
) -> None:
    classifier, picture, label = planted_classifier(Doubtful(times), (SIDE, SIDE), 5), _picture(), 0
    copies = noisy_copies(picture, 0.16, 30, _generator(3)).double()
    exact = copy.deepcopy(classifier.net).double()
    inputs = copies.requires_grad_()
    logits = exact(inputs)
    others = logits[:, 1:].logsumexp(dim=1) - logits[:, 0]
    [gradient] = torch.autograd.grad(others.sum(), inputs)
    logarithm = functional.logsigmoid(others).detach()
    apart = float(logarithm.max() - logarithm.min()) / math.log(10)
    assert apart > decades
    weights = (logarithm - logarithm.max()).exp()
    expected = (weights[:, None, None, None] * gradient.abs()).mean(dim=0)
    found = smoothgrad(
        classifier,
        picture,
        label,
        samples=30,
        noise="notebook",
        generator=_generator(3),
        batch=batch,
    )
    # a logit of 10⁴ has no more than three decimals in float32, and so has a weight
    torch.testing.assert_close(
        found / found.max(), expected / expected.max(), rtol=max(1e-4, 1e-6 * times), atol=1e-30
    )


def test_parts_are_means_of_successive_copies_in_one_unit() -> None:
    def parts(of: list[int], generator: torch.Generator) -> Tensor:
        classifier = planted_classifier(Doubtful(1e4), (SIDE, SIDE), 5)
        return smoothgrad_of_parts(
            classifier, _picture(), 0, of, noise="notebook", generator=generator, batch=4
        )

    first, second = parts([7, 23], _generator(3))
    [whole] = parts([30], _generator(3))
    torch.testing.assert_close((7 * first + 23 * second) / 30, whole, rtol=1e-5, atol=0)
    generator = _generator(3)
    [alone], [after] = parts([7], generator), parts([23], generator)
    for part, of in ((first, alone), (second, after)):
        torch.testing.assert_close(part / part.max(), of / of.max(), rtol=1e-5, atol=1e-30)


@pytest.mark.parametrize("lead", [0.0, 50.0, 5000.0])
def test_a_lead_that_all_copies_share_changes_the_unit_alone(lead: float) -> None:
    weight = torch.randn((3, SIDE, SIDE), generator=_generator(1))

    class Ahead(PlantedLoss):
        def forward(self, pictures: Tensor) -> Tensor:
            logits = super().forward(pictures).double()
            return torch.cat([logits[:, :1] + lead + 50, logits[:, 1:]], dim=1)

    found = smoothgrad(
        planted_classifier(Ahead(weight, torch.zeros_like(weight)), (SIDE, SIDE)),
        _picture(),
        0,
        samples=3,
        noise="paper",
        generator=_generator(),
    )
    assert found.max() > 0
    torch.testing.assert_close(
        found / found.max(), weight.abs().double() / weight.abs().max(), rtol=1e-5, atol=0
    )
