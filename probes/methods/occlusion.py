"""Occlusion: the fall of the output where a window of the picture is hidden.

Zeiler & Fergus, "Visualizing and understanding convolutional networks" (2014), section 4.2, as a
difference, as Captum has it. Captum makes each copy by products with masks as large as the picture,
which takes a quarter of the network's own time on a small one; these are cut in.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quizproof.probes.methods.attribution_settings import Occlusion
from quizproof.probes.methods.fills import filled
from quizproof.probes.methods.scores import MethodError, scored
from quizproof.probes.models.classifiers import Classifier
from quizproof.probes.models.side_by_side import side_by_side

Window = tuple[slice, slice]


def windows(size: tuple[int, int], window: list[int], stride: list[int]) -> list[Window]:
    """The windows over a picture of ``size``, row by row; what hangs over its edge is cut off.

    Raises MethodError for one that is larger than the picture, or strides that leave pixels out.
    """
    if window[0] > size[0] or window[1] > size[1]:
        raise MethodError(
            f"a window of {window[0]} × {window[1]} is larger than {size[0]} × {size[1]} pixels; "
            "take a smaller one"
        )
    if stride[0] > window[0] or stride[1] > window[1]:
        raise MethodError(
            f"a stride of {stride[0]} × {stride[1]} leaves pixels out between windows of "
            f"{window[0]} × {window[1]}; take a shorter one"
        )
    downs, rights = (
        [slice(k * step, k * step + wide) for k in range(math.ceil((side - wide) / step) + 1)]
        for side, wide, step in zip(size, window, stride, strict=True)
    )
    return [(down, right) for down in downs for right in rights]


def occlusion(
    classifier: Classifier, picture: Tensor, target: int, says: Occlusion
) -> NDArray[np.float64]:
    """By how much the output falls where a window is hidden: (H, W), signed.

    A pixel under several windows has their mean. Raises MethodError.
    """
    places = windows((picture.shape[1], picture.shape[2]), says["window"], says["stride"])
    fill = filled(picture, says["fill"])

    def outputs(some: list[Window | None]) -> list[float]:
        copies = picture.expand(len(some), -1, -1, -1).clone()
        for hidden, place in zip(copies, some, strict=True):
            if place is not None:
                hidden[:, *place] = fill[:, *place]
        with torch.inference_mode():
            return scored(classifier(copies), target, says["output"]).tolist()

    every: list[Window | None] = [None, *places]
    size = classifier.pace.pictures
    batches = [every[begin : begin + size] for begin in range(0, len(every), size)]
    whole, *hidden = [
        one for some in side_by_side(outputs, batches, picture.device) for one in some
    ]
    total, covered = np.zeros(picture.shape[1:]), np.zeros(picture.shape[1:])
    for place, output in zip(places, hidden, strict=True):
        total[place] += whole - output
        covered[place] += 1
    found: NDArray[np.float64] = total / covered
    return found
