"""What stands in a picture's place where it is hidden, and where a path to it begins."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from torch import Tensor

from quizproof.probes.methods.attribution_settings import Fill, HiddenBy, Segments
from quizproof.probes.methods.lime_explanation import ExplanationError, mean_colours, superpixels


def filled(picture: Tensor, fill: Fill) -> Tensor:
    """What hides ``picture``, (3, H, W) in 0–1: the same shape."""
    if isinstance(fill, dict):
        sigma = fill["blur"]
        blurred = gaussian_filter(picture.cpu().double().numpy(), (0, sigma, sigma))
        return torch.from_numpy(blurred).to(picture)
    if fill == "mean":
        return picture.mean(dim=(1, 2), keepdim=True).expand_as(picture).clone()
    grey = {"black": 0.0, "white": 1.0}[fill] if isinstance(fill, str) else fill
    return torch.full_like(picture, grey)


def hidden(picture: Tensor, fill: HiddenBy, segments: NDArray[np.int64]) -> Tensor:
    """The same, where ``fill`` may be each segment's mean colour."""
    if fill != "segment_mean":
        return filled(picture, fill)
    array = picture.permute(1, 2, 0).cpu().double().numpy()
    return torch.from_numpy(mean_colours(array, segments)).permute(2, 0, 1).to(picture)


def cut(picture: Tensor, asked: Segments) -> NDArray[np.int64]:
    """The segments of ``picture``, (3, H, W): (H, W), numbered from 0 without a gap.

    Raises ExplanationError for a single one, and for a grid that is finer than the pixels.
    """
    _, height, width = picture.shape
    if asked["name"] == "grid":
        rows, columns = asked["rows"], asked["columns"]
        if rows > height or columns > width:
            raise ExplanationError(
                f"a grid of {rows} × {columns} is finer than the picture of {height} × {width} "
                "pixels; ask for fewer"
            )
        down = np.arange(height) * rows // height
        right = np.arange(width) * columns // width
        segments = down[:, None] * columns + right[None]
    else:
        array = picture.permute(1, 2, 0).cpu().double().numpy()
        segments = superpixels(array, asked["segments"], asked["compactness"], asked["sigma"])
    if not segments.any():
        raise ExplanationError("the picture is one segment, and nothing is compared; ask for more")
    return np.asarray(segments, dtype=np.int64)
