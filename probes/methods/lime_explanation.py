"""LIME of a picture, as the ``lime`` package computes and paints it.

Ribeiro, Singh & Guestrin, "Why should I trust you?", KDD 2016 (arXiv 1602.04938), sections 3.2–3.4;
package lime 0.2. The picture is cut into superpixels (SLIC, Achanta et al. 2012). Copies with each
superpixel switched off at random, that is replaced by its mean colour, go through the classifier;
a ridge regression of one logit on which superpixels were on, weighted by the nearness of the copy,
gives each superpixel a weight: by how much the logit rises when it is shown.

The package is left to do the regression and the painting. Mean colours and copies are made here,
for all superpixels of a batch at once: the package's own loop takes longer than the network. What
is random is drawn from numpy's stream in the package's order: a number below 1000 for a
segmentation that is not used, then which superpixels are on in each copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from quizproof.questions.problems import QuizproofError

if TYPE_CHECKING:
    from torch import Tensor

COURSE_SEED = 16  # of numpy's stream, seeded once before the loop over the pictures
SAMPLES = 1000
SUPERPIXELS = 200
COMPACTNESS = 1.0
SIGMA = 1.0
PAINTED = 11  # superpixels of largest |weight|
LEAST_WEIGHT = 0.05  # painted from this |weight| on, in units of the logit
KERNEL_WIDTH, DISTANCE, RIDGE = 0.25, "cosine", 1.0  # the package's
_BATCH = 8


class ExplanationError(QuizproofError):
    """A picture or a classifier that LIME cannot explain."""


@dataclass(frozen=True)
class Explanation:
    """The weights of one label's logit."""

    picture: NDArray[np.float64]  # (H, W, 3), 0–1
    segments: NDArray[np.int64]  # (H, W), the number of every pixel's superpixel, from 0
    weights: NDArray[np.float64]  # (superpixels,), in units of the logit

    @property
    def weight_map(self) -> NDArray[np.float64]:
        """(H, W): every pixel's superpixel's weight."""
        return self.weights[self.segments]


@dataclass(frozen=True)
class Overlay:
    """The picture with its weightiest superpixels painted."""

    image: NDArray[np.float64]  # (H, W, 3), 0–1; on white ground paint does not show
    colours: NDArray[np.int64]  # (H, W): 1 painted green, −1 painted red, 0 not painted


def superpixels(
    picture: NDArray[np.float64],
    asked: int = SUPERPIXELS,
    compactness: float = COMPACTNESS,
    sigma: float = SIGMA,
) -> NDArray[np.int64]:
    """SLIC superpixels of ``picture``, (H, W, 3) in 0–1: (H, W), numbered from 0 without a gap.

    Their number is near ``asked``, seldom equal to it. Numbering from 0 matters: the package counts
    its features from 0, and with scikit-image's own numbering from 1 the first feature would stand
    for no pixel and the last superpixel would never be explained.
    """
    from skimage.segmentation import slic

    segments: NDArray[np.int64] = slic(
        picture, n_segments=asked, compactness=compactness, sigma=sigma, start_label=0
    ).astype(np.int64)
    return segments


def stream_after(
    superpixels: Iterable[int], samples: int = SAMPLES, seed: int = COURSE_SEED
) -> np.random.RandomState:
    """A notebook's numpy stream once pictures of so many ``superpixels`` each were explained.

    It is seeded once, before the first of them, and each takes what the package takes of it: no
    network is needed to know where the next explanation begins.
    """
    stream = np.random.RandomState(seed)
    for number in superpixels:
        _unused_number(stream)
        _shown(stream, samples, number)
    return stream


def _unused_number(stream: np.random.RandomState) -> None:
    """Draw the number with which the package seeds a segmentation of its own."""
    stream.randint(0, high=1000)


def _shown(stream: np.random.RandomState, samples: int, number: int) -> NDArray[np.int64]:
    """Draw which of ``number`` superpixels are on in each copy, (samples, number)."""
    on: NDArray[np.int64] = stream.randint(0, 2, samples * number).reshape(samples, number)
    on[0, :] = 1
    return on


def mean_colours(picture: NDArray[np.float64], segments: NDArray[np.int64]) -> NDArray[np.float64]:
    """``picture``, (H, W, 3), with every pixel in the mean colour of its superpixel."""
    place = segments.ravel()
    sums = [np.bincount(place, channel.ravel()) for channel in np.moveaxis(picture, 2, 0)]
    means: NDArray[np.float64] = np.stack(sums, axis=1) / np.bincount(place)[:, None]
    return means[segments]


def explain(
    logits: Callable[[Tensor], Tensor],
    picture: Tensor,
    label: int,
    segments: NDArray[np.int64],
    *,
    seed: int | np.random.RandomState,
    samples: int = SAMPLES,
    batch: int = _BATCH,
    hidden_by: Tensor | None = None,
    kernel_width: float = KERNEL_WIDTH,
    distance: str = DISTANCE,
    ridge: float = RIDGE,
) -> Explanation:
    """The explanation of class ``label`` of ``picture``, (3, H, W) in 0–1, from ``samples`` copies.

    ``logits`` takes (N, 3, H, W) and gives (N, classes); ``segments`` are ``superpixels`` of the
    picture. The first copy is the picture itself; ``batch`` of them go through the network at a
    time. What is switched off looks as in ``hidden_by``, by default the superpixels' mean colours.
    A copy at ``distance`` d from the picture weighs √exp(−d² ∕ ``kernel_width``²), and ``ridge`` is
    the regression's α. The same arguments give the same weights; a stream given for ``seed`` is
    drawn from.
    Raises ExplanationError for a picture of one colour, or of one superpixel, for a logit that is
    not finite and for one that is the same whatever is shown.
    """
    array = picture.permute(1, 2, 0).cpu().numpy().astype(np.float64)
    if not np.ptp(array, axis=(0, 1)).any():
        raise ExplanationError(
            "the picture has one colour, and a superpixel hidden by its mean colour looks as it "
            "did, so LIME has nothing to explain; use another picture"
        )
    if not segments.any():
        raise ExplanationError(
            "SLIC finds one superpixel in the picture, and LIME compares several; "
            "use another picture, or ask for more superpixels"
        )
    from sklearn.linear_model import Ridge

    fudged = None if hidden_by is None else hidden_by.permute(1, 2, 0).cpu().double().numpy()
    found = _explainer(seed, picture, label, kernel_width, fudged).explain_instance(
        array,
        logits,
        labels=(label,),
        top_labels=None,
        num_samples=samples,
        batch_size=batch,
        hide_color=0,  # unused: spares the package its own search for mean colours
        segmentation_fn=lambda image: segments,
        distance_metric=distance,
        model_regressor=Ridge(alpha=ridge, fit_intercept=True),
    )
    weights = np.zeros(int(segments.max()) + 1)
    for number, weight in found.local_exp[label]:
        weights[number] = weight
    return Explanation(array, segments, weights)


def overlay(
    explanation: Explanation, painted: int = PAINTED, least_weight: float = LEAST_WEIGHT
) -> Overlay:
    """``explanation`` as the package paints it, positive and negative superpixels alike.

    The ``painted`` superpixels of largest |weight| are taken first, those whose |weight| is below
    ``least_weight`` are dropped after.
    """
    from lime.lime_image import ImageExplanation

    drawn = ImageExplanation(explanation.picture, explanation.segments)
    order = np.argsort(-np.abs(explanation.weights), kind="stable")
    drawn.local_exp[0] = [(number, explanation.weights[number]) for number in order]
    image, colours = drawn.get_image_and_mask(
        0, positive_only=False, hide_rest=False, num_features=painted, min_weight=least_weight
    )
    return Overlay(image, colours)


def _explainer(
    seed: int | np.random.RandomState,
    like: Tensor,
    label: int,
    kernel_width: float,
    hidden_by: NDArray[np.float64] | None,
) -> Any:
    """A fresh explainer of the package, which makes its copies where ``like`` is."""
    import torch
    from lime.lime_image import LimeImageExplainer

    from quizproof.probes.methods.segment_copies import outputs_of_copies

    class Explainer(LimeImageExplainer):  # type: ignore[misc]  # the package has no types
        def data_labels(
            self,
            image: NDArray[np.float64],
            fudged_image: NDArray[np.float64],
            segments: NDArray[np.int64],
            classifier_fn: Callable[[Tensor], Tensor],
            num_samples: int,
            batch_size: int,
        ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
            """Return the superpixels on in each copy, (copies, superpixels), and its logits."""
            on = _shown(self.random_state, num_samples, int(segments.max()) + 1)
            shown, hidden = (
                torch.from_numpy(a).permute(2, 0, 1).to(like)
                for a in (image, mean_colours(image, segments) if hidden_by is None else hidden_by)
            )
            logits = outputs_of_copies(classifier_fn, on, shown, hidden, segments, batch_size)
            if not torch.isfinite(logits).all():
                raise ExplanationError(
                    "the classifier gives logits that are not finite for a picture with "
                    "superpixels switched off; LIME has no weights for it, check the weights file"
                )
            if not (logits[:, label] != logits[0, label]).any():
                raise ExplanationError(
                    f"the classifier's output that is explained is {float(logits[0, label]):g} "
                    "whichever superpixels are switched off, so LIME has nothing to explain; "
                    "check the weights file"
                )
            return on, logits.numpy()

    return Explainer(kernel_width=kernel_width, random_state=seed)
