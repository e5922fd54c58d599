"""Attribution of a class to the pixels of a picture, by any method with all its settings.

A map is signed where its method is: what speaks for the output is positive, and what speaks against
it negative.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from quizproof.probes.methods import captum_attributions, gradient_attributions
from quizproof.probes.methods.attribution_settings import Colours, Lime, Method, Pixels
from quizproof.probes.methods.fills import cut, hidden
from quizproof.probes.methods.guided_backprop import guided
from quizproof.probes.methods.kernel_shap import kernel_shap
from quizproof.probes.methods.lime_explanation import explain
from quizproof.probes.methods.localisation import Part, part_of
from quizproof.probes.methods.occlusion import occlusion
from quizproof.probes.methods.saliency import normalise_map
from quizproof.probes.methods.scores import scored
from quizproof.probes.models.classifiers import Classifier

if TYPE_CHECKING:
    from quizproof.probes.models.view import View

Numbers = NDArray[np.float64]


def attribution(
    classifier: Classifier,
    picture: Tensor,
    target: int,
    method: Method,
    seed: int = 0,
    segments: NDArray[np.int64] | None = None,
) -> Numbers:
    """The map (H, W) of class ``target`` for ``picture``, (3, H, W) in 0–1, by ``method``.

    What is drawn comes from ``seed``; ``segments`` are the picture's, where they are known already.
    Raises QuizproofError for a method that is not defined for the network.
    """
    match method["name"]:
        case "saliency":
            found = gradient_attributions.plain(classifier, picture, target, method["output"])
        case "input_x_gradient":
            found = gradient_attributions.plain(classifier, picture, target, method["output"])
            found = found * picture.double().cpu()
        case "guided_backprop":
            found = guided(classifier, picture, target)
        case "smoothgrad":
            found = gradient_attributions.smooth(classifier, picture, target, method, seed)
        case "integrated_gradients":
            found = gradient_attributions.integrated(classifier, picture, target, method)
        case "gradient_shap":
            found = gradient_attributions.gradient_shap(classifier, picture, target, method, seed)
        case "deeplift":
            found = captum_attributions.deeplift(classifier, picture, target, method)
        case "grad_cam":
            return _array(captum_attributions.grad_cam(classifier, picture, target, method))
        case "occlusion":
            return occlusion(classifier, picture, target, method)
        case "kernel_shap":
            known = cut(picture, method["segments"]) if segments is None else segments
            values = kernel_shap(classifier, picture, target, method, known, seed)
            return _over_pixels(values, method["pixels"], known)
        case "lime":
            known = cut(picture, method["segments"]) if segments is None else segments
            weights = _lime(classifier, picture, target, method, known, seed)
            return _over_pixels(weights, method["pixels"], known)
    return _array(over_colours(found, method["colours"]))


def over_colours(values: Tensor, how: Colours) -> Tensor:
    """One number a pixel, (H, W), of what three colours have, (3, H, W)."""
    match how:
        case "sum":
            return values.sum(dim=0)
        case "mean":
            return values.mean(dim=0)
        case "sum_of_sizes":
            return values.abs().sum(dim=0)
        case "mean_of_sizes":
            return values.abs().mean(dim=0)
        case "largest_size":
            return values.abs().amax(dim=0)


def attribution_of(
    view: View, picture: int, target: int, method: Method, draw: int | None = None
) -> Numbers:
    """``attribution`` of a picture of the pack, computed once; draw number ``draw`` of one drawn.

    The segments that all draws are over are cut once.
    """
    key = ("attribution", picture, target, json.dumps(method, sort_keys=True))
    segments = None
    if method["name"] in ("kernel_shap", "lime"):
        asked = method["segments"]
        segments = view.once(
            ("segments", picture, json.dumps(asked, sort_keys=True)),
            lambda: cut(view.picture(picture), asked),
        )
    seed = 0 if draw is None else view.bench.draw_seed(draw)

    def compute() -> Numbers:
        return attribution(view.model, view.picture(picture), target, method, seed, segments)

    return view.once(key, compute) if draw is None else view.of_draw((*key, draw), compute)


def displayed_attribution(
    view: View, picture: int, target: int, method: Method, mass: Part, draw: int | None = None
) -> Numbers:
    """The part of an attribution map that counts, stretched to 0–1 as notebooks show it."""
    return normalise_map(part_of(attribution_of(view, picture, target, method, draw), mass))


def _lime(
    classifier: Classifier,
    picture: Tensor,
    target: int,
    says: Lime,
    segments: NDArray[np.int64],
    seed: int,
) -> Numbers:
    explanation = explain(
        lambda copies: scored(classifier(copies), target, says["output"])[:, None],
        picture,
        0,
        segments,
        seed=seed,
        samples=says["samples"],
        batch=classifier.pace.pictures,
        hidden_by=hidden(picture, says["fill"], segments),
        kernel_width=says["kernel_width"],
        distance=says["distance"],
        ridge=says["ridge"],
    )
    return explanation.weight_map


def _over_pixels(values: Numbers, pixels: Pixels, segments: NDArray[np.int64]) -> Numbers:
    return values if pixels == "whole" else values / np.bincount(segments.ravel())[segments]


def _array(values: Tensor) -> Numbers:
    return np.asarray(values.detach().cpu().double().numpy(), dtype=np.float64)
