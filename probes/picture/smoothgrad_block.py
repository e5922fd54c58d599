"""One draw of SmoothGrad: a small block of noisy copies, shared by every question that asks for it.

SmoothGrad over 500 copies is the mean over such blocks. What is measured of a block and then
averaged or counted over draws is a property of the typical block, not of the map of all copies
together; shares of mass hardly differ between the two, single pixels do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes.bench import Bench

Noise: TypeAlias = Literal["notebook", "paper"]


def smoothgrad_block(
    bench: Bench, picture: int, *, samples: int, noise: Noise, draw: int
) -> NDArray[np.float32]:
    """Draw ``draw`` of the SmoothGrad map of picture ``picture`` over ``samples`` noisy copies,
    before the closing min-max: (3, H, W), ≥ 0.
    """

    def compute() -> NDArray[np.float32]:
        import torch

        from quizproof.probes.methods import smoothgrad

        # the noise of different pictures is independent
        seed = (bench.draw_seed(draw) + picture) % 2**32
        block = smoothgrad.smoothgrad(
            bench.classifier,
            bench.picture(picture),
            bench.label(picture),
            samples=samples,
            noise=noise,
            generator=torch.Generator().manual_seed(seed),
        )
        return block.numpy()

    return bench.of_draw(("smoothgrad", picture, samples, noise, draw), compute)
