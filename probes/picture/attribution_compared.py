"""Two attribution maps compared: of two methods, pictures, classes or models."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Annotated, TypeAlias

from pydantic import Field

from quizproof.probes.methods.attribution_settings import SAMPLED, Method
from quizproof.probes.models.view import View
from quizproof.probes.parameters import Index, Name, Share
from quizproof.probes.picture import attribution_likeness
from quizproof.probes.picture.attribution_likeness import SignedMass, counted
from quizproof.probes.probe import Draw, Map, Sampled, probe
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

# of the first map and of the second; one is of both
_TWO = Field(min_length=1, max_length=2)
OneOrTwoPictures: TypeAlias = Annotated[list[Index], _TWO]
OneOrTwoMethods: TypeAlias = Annotated[list[Method], _TWO]
OneOrTwoNames: TypeAlias = Annotated[list[Name], _TWO]


@probe(
    "attribution.compared",
    finding=Text(
        en=(
            "The two maps correlate at ρ = {spearman}, have a cosine of {cosine} and an SSIM of "
            "{ssim}, and share {top} of their largest pixels."
        ),
        zh_hant=(
            "兩張圖的等級相關為 ρ = {spearman}，餘弦相似度為 {cosine}，SSIM 為 {ssim}，最大像素中"
            "有 {top} 是共有的。"
        ),
    ),
    measures=attribution_likeness.measures(),
    stochastic=Sampled("methods", SAMPLED),
    tolerance=1e-3,
    example="""
        kind: single
        points: 1
        about: model
        prompt: Are the saliency maps of picture 1 for two classes alike?
        probe:
          name: attribution.compared
          with:
            pictures: [1]
            methods: [{name: saliency, output: logit, colours: largest_size}]
            targets: [Bread, Dairy product]
            mass: absolute
            top: 0.1
        thresholds:
          alike: {value: 0.5, from: halfway from maps that are unrelated to a map and itself}
        options:
          a: {text: They are, rule: spearman >= alike}
          b: {text: They are not, rule: spearman < alike}
        expected: [a]
    """,
)
def attribution_compared(
    bench: Bench,
    *,
    models: list[Classifier],
    photos: Pictures,
    pictures: OneOrTwoPictures,
    methods: OneOrTwoMethods,
    targets: OneOrTwoNames = ["label"],  # noqa: B006 (YAML's, which nobody changes)
    mass: SignedMass,
    top: Share,
) -> Iterator[Draw]:
    """Likeness of two attribution maps: Spearman's ρ, cosine, SSIM, and the largest pixels shared.

    Of ``pictures``, ``methods``, ``targets`` and ``models`` one is of both maps, and two are of the
    first and of the second: at least one of these has two. A target is a class by its name,
    "predicted" the model's likeliest, "label" the picture's own. ``mass`` is the part of the maps
    that counts, and ``top`` the share of pixels that are the largest. SSIM has the settings of Wang
    et al. 2004. A map of one value is like none: its ρ is 0 (so compare Adebayo et al. 2018).
    """
    import numpy as np

    from quizproof.probes.methods.attribution import attribution_of
    from quizproof.probes.methods.map_similarity import likeness

    if not 1 <= len(models) <= 2:
        raise QuizproofError(f"{len(models)} models are no pair; name one or two under models")
    sides = []
    for at in (0, -1):
        view, number = View(bench, models[at], photos), pictures[at]
        sides.append((view, number, view.target(number, targets[at]), methods[at]))
    (first, *one), (second, *other) = sides
    if first.model is second.model and one == other:
        raise QuizproofError(
            "a map is compared with itself; name two different pictures, methods, targets or models"
        )
    drawn = any(method["name"] in SAMPLED for method in methods)
    for draw in count() if drawn else (0,):
        maps = [
            attribution_of(
                view, number, target, method, draw if method["name"] in SAMPLED else None
            )
            for view, number, target, method in sides
        ]
        found = likeness(counted(maps[0], mass), counted(maps[1], mass), top)
        shown = tuple(
            Map(
                attribution_likeness.title(method["name"], view.model.classes[target]),
                values.astype(np.float32),
                picture=number,
                signed=bool(values.min() < 0),
            )
            for values, (view, number, target, method) in zip(maps, sides, strict=True)
        )
        yield Draw(attribution_likeness.values(found), shown)
