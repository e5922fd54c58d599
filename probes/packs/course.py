"""The picture classifier of NTU Machine Learning 2021, homework 9, at any width."""

from __future__ import annotations

import torch
from torch import Tensor, nn

COURSE_WIDTH = 128
_BLOCKS_PER_STAGE = (3, 3, 3, 1, 1)
_WIDTH_FACTORS = (1, 1, 2, 4, 4)
_DROPOUT = 0.3


class CourseNetwork(nn.Module):
    """Five convolutional stages (``cnn``, modules 0–37) and a two-layer head (``fc``)."""

    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        modules: list[nn.Module] = []
        channels = 3
        for blocks, factor in zip(_BLOCKS_PER_STAGE, _WIDTH_FACTORS, strict=True):
            for _ in range(blocks):
                modules += [
                    nn.Conv2d(channels, width * factor, kernel_size=3, padding=1),
                    nn.BatchNorm2d(width * factor),
                    nn.ReLU(),
                ]
                channels = width * factor
            modules.append(nn.MaxPool2d(2))
        self.cnn = nn.Sequential(*modules)
        self.fc = nn.Sequential(
            nn.Linear(channels * 4 * 4, 8 * width),
            nn.ReLU(),
            nn.Dropout(_DROPOUT),
            nn.Linear(8 * width, classes),
        )

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits, shape (N, classes), of ``pictures``, shape (N, 3, 128, 128), values 0–1."""
        logits: Tensor = self.fc(torch.flatten(self.cnn(pictures), 1))
        return logits


def course_network(width: int = COURSE_WIDTH, classes: int = 11) -> CourseNetwork:
    """The untrained network; ``width`` is the channels of the first stage (128 in the course).

    At width 128 with 11 classes it has 14,162,827 parameters and 81 entries in its state dict.
    """
    return CourseNetwork(width, classes)
