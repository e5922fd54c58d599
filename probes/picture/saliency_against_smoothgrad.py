"""Saliency and SmoothGrad: whether they emphasise the same places, and which is nearer the food."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from quizproof.probes.models.view import View
from quizproof.probes.parameters import Indices, Samples, Times
from quizproof.probes.picture.smoothgrad_block import (
    FOOD,
    Noise,
    SmoothGrad,
    food_of,
    shown,
    smoothgrad_draws,
)
from quizproof.probes.probe import Draw, Map, Measure, probe
from quizproof.probes.units import PEARSON, SHARE
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

    Grey = NDArray[np.float64]  # (H, W)

_COPIES = 8
_HARDLY = 0.01  # of the noise: what changes a picture for no eye


def _likeness(name: str, what: Text) -> Measure:
    return Measure(f"{name}_{{item}}", PEARSON, -1, 1, what, each="compared")


@probe(
    "saliency.against_smoothgrad",
    finding=Text(
        en=(
            "A picture’s saliency map and its SmoothGrad correlate at these r, picture by picture: "
            "{likeness_{item}}. With the SmoothGrad of other pictures, r is: {unrelated_{item}}. "
            "Of a map with itself, it is: {itself_{item}}. Over all pictures, a share of "
            "{food_saliency} of the saliency lies on the food, and {food_smoothgrad} of SmoothGrad."
        ),
        zh_hant=(
            "各圖片的 saliency map 與其 SmoothGrad 的相關 r（圖片編號：r）依序是 "
            "{likeness_{item}}。與其他圖片的 SmoothGrad，r 是 {unrelated_{item}}。圖與自身，r 是 "
            "{itself_{item}}。就所有圖片而言，saliency 有 {food_saliency} 的比例落在食物上，"
            "SmoothGrad 有 {food_smoothgrad}。"
        ),
    ),
    measures=(
        _likeness(
            "likeness",
            Text(
                en="likeness of the picture's saliency map and its SmoothGrad",
                zh_hant="該圖的 saliency map 與 SmoothGrad 的相似度",
            ),
        ),
        _likeness(
            "unrelated",
            Text(
                en=(
                    "likeness of the picture's saliency map and the other pictures' SmoothGrad; "
                    "mean"
                ),
                zh_hant="該圖的 saliency map 與其他圖的 SmoothGrad 的相似度；平均",
            ),
        ),
        _likeness(
            "unrelated_most",
            Text(
                en=(
                    "likeness of the picture's saliency map and the other pictures' SmoothGrad; "
                    "the largest"
                ),
                zh_hant="該圖的 saliency map 與其他圖的 SmoothGrad 的相似度；最大值",
            ),
        ),
        _likeness(
            "itself",
            Text(
                en=(
                    "likeness of a map with itself: of SmoothGrad's two halves, or of saliency "
                    "with hardly any noise; the smaller"
                ),
                zh_hant=(
                    "圖與自身的相似度：SmoothGrad 的兩半，或 saliency map 與略加 noise 者；取較小的"
                ),
            ),
        ),
        Measure(
            "food_saliency",
            SHARE,
            0,
            1,
            Text(
                en="share of the saliency map's mass on the food; mean of the pictures",
                zh_hant="saliency 落在食物上的比例；各圖片平均",
            ),
        ),
        Measure(
            "food_smoothgrad",
            SHARE,
            0,
            1,
            Text(
                en="share of SmoothGrad's mass on the food; mean of the pictures",
                zh_hant="SmoothGrad 落在食物上的比例；各圖片平均",
            ),
        ),
        Measure(
            "food_by_chance",
            SHARE,
            0,
            1,
            Text(
                en="difference of SmoothGrad's two halves in their share on the food",
                zh_hant="SmoothGrad 的兩半落在食物上的比例之差異",
            ),
        ),
    ),
    stochastic=True,
    example="""
        kind: single
        points: 1
        about: model
        prompt: Does more of SmoothGrad than of saliency lie on the food of pictures 0 to 2?
        probe:
          name: saliency.against_smoothgrad
          with:
            pictures: [0, 1, 2]
            compared: [0]
            samples: 50
            noise: paper
            redrawn: [0]
            places: 16
        estimate: share
        options:
          a: {text: It does, rule: food_smoothgrad > food_saliency}
          b: {text: It does not, rule: food_smoothgrad <= food_saliency}
        expected: [a]
    """,
)
def saliency_against_smoothgrad(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    pictures: Indices,
    compared: Indices,
    samples: Samples,
    noise: Noise = "notebook",
    redrawn: Indices | None = None,
    places: Times = 16,
) -> Iterator[Draw]:
    """Likeness of saliency and SmoothGrad as they are shown, and how much of each is on the food.

    The likeness is of the places of the pictures ``compared``, the mass on the food of all
    ``pictures`` (relevance mass accuracy, Arras, Osman & Samek 2022).

    Likeness is the correlation of the maps, each the mean over a square of 1 ∕ ``places`` of the
    side around every pixel: of their brightness and not of its ranks, in which the many places that
    are dark would outweigh the few that are emphasised. It means something between two others:
    that of ``unrelated`` maps, the saliency map of one picture and SmoothGrad of the others; and
    what each map has in common with ``itself``, SmoothGrad's two halves and the saliency map of the
    picture with a hundredth of the noise. A map that is the same everywhere has nothing in common
    with any.

    ``food_by_chance`` is √(Σ d²) ∕ n of what the halves of each picture's SmoothGrad differ by:
    as much as the mean over the n pictures would between two drawings of half the copies.
    One draw is SmoothGrad over ``samples`` copies of each picture; of those that ``redrawn`` leaves
    out the first is kept. Raises EmptyRegionError, and what ``smoothgrad_draws`` raises.
    """
    import numpy as np

    from quizproof.probes.methods.saliency import shown_saliency

    view = View(bench, model, photos)
    every = list(dict.fromkeys([*pictures, *compared]))
    if len(every) < 2:
        raise QuizproofError("there is no other picture that is unrelated; name two at least")
    food = {picture: food_of(view, picture) for picture in pictures}
    saliency = {picture: shown_saliency(view, picture) for picture in every}
    steady = {picture: _steadiness(view, picture, noise, places) for picture in compared}
    on_food = float(np.mean([_share(saliency[p], food[p]) for p in pictures]))
    for drawn in smoothgrad_draws(view, every, samples=samples, noise=noise, redrawn=redrawn):
        smooth = {picture: shown(of.map) for picture, of in drawn.items()}
        values: dict[str, float] = {}
        for p in compared:
            others = [_alike(saliency[p], smooth[o], places) for o in every if o != p]
            halves = _alike(shown(drawn[p].halves[0]), shown(drawn[p].halves[1]), places)
            values[f"likeness_{p}"] = _alike(saliency[p], smooth[p], places)
            values[f"unrelated_{p}"] = float(np.mean(others))
            values[f"unrelated_most_{p}"] = max(others)
            values[f"itself_{p}"] = min(steady[p], halves)
        values["food_saliency"] = on_food
        values["food_smoothgrad"] = float(np.mean([_share(smooth[p], food[p]) for p in pictures]))
        values["food_by_chance"] = _by_chance(drawn, food)
        yield Draw(values, tuple(_maps(saliency, smooth, compared)))


def _alike(one: Grey, other: Grey, places: int) -> float:
    """Pearson's r of what ``places`` × ``places`` show of two maps; 0 where one is constant."""
    import numpy as np
    from scipy.ndimage import uniform_filter

    side = max(1, round(min(one.shape) / places))
    first, second = (uniform_filter(m, side, mode="nearest").ravel() for m in (one, other))
    # what is constant differs from its mean by rounding alone
    constant = first.size * first.std() * second.std() <= 1e-12
    return 0.0 if constant else float(np.corrcoef(first, second)[0, 1])


def _steadiness(view: View, picture: int, noise: Noise, places: int) -> float:
    """Likeness of a saliency map and those of copies that nobody could tell from the picture."""
    import numpy as np
    import torch

    from quizproof.probes.methods.saliency import normalise_map, saliency, shown_saliency
    from quizproof.probes.methods.smoothgrad import noise_sigma, noisy_copies

    def compute() -> float:
        original = view.picture(picture)
        sigma = _HARDLY * noise_sigma(original, noise)
        generator = torch.Generator().manual_seed(view.bench.fixed_seed + picture)
        copies = noisy_copies(original, sigma, _COPIES, generator)
        labels = torch.full((_COPIES,), view.label(picture), device=copies.device)
        maps = saliency(view.model, copies, labels).cpu().numpy()
        own = shown_saliency(view, picture)
        return float(np.mean([_alike(own, normalise_map(m), places) for m in maps]))

    return view.once(("saliency's steadiness", picture, noise, places), compute)


def _share(seen: Grey, food: NDArray[np.bool_]) -> float:
    """Share of mass on the food; what is the same everywhere has as much there as anywhere."""
    from quizproof.probes.methods.localisation import area_share, mass_share

    return mass_share(seen, food) if seen.any() else area_share(food)


def _by_chance(drawn: Mapping[int, SmoothGrad], food: Mapping[int, NDArray[np.bool_]]) -> float:
    import numpy as np

    apart = [
        _share(shown(drawn[p].halves[0]), mask) - _share(shown(drawn[p].halves[1]), mask)
        for p, mask in food.items()
    ]
    return float(np.sqrt(np.square(apart).sum())) / len(apart)


def _maps(
    saliency: Mapping[int, Grey], smooth: Mapping[int, Grey], compared: list[int]
) -> Iterator[Map]:
    for picture in compared:
        for title, values in (
            (Text(en="saliency", zh_hant="saliency map"), saliency[picture]),
            (Text(en="SmoothGrad", zh_hant="SmoothGrad"), smooth[picture]),
        ):
            yield Map(title, values.astype("float32"), picture=picture, regions=(FOOD,))
