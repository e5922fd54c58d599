"""The fast gradient sign method (Goodfellow, Shlens & Szegedy 2015), and the least size that works.

x' = x + ε · sign ∂ loss(x, answer) ∕ ∂x moves away from the network's own answer, and
x' = x − ε · sign ∂ loss(x, target) ∕ ∂x towards another (Kurakin, Goodfellow & Bengio 2017);
values are cut to 0–1. Whether it works need not be monotone in ε, so sizes are tried in even steps,
and the first that works and the one before it are brought together by bisection.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from quizproof.probes.methods.saliency import factored_loss_gradient
from quizproof.probes.models.classifiers import Classifier
from quizproof.probes.models.side_by_side import side_by_side
from quizproof.questions.problems import QuizproofError

_STEPS = 64  # sizes tried up to the most
_HALVINGS = 10  # of the step in which it begins to work


@dataclass(frozen=True)
class Search:
    """The picture and the direction, (3, H, W), and the class to leave or to reach."""

    classifier: Classifier
    picture: Tensor
    direction: Tensor
    answer: int
    target: int | None

    def at(self, sizes: Tensor, direction: Tensor | None = None) -> Tensor:
        """Pictures moved by each of ``sizes``, (N, 3, H, W)."""
        way = self.direction if direction is None else direction
        return (self.picture + sizes.to(self.picture)[:, None, None, None] * way).clamp(0, 1)

    def works(self, pictures: Tensor) -> Tensor:
        """Tell of each of ``pictures`` if the network leaves its answer, or reaches the target."""
        with torch.no_grad():
            likeliest = self.classifier(pictures).argmax(1)
        return likeliest != self.answer if self.target is None else likeliest == self.target


def search(classifier: Classifier, picture: Tensor, answer: int, target: int | None) -> Search:
    """The search for ``picture``, (3, H, W) in 0–1. Raises GradientError, QuizproofError."""
    label = torch.tensor([answer if target is None else target], device=picture.device)
    _, gradient = factored_loss_gradient(classifier, picture[None], label)
    if not gradient.any():
        raise QuizproofError("the gradient is 0 all over the picture, and has no sign to follow")
    way = gradient[0].sign()
    return Search(classifier, picture, way if target is None else -way, answer, target)


def least_size(asked: Search, most: float) -> float | None:
    """The least ε, at most ``most``, that works; None where none of those tried does."""
    step = most / _STEPS
    sizes = step * torch.arange(1, _STEPS + 1, dtype=torch.float64)
    batches = torch.split(sizes, asked.classifier.pace.pictures)

    def working(some: Tensor) -> list[float]:
        found: list[float] = some[asked.works(asked.at(some)).cpu()].tolist()
        return found

    device = asked.classifier.device
    high = next((found[0] for found in side_by_side(working, batches, device) if found), None)
    if high is None:
        return None
    low = high - step
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if working(torch.tensor([middle], dtype=torch.float64)):
            high = middle
        else:
            low = middle
    return high


def by_chance(asked: Search, size: float, draws: int, seed: int) -> float:
    """The share of ``draws`` random signs of ``size`` that work, 0–1."""
    generator = torch.Generator().manual_seed(seed)

    def drawn() -> Iterator[Tensor]:
        for some in torch.split(torch.arange(draws), asked.classifier.pace.pictures):
            shape = (len(some), *asked.picture.shape)
            yield torch.randint(2, shape, generator=generator) * 2 - 1

    def worked(signs: Tensor) -> int:
        sizes = torch.full((len(signs),), size, dtype=torch.float64)
        return int(asked.works(asked.at(sizes, signs.to(asked.picture))).sum())

    return sum(side_by_side(worked, drawn(), asked.classifier.device)) / draws
