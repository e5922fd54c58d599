"""Effect of more steps on the map of integrated gradients that is displayed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.models.view import View
from quizproof.probes.parameters import Indices, Times
from quizproof.probes.probe import Draw, Map, Measure, probe
from quizproof.probes.units import GREY_LEVELS, SPEARMAN
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes import Classifier, Pictures
    from quizproof.probes.bench import Bench

_SHOWN = 2


@probe(
    "integrated_gradients.steps",
    finding=Text(
        en=(
            "The map of {few} steps and that of {more} steps have a rank correlation of ρ = "
            "{order_kept}. For two maps of {few} steps, one of them half a step further, it is "
            "{order_reproduced}. The brightest spot stands out by {spots_few} grey levels with "
            "{few} steps, and by {spots_more} with {more}."
        ),
        zh_hant=(
            "{few} 步與 {more} 步的圖，等級相關為 ρ = {order_kept}。同為 {few} 步、但其中一張移動半"
            "步時，ρ 為 {order_reproduced}。最亮的點比周圍高出的灰階：{few} 步時 {spots_few}，"
            "{more} 步時 {spots_more}。"
        ),
    ),
    measures=(
        Measure(
            "order_kept",
            SPEARMAN,
            -1,
            1,
            Text(
                en="rank correlation of the displays with few and with more steps",
                zh_hant="steps 少與 steps 多時，所顯示的兩張圖的等級相關",
            ),
        ),
        Measure(
            "order_reproduced",
            SPEARMAN,
            -1,
            1,
            Text(
                en=(
                    "rank correlation of two displays with few steps, one of them half a step "
                    "further"
                ),
                zh_hant="steps 同樣少、但其中一張移動半步時，所顯示的兩張圖的等級相關",
            ),
        ),
        Measure(
            "spots_few",
            GREY_LEVELS,
            0,
            255,
            Text(
                en="brightness of the brightest spot above its surroundings, with few steps",
                zh_hant="steps 少時，最亮的點比周圍高出多少",
            ),
        ),
        Measure(
            "spots_more",
            GREY_LEVELS,
            0,
            255,
            Text(
                en=("brightness of the brightest spot above its surroundings, with more steps"),
                zh_hant="steps 多時，最亮的點比周圍高出多少",
            ),
        ),
    ),
    tolerance=1e-3,
    example="""
        kind: single
        points: 1
        about: model
        prompt: Do integrated gradients look much the same with ten steps as with fifty?
        probe:
          name: integrated_gradients.steps
          with: {pictures: [0, 1, 2], few: 10, more: 50}
        thresholds:
          alike: {value: 0.5, from: halfway from maps that are unrelated to a map and itself}
        options:
          a: {text: They do, rule: order_kept >= alike}
          b: {text: They do not, rule: order_kept < alike}
        expected: [a]
    """,
)
def integrated_gradients_steps(
    bench: Bench, *, model: Classifier, photos: Pictures, pictures: Indices, few: Times, more: Times
) -> Iterator[Draw]:
    """The course's map, displayed as the course does, for two numbers of steps.

    The averaged gradients of the true class's logit are stretched to 0–1 (min-max, colours
    together) and seen as the brightness of a colour picture: what is bright speaks for the class,
    what is dark against it. Each quantity is its median over ``pictures``. A map of one value
    everywhere is displayed black, with no bright spots and no order: its correlation is 0. Raises
    NoMassError where no picture has a gradient.
    """
    import numpy as np

    from quizproof.probes.methods import display as see
    from quizproof.probes.methods.localisation import NoMassError

    view = View(bench, model, photos)
    measured: list[dict[str, float]] = []
    shown: list[Map] = []
    some = False
    for picture in pictures:
        maps = _maps(view, picture, few, more)
        some = some or any(bool(averaged.any()) for averaged in maps)
        displays = [see.display(see.min_max(averaged.cpu().numpy())) for averaged in maps]
        with_few, with_more, further = (see.brightness(display) for display in displays)
        measured.append(
            {
                "order_kept": see.order_kept(with_few, with_more),
                "order_reproduced": see.order_kept(with_few, further),
                "spots_few": see.standing_out(with_few),
                "spots_more": see.standing_out(with_more),
            }
        )
        if len(shown) < 2 * _SHOWN:
            shown += [
                Map(
                    Text(
                        en=f"integrated gradients, {steps} steps, as displayed",
                        zh_hant=f"顯示出的 integrated gradients，{steps} steps",
                    ),
                    display,
                    picture=picture,
                )
                for steps, display in zip((few, more), displays, strict=False)
            ]
    if not some:
        raise NoMassError(
            "no value of any picture changes the logit of its class: there are no integrated "
            "gradients to see; take a model that looks at its pictures"
        )
    yield Draw(
        {name: float(np.median([one[name] for one in measured])) for name in measured[0]},
        tuple(shown),
    )


def _maps(view: View, picture: int, few: int, more: int) -> tuple[Tensor, Tensor, Tensor]:
    """The maps with few and with more steps, and with few of which each is half a step further."""
    from quizproof.probes.methods import integrated_gradients as ig

    values = view.picture(picture)
    half = values / (2 * few)
    return (
        ig.averaged_gradients_of(view, picture, few),
        ig.averaged_gradients_of(view, picture, more),
        ig.averaged_gradients(view.model, values + half, view.label(picture), few, half),
    )
