"""What the results of filter activation and filter visualisation depend on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

from quizproof.probes.probe import Draw, Map, Measure, probe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from quizproof.probes.bench import Bench
    from quizproof.probes.classifiers import Classifier


@probe(
    "filter.procedures",
    roles=("classifier", "pictures"),
    measures=(
        Measure(
            "part",
            "share",
            0,
            1,
            "of the activation's change: on the left, when the left half of the picture changes",
        ),
        Measure("activation_filter", "share", 0, 1, "activation's change, for another filter"),
        Measure("activation_later", "share", 0, 1, "activation's change, with other later layers"),
        Measure("activation_head", "share", 0, 1, "activation's change, with another class head"),
        Measure(
            "gain",
            "share",
            -1,
            1,
            "rise of the filter's summed activation from the picture to its visualisation, "
            "relative to the sizes of both",
        ),
        Measure("gain_other", "share", -1, 1, "the same to the visualisation of another filter"),
        Measure("visualisation_later", "share", 0, 1, "visualisation's, with other later layers"),
        Measure("visualisation_head", "share", 0, 1, "visualisation's, with another class head"),
    ),
    tolerance=1e-3,
)
def filter_procedures(
    bench: Bench,
    *,
    picture: int,
    layer: str,
    filter: int,
    other_filter: int,
    later: list[str],
    head: list[str],
    steps: int,
) -> Iterator[Draw]:
    """Both procedures as experiments: one thing is changed at a time, and the results compared.

    A change is Σ |before − after| ∕ (Σ |before| + Σ |after|), of the activation map, or of what the
    visualisation of ``steps`` steps added to the picture. Layers and head are changed by shuffling
    their weights, the left half of the picture by taking its negative. Where that changes nothing,
    half of the change counts as on the left.
    """
    import torch

    from quizproof.probes.methods import filters

    classifier = bench.classifier
    start = bench.picture(picture)[None]
    half = start.shape[-1] // 2
    repainted = torch.cat([1 - start[..., :half], start[..., half:]], dim=-1)
    seed = bench.draw_seed(0)
    with_later, with_head = (_shuffled(classifier, layers, seed) for layers in (later, head))

    def activation(changed: Classifier, number: int, pictures: Tensor) -> Tensor:
        maps = filters.activation(changed, layer, number, pictures)
        return filters.over_picture(maps, classifier.size)

    def visualisation(changed: Classifier, number: int) -> Tensor:
        return filters.visualisation(changed, layer, number, start, steps)

    def answer(pictures: Tensor) -> float:
        maps = filters.layer_activation(classifier, layer, pictures)
        return float(maps[:, filter].double().sum())

    before = answer(start)
    map_ = activation(classifier, filter, start)
    made, made_for_other = (visualisation(classifier, n) for n in (filter, other_filter))
    yield Draw(
        {
            "part": _left_share(map_ - activation(classifier, filter, repainted), half),
            "activation_filter": _change(map_, activation(classifier, other_filter, start)),
            "activation_later": _change(map_, activation(with_later, filter, start)),
            "activation_head": _change(map_, activation(with_head, filter, start)),
            "gain": _gain(before, answer(made)),
            "gain_other": _gain(before, answer(made_for_other)),
            "visualisation_later": _change(made - start, visualisation(with_later, filter) - start),
            "visualisation_head": _change(made - start, visualisation(with_head, filter) - start),
        },
        (
            Map(f"activation of filter {filter} of {layer}", _array(map_[0]), picture, signed=True),
            Map(
                f"visualisation of filter {filter} of {layer}",
                _array(made[0].clamp(0, 1).permute(1, 2, 0)),
                picture,
            ),
        ),
    )


def _shuffled(classifier: Classifier, layers: Sequence[str], seed: int) -> Classifier:
    """A copy with the weights of ``layers`` in another order; its passes count with ours."""
    import torch

    copy = replace(classifier, net=deepcopy(classifier.net))
    generator = torch.Generator().manual_seed(seed)
    for layer in layers:
        for weights in copy.layer(layer).parameters():
            order = torch.randperm(weights.numel(), generator=generator).to(weights.device)
            weights.data = weights.data.flatten()[order].view(weights.shape)
    return copy


def _change(before: Tensor, after: Tensor) -> float:
    one, other = before.double(), after.double()
    return _ratio(float((one - other).abs().sum()), float(one.abs().sum() + other.abs().sum()))


def _left_share(change: Tensor, half: int) -> float:
    size = change.double().abs()
    return _ratio(float(size[..., :half].sum()), float(size.sum())) if size.any() else 0.5


def _gain(before: float, after: float) -> float:
    return _ratio(after - before, abs(before) + abs(after))


def _ratio(part: float, whole: float) -> float:
    """Within [−1, 1] whatever the rounding; 0 of nothing."""
    return max(-1.0, min(1.0, part / whole)) if whole > 0 else 0.0


def _array(tensor: Tensor) -> NDArray[np.float32]:
    return tensor.cpu().numpy()
