"""Derivative that a saliency map shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.models.view import View
from quizproof.probes.parameters import Index, Times
from quizproof.probes.probe import Draw, Map, Measure, probe
from quizproof.probes.units import PEARSON
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

_FEWEST = 5  # cells: three unrelated pairs correlate above 0.99 once in 20, five once in 1600
_CANDIDATES = {
    "loss_by_parameters": "loss 對參數",
    "loss_by_input": "loss 對輸入",
    "parameters_by_loss": "參數對 loss ",
    "input_by_loss": "輸入對 loss ",
    "input_by_label": "輸入對 label ",
}


@probe(
    "saliency.derivative",
    finding=Text(
        en=(
            "The saliency map correlates at r = {agreement_loss_by_input} with the derivative of "
            "the loss by the input. With the derivative of the loss by the parameters, r is "
            "{agreement_loss_by_parameters}. With other derivatives it is "
            "{agreement_parameters_by_loss} (parameters by loss), {agreement_input_by_loss} (input "
            "by loss) and {agreement_input_by_label} (input by label)."
        ),
        zh_hant=(
            "saliency map 與「loss 對輸入的偏微分」的相關為 r = {agreement_loss_by_input}，與「"
            "loss 對參數的偏微分」為 {agreement_loss_by_parameters}。與其他偏微分的相關：參數對 "
            "loss {agreement_parameters_by_loss}、輸入對 loss {agreement_input_by_loss}、輸入對 "
            "label {agreement_input_by_label}。"
        ),
    ),
    measures=tuple(
        Measure(
            f"agreement_{name}",
            PEARSON,
            -1,
            1,
            Text(
                en=(
                    "correlation of the saliency map with finite differences of the "
                    f"derivative of {name.replace('_', ' ')}"
                ),
                zh_hant=f"saliency map 與「{chinese}的偏微分」之有限差分的相關",
            ),
        )
        for name, chinese in _CANDIDATES.items()
    ),
    tolerance=0.001,
    example="""
    kind: single
    points: 1
    about: method
    because: a saliency map is made the same way for every model
    prompt: By what is the loss differentiated in a saliency map?
    probe: {name: saliency.derivative}
    thresholds:
      off: {value: 0.01, from: five unrelated pairs correlate so nearly once in 1600 times}
    options:
      a: {text: By the input, rule: agreement_loss_by_input > 1 - off}
      b: {text: By the parameters, rule: agreement_loss_by_parameters > 1 - off}
    expected: [a]
    """,
)
def saliency_derivative(
    bench: Bench, *, model: Classifier, photos: Pictures, picture: Index = 0, cells: Times = 8
) -> Iterator[Draw]:
    """Agreement of the shown map of ``picture`` with five derivatives, each found by nudging.

    Every candidate is made a map as saliency is: magnitudes, largest over the colour channels.
    Those by input are as large as the picture. Those by parameters are the weights nearest the
    picture laid out as a matrix, output channels downwards, and stretched over the picture.
    Min-max keeps straight lines straight, so agreement is Pearson's r, over ``cells`` cells with
    the map's largest, 2nd, 4th … values down to its smallest.

    Input and parameters are no functions of the loss or of the label. What can be told is how far
    a single value has to move for the loss, or the label's logit, to move by one: the inverse of
    the derivative the other way round. Cells where that is infinite, or where the slopes to either
    side differ and there is no derivative, are left out. Agreement is 0 where fewer than five
    cells are left, values do not differ, or there are no parameters.
    """
    import numpy as np

    from quizproof.probes.methods import finite_differences, saliency

    view = View(bench, model, photos)
    shown, label = saliency.shown_saliency(view, picture), view.label(picture)
    exact = finite_differences.in_double(model)
    values: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}

    places = _spread(shown.ravel(), cells)
    pixels = [np.unravel_index(place, shown.shape) for place in places]
    entries = [(c, int(row), int(column)) for row, column in pixels for c in range(3)]
    slopes = finite_differences.by_pixels(exact, view.picture(picture), label, entries)
    loss, score = (np.abs(s).reshape(-1, 3) for s in (slopes.loss, slopes.score))
    here = shown.ravel()[places]
    with np.errstate(divide="ignore"):
        values["loss_by_input"] = here, loss.max(axis=1)
        values["input_by_loss"] = here, (1 / loss).max(axis=1)
        values["input_by_label"] = here, (1 / score).max(axis=1)

    weights = next((p for p in exact.net.parameters() if p.ndim > 1), None)
    if weights is not None:
        rows, columns = len(weights), weights[0].numel()
        down = ((np.arange(rows) + 0.5) * shown.shape[0] / rows).astype(int)
        right = ((np.arange(columns) + 0.5) * shown.shape[1] / columns).astype(int)
        laid_out = shown[np.ix_(down, right)].ravel()
        places = _spread(laid_out, cells)
        by_weights = finite_differences.by_weights(
            exact, view.picture(picture), label, weights, places
        )
        here, loss = laid_out[places], np.abs(by_weights.loss)
        with np.errstate(divide="ignore"):
            values["loss_by_parameters"] = here, loss
            values["parameters_by_loss"] = here, 1 / loss
    yield Draw(
        {f"agreement_{n}": _agreement(*values[n]) if n in values else 0.0 for n in _CANDIDATES},
        maps=(
            Map(
                Text(en="saliency", zh_hant="saliency map"),
                shown.astype(np.float32),
                picture=picture,
            ),
        ),
    )


def _spread(values: NDArray[np.float64], count: int) -> list[int]:
    """Places of the largest, …, smallest of ``values``: ``count`` ranks in a geometric row."""
    import numpy as np

    ranks = np.geomspace(1, values.size, min(count, values.size)).round().astype(int)
    order = np.argsort(-values, kind="stable")
    return [int(place) for place in order[np.unique(ranks) - 1]]


def _agreement(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    import numpy as np

    there = np.isfinite(other)
    one, other = one[there], other[there]
    if len(one) < _FEWEST or np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    scaled = other / np.abs(other).max()
    return float(np.clip(np.corrcoef(one, scaled)[0, 1], -1, 1))
