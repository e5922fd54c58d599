"""A course's folder as its assistants have it: a checkpoint saved on a GPU, and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from quizproof.probes.packs.course import course_network
from quizproof.probes.packs.pack_build import Built, build_pack
from quizproof.questions.quiz import bundled_quiz

HW09 = bundled_quiz("hw09")
LABELS = (1, 1, 2, 3, 5, 6, 8, 8, 8, 9)


def course_checkpoint(net: nn.Module) -> dict[str, Any]:
    """What the course's training script saved: the model, and twice its size of Adam's state."""
    parameters = list(net.parameters())
    state = {
        k: {
            "step": torch.tensor(1.0),
            "exp_avg": torch.zeros_like(p),
            "exp_avg_sq": torch.zeros_like(p),
        }
        for k, p in enumerate(parameters)
    }
    groups = [{"lr": 1e-3, "betas": (0.9, 0.999), "params": list(range(len(parameters)))}]
    return {
        "epoch": 60,
        "model_state_dict": net.state_dict(),
        "optimizer_state_dict": {"state": state, "param_groups": groups},
    }


def save_as_on_a_gpu(content: object, path: Path, *, zipped: bool = True) -> None:
    """``torch.save``, each storage tagged as it is where it lies on the first GPU."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.serialization, "location_tag", lambda storage: "cuda:0")
        torch.save(content, path, _use_new_zipfile_serialization=zipped)


def course_folder(
    folder: Path, *, width: int = 2, labels: Sequence[int] = LABELS, suffix: str = "jpg"
) -> Path:
    """``folder`` with a narrow untrained network's checkpoint and a picture for each label."""
    (folder / "food").mkdir(parents=True)
    torch.manual_seed(0)
    save_as_on_a_gpu(course_checkpoint(course_network(width)), folder / "checkpoint.pth")
    colours = np.random.default_rng(0).integers(0, 255, (len(labels), 24, 32, 3), dtype=np.uint8)
    for number, label in enumerate(labels):
        # 5 before 42 before 116: by number, not by letters
        name = f"{label}_{number * 37 + 5}.{suffix}"
        Image.fromarray(colours[number]).save(folder / "food" / name)
    return folder


def build_course(folder: Path, *, hub: bool = False) -> Built:
    """Build the pack of ``folder``, laid out as hw09's course hands it out."""
    return build_pack(folder, HW09, hub=hub)
