"""Explanations of a pack's picture by LIME, one after another: the course's own, then others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from quizproof.probes.methods.lime_explanation import (
    Explanation,
    Overlay,
    explain,
    stream_after,
    superpixels,
)
from quizproof.probes.methods.localisation import EmptyRegionError
from quizproof.probes.probe import Map
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quizproof.probes.models.view import View
    from quizproof.probes.packs.pictures import Mask


@dataclass(frozen=True)
class Explained:
    """One explanation, and in words where its chance came from."""

    explanation: Explanation
    stream: Text


@dataclass(frozen=True)
class Asked:
    """How a picture is cut, and what its explanations are drawn from.

    Args:
        samples: the copies of one explanation.
        superpixels: near so many SLIC is to find.
        compactness: SLIC's, of nearness against colour.
        sigma: SLIC's smoothing, in pixels.
        numpy_seed: of numpy's stream, which the first explanation is drawn from as a notebook draws
            it; None for the run's seed, as for all others.
        after: the pictures that the notebook explained before, from the same stream.
    """

    samples: int
    superpixels: int
    compactness: float
    sigma: float
    numpy_seed: int | None
    after: tuple[int, ...]


def explanations(view: View, picture: int, target: int, asked: Asked) -> Iterator[Explained]:
    """Explanations of class ``target`` of ``picture``, each from copies of its own.

    The first may be a notebook's own: from numpy's stream as explaining the pictures before has
    left it. Where one of these cannot be read the stream's place is not known, and the first is a
    draw at the run's seed like all others. Raises ExplanationError.
    """
    shown, segments = view.picture(picture), cut(view, picture, asked)
    for draw in count():
        seed: int | np.random.RandomState = view.bench.draw_seed(draw)
        stream = Text(en="at the run's seed", zh_hant="以本次執行的亂數種子")
        if draw == 0 and asked.numpy_seed is not None:
            try:
                counts = [int(cut(view, earlier, asked).max()) + 1 for earlier in asked.after]
            except QuizproofError as error:
                stream = Text(
                    en=f"at the run's seed: the notebook's own draw cannot be had, {error}",
                    zh_hant=f"以本次執行的亂數種子：無法取得 notebook 自己的抽樣，{error}",
                )
            else:
                seed = stream_after(counts, asked.samples, asked.numpy_seed)
                stream = _of_numpy(asked.numpy_seed, asked.after)
        explanation = explain(
            view.model,
            shown,
            target,
            segments,
            seed=seed,
            samples=asked.samples,
            batch=view.model.pace.pictures,
        )
        yield Explained(explanation, stream)


def _of_numpy(seed: int, after: Sequence[int]) -> Text:
    return Text(
        en=f"numpy seeded with {seed}"
        + (
            f", after picture{'' if len(after) == 1 else 's'} {', '.join(map(str, after))}"
            if after
            else ""
        ),
        zh_hant=f"numpy 的亂數種子 {seed}"
        + (f"，接在圖片 {'、'.join(map(str, after))} 之後" if after else ""),
    )


def cut(view: View, picture: int, asked: Asked) -> NDArray[np.int64]:
    """The superpixels of a picture of the pack, (H, W)."""
    settings = (asked.superpixels, asked.compactness, asked.sigma)

    def compute() -> NDArray[np.int64]:
        array = view.picture(picture).permute(1, 2, 0).cpu().double().numpy()
        return superpixels(array, *settings)

    return view.once(("superpixels", picture, *settings), compute)


def seen_region(view: View, picture: int, name: str, segments: NDArray[np.int64]) -> Mask:
    """A region that superpixels tell apart from the rest of the picture.

    Raises EmptyRegionError where the region is all of the picture, or smaller than its superpixels
    are on average, and MissingError.
    """
    mask = view.region(picture, name)
    least = mask.size / (int(segments.max()) + 1)
    if mask.all():
        raise EmptyRegionError(
            f"region {name} covers picture {picture}, and nothing outside it is left to compare; "
            "mend the region"
        )
    if mask.sum() < least:
        raise EmptyRegionError(
            f"region {name} of picture {picture} has {int(mask.sum())} pixels and a superpixel "
            f"{least:.0f}, so LIME does not see the region; mend it, or ask for more superpixels"
        )
    return mask


FOR, AGAINST = "#1f6fb2", "#e08214"  # blue and orange, told apart with any colour vision
_PAINT = 0.6  # the share of a painted pixel that is paint
_LEGEND = {
    FOR: Text(en="speaks for the class (LIME's green)", zh_hant="支持該類別（LIME 的綠色）"),
    AGAINST: Text(en="speaks against it (LIME's red)", zh_hant="反對該類別（LIME 的紅色）"),
}


def painted_map(
    title: Text,
    picture: NDArray[np.float64],
    overlay: Overlay,
    *,
    number: int | None = None,
    regions: Sequence[str] = (),
) -> Map:
    """Return LIME's overlay for the report, in blue and orange instead of its green and red."""
    shown = picture.astype(np.float64)
    for colour, sign in ((FOR, 1), (AGAINST, -1)):
        paint = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
        under = overlay.colours == sign
        shown[under] = (1 - _PAINT) * shown[under] + _PAINT * paint
    return Map(
        title,
        shown.astype(np.float32),
        picture=number,
        regions=tuple(regions),
        legend=_LEGEND,
    )


def maps(
    explained: Explained, overlay: Overlay, picture: int, regions: Sequence[str]
) -> tuple[Map, Map]:
    """Return the maps that the report shows of an explanation: overlay and superpixels' weights."""
    weights = explained.explanation.weight_map
    return (
        painted_map(
            Text(
                en=f"LIME's overlay ({explained.stream.en})",
                zh_hant=f"LIME 的疊圖（{explained.stream.zh_hant}）",
            ),
            explained.explanation.picture,
            overlay,
            number=picture,
            regions=regions,
        ),
        Map(
            Text(en="weight of every superpixel", zh_hant="每個 superpixel 的權重"),
            weights.astype(np.float32),
            picture=picture,
            regions=tuple(regions),
            signed=True,
        ),
    )
