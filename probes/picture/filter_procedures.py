"""Things that the results of filter activation and filter visualisation depend on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

from quizproof.probes.models.view import View
from quizproof.probes.parameters import Index, Indices, Name, Names, Times
from quizproof.probes.probe import Draw, Map, Measure, probe
from quizproof.probes.units import SHARE
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench


@probe(
    "filter.procedures",
    finding=Text(
        en=(
            "When the left third of the picture changes, a share of {part} of the change in filter "
            "activation lies on the left half. The filter activation changes by "
            "{activation_filter} for another filter, by {activation_later} with other later layers "
            "and by {activation_head} with another class head. The filter visualisation changes by "
            "{visualisation_filter} for another filter, by {visualisation_later} with other later "
            "layers and by {visualisation_head} with another class head. Here 0 is no change, and "
            "1 is nothing in common. Visualising a filter raises its activation by {gain} at "
            "least, where 1 is the most that is possible."
        ),
        zh_hant=(
            "圖片左側三分之一改變時，filter activation 的變化有 {part} 的比例落在左半邊。filter "
            "activation 在換成另一個 filter 時改變 {activation_filter}，換掉後面各層時改變 "
            "{activation_later}，換掉分類層時改變 {activation_head}。filter visualization 在換成另"
            "一個 filter 時改變 {visualisation_filter}，換掉後面各層時改變 {visualisation_later}，"
            "換掉分類層時改變 {visualisation_head}。0 為不變，1 為毫無共通處。visualization 使 "
            "filter 的 activation 至少上升 {gain}（最大可能為 1）。"
        ),
    ),
    measures=(
        Measure(
            "part",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "share of the filter activation's change that lies on the left half when the "
                    "picture's left third is changed"
                ),
                zh_hant="圖片左側三分之一改變時，filter activation 的變化落在左半邊的比例",
            ),
        ),
        Measure(
            "activation_filter",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "change of the filter activation for another filter; 0 is none, 1 is nothing "
                    "in common"
                ),
                zh_hant=(
                    "換成另一個 filter 時，filter activation 的變化；0 為不變，1 為毫無共通處"
                ),
            ),
        ),
        Measure(
            "activation_later",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "change of the filter activation when later layers are shuffled; 0 is none, 1 "
                    "is nothing in common"
                ),
                zh_hant=(
                    "打亂後面各層的權重時，filter activation 的變化；0 為不變，1 為毫無共通處"
                ),
            ),
        ),
        Measure(
            "activation_head",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "change of the filter activation when the class head is shuffled; 0 is none, 1 "
                    "is nothing in common"
                ),
                zh_hant="打亂分類層的權重時，filter activation 的變化；0 為不變，1 為毫無共通處",
            ),
        ),
        Measure(
            "gain",
            SHARE,
            -1,
            1,
            Text(
                en=(
                    "rise of a filter's summed activation from the picture to the filter's "
                    "visualisation, relative to the sizes of both; the least of the filters"
                ),
                zh_hant=(
                    "filter 的 activation 總和從原圖到其 visualization 的上升，相對於兩者的大小；取"
                    "各 filter 的最小值"
                ),
            ),
        ),
        Measure(
            "visualisation_filter",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "change of the filter visualisation for another filter; 0 is none, 1 is "
                    "nothing in common"
                ),
                zh_hant=(
                    "換成另一個 filter 時，filter visualization 的變化；0 為不變，1 為毫無共通處"
                ),
            ),
        ),
        Measure(
            "visualisation_later",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "change of the filter visualisation when later layers are shuffled; 0 is none, "
                    "1 is nothing in common"
                ),
                zh_hant=(
                    "打亂後面各層的權重時，filter visualization 的變化；0 為不變，1 為毫無共通處"
                ),
            ),
        ),
        Measure(
            "visualisation_head",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "change of the filter visualisation when the class head is shuffled; 0 is "
                    "none, 1 is nothing in common"
                ),
                zh_hant=(
                    "打亂分類層的權重時，filter visualization 的變化；0 為不變，1 為毫無共通處"
                ),
            ),
        ),
    ),
    tolerance=1e-3,
    example="""
        kind: single
        points: 1
        about: method
        because: what comes after a layer has no part in what it gives
        prompt: Does a filter's activation change with the layers behind it?
        probe:
          name: filter.procedures
          with:
            picture: 1
            layer: cnn.6
            filters: [0, 1]
            later: [cnn.10, cnn.20]
            head: [fc]
            steps: 5
        thresholds:
          depends: {value: 0.01, from: a screen shows a change from two of its 255 steps on}
        options:
          a: {text: It does, rule: activation_later > depends}
          b: {text: It does not, rule: activation_later <= depends}
        expected: [b]
    """,
)
def filter_procedures(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    picture: Index,
    layer: Name,
    filters: Indices,
    later: Names,
    head: Names,
    steps: Times,
) -> Iterator[Draw]:
    """Both procedures as experiments: one thing is changed at a time, and the results compared.

    Of ``filters`` of ``layer`` those are looked at that answer differently over the picture, two or
    more: one that is silent all over it, as a ReLU can be, has no gradient to climb and no place.
    The first is meant where nothing else is said, the second as another one. A change is
    Σ |before − after| ∕ (Σ |before| + Σ |after|), of the activation map or of what the
    visualisation of ``steps`` steps adds to the picture. Layers and head are changed by shuffling
    their weights, the left third of the picture by taking its negative. Where that changes nothing,
    half of the change counts as on the left half. Raises FilterError for fewer filters,
    EmptyRegionError for a picture of one colour.
    """
    import torch

    from quizproof.probes.methods import filters as procedures
    from quizproof.probes.methods.region_densities import require_parts

    view = View(bench, model, photos)
    start = view.picture(picture)[None]
    require_parts(start[0], picture)
    filters = _answering(model, layer, filters, start, picture)
    first, second = filters[:2]
    third = start.shape[-1] // 3
    repainted = torch.cat([1 - start[..., :third], start[..., third:]], dim=-1)
    seed = bench.fixed_seed
    with_later, with_head = (_shuffled(model, layers, seed) for layers in (later, head))

    def activation(changed: Classifier, number: int, pictures: Tensor) -> Tensor:
        maps = procedures.activation(changed, layer, number, pictures)
        return procedures.over_picture(maps, model.size)

    def added(changed: Classifier, number: int) -> Tensor:
        return procedures.visualisation(changed, layer, number, start, steps) - start

    def answers(pictures: Tensor) -> Tensor:
        """The summed activation of every filter."""
        return procedures.layer_activation(model, layer, pictures).double().sum(dim=(0, 2, 3))

    before = answers(start)
    map_ = activation(model, first, start)
    made = {number: added(model, number) for number in filters}
    yield Draw(
        {
            "part": _left_share(map_ - activation(model, first, repainted)),
            "activation_filter": _change(map_, activation(model, second, start)),
            "activation_later": _change(map_, activation(with_later, first, start)),
            "activation_head": _change(map_, activation(with_head, first, start)),
            "gain": min(
                _gain(float(before[number]), float(answers(start + made[number])[number]))
                for number in filters
            ),
            "visualisation_filter": _change(made[first], made[second]),
            "visualisation_later": _change(made[first], added(with_later, first)),
            "visualisation_head": _change(made[first], added(with_head, first)),
        },
        _maps(layer, first, picture, map_[0], (start + made[first])[0]),
    )


def _maps(
    layer: str, filter: int, picture: int, activated: Tensor, visualised: Tensor
) -> tuple[Map, Map]:
    return (
        Map(
            Text(
                en=f"activation of filter {filter} of {layer}",
                zh_hant=f"第 {filter} 個 filter 的 activation（{layer}）",
            ),
            _array(activated),
            picture=picture,
            signed=True,
        ),
        Map(
            Text(
                en=f"visualisation of filter {filter} of {layer}",
                zh_hant=f"第 {filter} 個 filter 的 visualization（{layer}）",
            ),
            _array(visualised.clamp(0, 1).permute(1, 2, 0)),
            picture=picture,
        ),
    )


def _answering(
    classifier: Classifier, layer: str, filters: Sequence[int], start: Tensor, picture: int
) -> list[int]:
    """Those of ``filters`` that do not answer alike all over the picture. Raises FilterError."""
    from quizproof.probes.methods import activation_maps
    from quizproof.probes.methods import filters as procedures

    maps = procedures.layer_activation(classifier, layer, start)[0]
    varying = activation_maps.varying(maps).tolist()
    found = [number for number in filters if number >= len(varying) or varying[number]]
    if len(found) < 2:
        raise procedures.FilterError(
            f"of filters {', '.join(map(str, filters))} of {layer} only {len(found)} answer "
            f"differently over picture {picture}, and one cannot be compared; name two or more"
        )
    return found


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


def _left_share(change: Tensor) -> float:
    size = change.double().abs()
    half = size.shape[-1] // 2
    return _ratio(float(size[..., :half].sum()), float(size.sum())) if size.any() else 0.5


def _gain(before: float, after: float) -> float:
    return _ratio(after - before, abs(before) + abs(after))


def _ratio(part: float, whole: float) -> float:
    """Within [−1, 1] whatever the rounding; 0 of nothing."""
    return max(-1.0, min(1.0, part / whole)) if whole > 0 else 0.0


def _array(tensor: Tensor) -> NDArray[np.float32]:
    return tensor.cpu().numpy()
