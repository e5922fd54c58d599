"""What an attribution map keeps when layers of the network lose what they learned."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from quizproof.probes.methods.attribution_settings import SAMPLED, Method
from quizproof.probes.models.view import View
from quizproof.probes.parameters import Counts, Index, Name, Share, Times
from quizproof.probes.picture import attribution_likeness
from quizproof.probes.picture.attribution_likeness import SignedMass, counted
from quizproof.probes.probe import Draw, Map, Sampled, probe
from quizproof.probes.units import SPEARMAN
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench


@probe(
    "attribution.randomised",
    finding=Text(
        en=(
            "With random weights in the last layers, as many as stand before each colon, the "
            "map's rank correlation ρ with what it was is {spearman_{item}}, and its SSIM to it "
            "is {ssim_{item}}."
        ),
        zh_hant=(
            "將最後若干層（冒號前為層數）的權重隨機化之後，新的圖與原圖的等級相關 ρ 為 "
            "{spearman_{item}}；SSIM 為 {ssim_{item}}。"
        ),
    ),
    measures=attribution_likeness.measures("last"),
    stochastic=Sampled("method", SAMPLED),
    tolerance=1e-3,
    example="""
        kind: single
        points: 1
        about: model
        prompt: Does the guided backpropagation of picture 1 change with the last layer's weights?
        probe:
          name: attribution.randomised
          with:
            picture: 1
            method: {name: guided_backprop, colours: largest_size}
            last: [1]
            networks: 3
            mass: absolute
            top: 0.1
        thresholds:
          alike: {value: 0.5, from: halfway from maps that are unrelated to a map and itself}
        options:
          a: {text: It becomes another map, rule: spearman_1 < alike}
          b: {text: It stays much the same, rule: spearman_1 >= alike}
        expected: [b]
    """,
)
def attribution_randomised(
    bench: Bench,
    *,
    model: Classifier,
    photos: Pictures,
    picture: Index,
    method: Method,
    target: Name | None = None,
    last: Counts,
    networks: Times,
    mass: SignedMass,
    top: Share,
) -> Iterator[Draw]:
    """Likeness of an attribution map to those with random weights in the ``last`` layers.

    The cascading randomisation of Adebayo et al. 2018: for each number in ``last`` that many layers
    with weights, in the order in which the network defines them and the last one first, lose what
    they learned. It is the mean over ``networks`` that are drawn, the same in every run.
    ``target``, ``mass`` and ``top`` are as in attribution.compared, and the class stays the same.
    """
    import numpy as np

    from quizproof.probes.methods.attribution import attribution, attribution_of
    from quizproof.probes.methods.map_similarity import Likeness, likeness
    from quizproof.probes.models.randomised import with_random_layers

    view = View(bench, model, photos)
    number, sampled = view.target(picture, target), method["name"] in SAMPLED
    for draw in count() if sampled else (None,):
        seed = bench.fixed_seed if draw is None else bench.draw_seed(draw)
        learned = attribution_of(view, picture, number, method, draw)
        values: dict[str, float] = {}
        maps = [(Text(en="as learned", zh_hant="學得的權重"), learned)]
        for layers in last:
            found = []
            for each in range(networks):
                randomised = with_random_layers(model, layers, each)
                changed = attribution(randomised, view.picture(picture), number, method, seed)
                found.append(likeness(counted(learned, mass), counted(changed, mass), top))
                if each == 0:
                    maps.append((_random(layers), changed))
            names = ("spearman", "cosine", "ssim", "top")
            mean = Likeness(*(float(np.mean([getattr(f, n) for f in found])) for n in names))
            values |= attribution_likeness.values(mean, f"_{layers}")
        yield Draw(
            values,
            tuple(
                Map(title, shown.astype(np.float32), picture=picture, signed=bool(shown.min() < 0))
                for title, shown in maps
            ),
            series={"rho": tuple(values[f"spearman_{layers}"] for layers in sorted(last))},
            captions={"rho": Text(en="ρ to the map as learned", zh_hant="與原圖的等級相關 ρ")},
            series_name=Text(en="place in `last`, by size", zh_hant="`last` 由小到大的序號"),
            series_unit=SPEARMAN,
        )


def _random(layers: int) -> Text:
    return Text(
        en=f"random weights in the last {layers} layers", zh_hant=f"最後 {layers} 層權重隨機"
    )
