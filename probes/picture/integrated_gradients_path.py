"""Samples of integrated gradients' path, as the function that makes it gives them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.models.view import View
from quizproof.probes.parameters import Index, Times
from quizproof.probes.probe import Draw, Map, Measure, probe
from quizproof.probes.units import PICTURES, SHARE
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

    Samples = NDArray[np.float64]

_OF_THE_WAY = Text(en="distances from baseline to picture", zh_hant="baseline 到圖片的距離")


@probe(
    "integrated_gradients.path",
    finding=Text(
        en=(
            "One call gives {samples} pictures, and a second call differs from it by "
            "{rerun_change}. Let the distance from the black baseline to the picture be 1. The "
            "pictures lie at most {off_segment} beside the straight line, and the widest gap on "
            "the way is {largest_step}."
        ),
        zh_hant=(
            "呼叫一次得到 {samples} 張圖片，再呼叫一次的差異為 {rerun_change}。以全黑 baseline 到圖"
            "片的距離為 1，各張圖片至多偏離連線 {off_segment}，途中最寬的間隔為 {largest_step}。"
        ),
    ),
    measures=(
        Measure(
            "samples",
            PICTURES,
            1,
            1e6,
            Text(
                en="pictures that one call gives",
                zh_hant="呼叫一次所得的圖片數",
            ),
        ),
        Measure(
            "rerun_change",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "relative difference between the pictures of one call and of a second; 0 where "
                    "nothing is random"
                ),
                zh_hant="兩次呼叫所得圖片的相對差異；沒有隨機成分時為 0",
            ),
        ),
        Measure(
            "off_segment",
            _OF_THE_WAY,
            0,
            math.inf,
            Text(
                en=(
                    "distance of the farthest sample from the straight line between baseline and "
                    "picture"
                ),
                zh_hant="最遠的 sample 離 baseline 與圖片連線的距離",
            ),
        ),
        Measure(
            "largest_step",
            _OF_THE_WAY,
            0,
            1,
            Text(
                en=(
                    "longest stretch on the way from the baseline over the samples, in their "
                    "order, to the picture"
                ),
                zh_hant="從 baseline 依序經過各 sample 到圖片，最長的一段",
            ),
        ),
        Measure(
            "to_baseline",
            _OF_THE_WAY,
            0,
            math.inf,
            Text(
                en="distance of the farthest sample from the baseline",
                zh_hant="最遠的 sample 離 baseline 的距離",
            ),
        ),
        Measure(
            "shift",
            Text(en="pixels", zh_hant="像素"),
            0,
            8192,
            Text(
                en=("length of the shift of the picture that comes nearest to the first sample"),
                zh_hant="將圖片平移成最接近第一個 sample 時，平移的距離",
            ),
        ),
        Measure(
            "shift_mismatch",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "relative difference of the first sample and the picture under the shift that "
                    "comes nearest to it"
                ),
                zh_hant="第一個 sample 與平移成最接近它的圖片之相對差異",
            ),
        ),
    ),
    tolerance=1e-3,
    example="""
    kind: single
    points: 1
    about: method
    because: the path is drawn before a model sees any of it
    prompt: What lies between the baseline and the picture in integrated gradients?
    probe: {name: integrated_gradients.path, with: {picture: 2, steps: 10}}
    thresholds:
      off: {value: 0.01, from: a screen shows a change from two of its 255 steps on}
      steps: {from: the notebook's}
    options:
      a: {text: Pictures on the straight line between the two, rule: off_segment < off}
      b: {text: Pictures that leave this line, rule: off_segment >= off}
    expected: [a]
    """,
)
def integrated_gradients_path(
    bench: Bench, *, model: Classifier, photos: Pictures, picture: Index, steps: Times
) -> Iterator[Draw]:
    """Places of the samples of ``images_on_linear_path``, for a picture and the black baseline.

    Lengths are Euclidean, in units of the distance from baseline to picture. Raises PathError for
    a picture that is black itself.
    """
    import numpy as np

    from quizproof.probes.methods import integrated_gradients as ig
    from quizproof.probes.methods import translation

    view = View(bench, model, photos)
    given = view.picture(picture)
    samples, again = (
        ig.images_on_linear_path(given, steps).cpu().double().numpy() for _ in range(2)
    )
    target = given.cpu().double().numpy()
    if not target.any():
        raise ig.PathError(f"picture {picture} is black like the baseline; look at another one")
    length = float(np.linalg.norm(target))
    shares, off = _on_the_way(samples / length, target / length)
    stops = np.concatenate([[0.0], shares, [1.0]])
    shift = translation.best_shift(target, samples[0])
    same = samples.shape == again.shape
    yield Draw(
        {
            "samples": float(len(samples)),
            "rerun_change": translation.relative_difference(samples, again) if same else 1.0,
            "off_segment": float(off.max()),
            "largest_step": float(np.abs(np.diff(stops)).max()),
            "to_baseline": float(np.linalg.norm(samples.reshape(len(samples), -1), axis=1).max())
            / length,
            "shift": float(np.hypot(*shift)),
            "shift_mismatch": translation.mismatch(target, samples[0], shift),
        },
        tuple(
            Map(
                Text(
                    en=f"sample {k + 1} of {len(samples)}",
                    zh_hant=f"第 {k + 1} 個 sample，共 {len(samples)} 個",
                ),
                _shown(samples[k]),
                picture=picture,
            )
            for k in sorted({0, len(samples) // 2, len(samples) - 1})
        ),
    )


def _on_the_way(samples: Samples, target: Samples) -> tuple[Samples, Samples]:
    """Return each sample's nearest point on the segment from 0 to ``target``, of length 1.

    As a share of the way, and with the distance to it.
    """
    import numpy as np

    rows, way = samples.reshape(len(samples), -1), target.ravel()
    shares = (rows @ way).clip(0, 1)
    return shares, np.linalg.norm(rows - shares[:, None] * way, axis=1)


def _shown(sample: Samples) -> NDArray[np.float32]:
    import numpy as np

    return np.moveaxis(sample, 0, -1).clip(0, 1).astype(np.float32)
