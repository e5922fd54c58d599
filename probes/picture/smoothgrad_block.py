"""One draw of SmoothGrad: the course's whole setting, shared by every question that asks for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes.models.view import View
    from quizproof.probes.packs.pictures import Mask

    Channels: TypeAlias = NDArray[np.float64]  # (3, H, W)

Noise: TypeAlias = Literal["notebook", "paper"]
FOOD = "food"


@dataclass(frozen=True)
class SmoothGrad:
    """A SmoothGrad map before the closing min-max, with those of its first and second half."""

    map: Channels
    halves: tuple[Channels, Channels]


def smoothgrad_draw(
    view: View, picture: int, *, samples: int, noise: Noise, draw: int
) -> SmoothGrad:
    """Draw ``draw`` of the SmoothGrad map of picture ``picture`` over ``samples`` noisy copies.

    The notebook does not seed its noise, so this is *a* draw of its setting. The two halves share
    no copy, so what they have in common is not chance. Raises NoMassError for a map that is zero
    everywhere, NoiseError for fewer than two copies or a picture that has no noise, GradientError.
    """
    import numpy as np

    sizes = (samples // 2, samples - samples // 2)

    def compute() -> Channels:
        import torch

        from quizproof.probes.methods import smoothgrad

        # the noise of different pictures is independent
        seed = (view.bench.draw_seed(draw) + picture) % 2**32
        generator = torch.Generator().manual_seed(seed)
        try:
            halves: Channels = smoothgrad.smoothgrad_of_parts(
                view.model,
                view.picture(picture),
                view.label(picture),
                sizes,
                noise=noise,
                generator=generator,
            ).numpy()
        except smoothgrad.NoiseError as error:
            raise smoothgrad.NoiseError(f"picture {picture}: {error}") from None
        return halves

    halves = view.of_draw(("smoothgrad", picture, samples, noise, draw), compute)
    whole = np.average(halves, axis=0, weights=sizes)
    if not whole.any():
        from quizproof.probes.methods.localisation import NoMassError

        raise NoMassError(
            f"SmoothGrad of picture {picture} is zero in all of {samples} noisy copies: nothing "
            f"that {view.model.description} answers depends on it; check the weights"
        )
    return SmoothGrad(whole, (halves[0], halves[1]))


def smoothgrad_draws(
    view: View,
    pictures: Iterable[int],
    *,
    samples: int,
    noise: Noise,
    redrawn: Collection[int] | None = None,
    unsteady: Callable[[int], bool] = lambda picture: False,
) -> Iterator[dict[int, SmoothGrad]]:
    """Draw after draw of ``smoothgrad_draw`` for several pictures.

    Of pictures that ``redrawn`` leaves out, the first draw is handed out every time, unless it is
    ``unsteady``, which is asked after that draw: another may well be seen otherwise.
    """
    drawn: dict[int, SmoothGrad] = {}
    every = list(pictures)
    anew = every
    for draw in count():
        if draw == 1 and redrawn is not None:
            anew = [p for p in every if p in redrawn or unsteady(p)]
        for picture in anew:
            drawn[picture] = smoothgrad_draw(view, picture, samples=samples, noise=noise, draw=draw)
        yield dict(drawn)


def shown(channels: Channels) -> Channels:
    """A map (3, H, W) as it is shown, grey: the mean of its channels after the closing min-max.

    (H, W), 0–1. What is the same everywhere has nothing to show and is 0.
    """
    from quizproof.probes.methods.display import min_max

    grey: Channels = min_max(channels).mean(axis=0)
    return grey


def food_of(view: View, picture: int) -> Mask:
    """The region ``food`` of a picture. Raises EmptyRegionError where it is the whole picture."""
    from quizproof.probes.methods.localisation import EmptyRegionError

    food = view.region(picture, FOOD)
    if food.all():
        raise EmptyRegionError(
            f"region {FOOD} fills picture {picture}, which leaves nothing to tell it from; mend "
            "the region, or leave the picture out"
        )
    return food
