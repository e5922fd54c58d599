"""Training the embedded classifier on drawn scenes, and counting what it gets right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quizproof.probes.embedded.pictures.course import CLASSIFIER
from quizproof.probes.embedded.pictures.scenes import draw_scene
from quizproof.probes.packs.course import CourseNetwork, course_network

WIDTH: Final = 8
TRAINED_FROM: Final = 1_000_000
"""Scenes with seeds below this one are never trained on, whatever the seed of the training."""

_BATCH: Final = 32
_PEAK_RATE: Final = 4e-3
_LAST: Final = torch.channels_last


def scene_set(
    count: int, first_seed: int, log: Callable[[str], None] | None = None
) -> tuple[Tensor, Tensor]:
    """Scenes with seeds from ``first_seed`` on, the classes taking turns.

    Returns pictures (count, 3, 128, 128) uint8 and labels (count,) int64.
    """
    pictures = torch.empty((count, 3, 128, 128), dtype=torch.uint8)
    labels = torch.arange(count) % len(CLASSIFIER.classes)
    for k in range(count):
        scene = draw_scene(int(labels[k]), first_seed + k)
        pictures[k] = torch.from_numpy(scene.pixels).permute(2, 0, 1)
        if log and (k + 1) % 2000 == 0:
            log(f"drawn {k + 1} of {count} scenes")
    return pictures, labels


def as_input(pictures: Tensor) -> Tensor:
    """uint8 pictures (N, 3, 128, 128) as the classifier takes them: float32, 0–1."""
    return (pictures.float() / 255).contiguous(memory_format=_LAST)


def _augmented(pictures: Tensor, rng: np.random.Generator) -> Tensor:
    flips = torch.from_numpy(rng.random(len(pictures)) < 0.5)
    pictures = torch.where(flips[:, None, None, None], pictures.flip(3), pictures)
    down, right = (int(value) for value in rng.integers(-8, 9, 2))
    pictures = pictures.roll((down, right), (2, 3))
    gains = torch.from_numpy(rng.uniform(0.85, 1.15, (len(pictures), 3, 1, 1)).astype(np.float32))
    pictures = pictures * gains
    # Noise up to a tenth of the range keeps the classifier from leaning on single pixels.
    spread = torch.from_numpy(rng.uniform(0, 0.1, (len(pictures), 1, 1, 1)).astype(np.float32))
    grains = torch.from_numpy(rng.standard_normal(pictures.shape, dtype=np.float32))
    return (pictures + spread * grains).clamp(0, 1).contiguous(memory_format=_LAST)


def train(
    pictures: Tensor, labels: Tensor, epochs: int, seed: int, log: Callable[[str], None]
) -> CourseNetwork:
    """The trained network, ready to classify. Deterministic given its arguments on one machine."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    network = course_network(WIDTH, len(CLASSIFIER.classes))
    network.to(memory_format=_LAST)  # type: ignore[call-overload]
    optimizer = torch.optim.AdamW(network.parameters(), lr=_PEAK_RATE, weight_decay=0.05)
    steps = -(-len(labels) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, _PEAK_RATE, total_steps=epochs * steps
    )
    # Softened labels keep the logits finite, so that gradients of the loss stay measurable.
    objective = nn.CrossEntropyLoss(label_smoothing=0.05)
    network.train()
    for epoch in range(epochs):
        order = torch.from_numpy(rng.permutation(len(labels)))
        total, right = 0.0, 0
        for batch in torch.split(order, _BATCH):
            logits = network(_augmented(as_input(pictures[batch]), rng))
            loss = objective(logits, labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach()) * len(batch)
            right += int((logits.argmax(1) == labels[batch]).sum())
        count = len(labels)
        log(f"epoch {epoch + 1} of {epochs}: loss {total / count:.3f}, right {right / count:.1%}")
    network.eval()
    return network


def predictions(network: nn.Module, pictures: Tensor) -> NDArray[np.int64]:
    """The class the network gives each of the uint8 ``pictures``; shape (N,)."""
    with torch.no_grad():
        found = [network(as_input(part)).argmax(1) for part in torch.split(pictures, 100)]
    classes: NDArray[np.int64] = torch.cat(found).numpy()
    return classes
