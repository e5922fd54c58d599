"""The rows about single methods: against what people use today, and against the floor.

The floor is the time of the bare model passes that a result needs: the folded network in the layout
it is fastest in, at the best batch size found, on inputs that are there already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.methods import integrated_gradients, lime_explanation, smoothgrad
from quizproof.probes.models.classifiers import Classifier
from quizproof.probes.models.folding import folded
from quizproof.probes.models.passes import Passes
from tests.bench import today
from tests.bench.pairs import Row, best
from tests.planted import view

SEED = 16
BATCHES = (1, 2, 5, 10, 20, 50)
EQUAL = 1e-3  # ‖ours − theirs‖ ∕ ‖theirs‖

Map: TypeAlias = Tensor | NDArray[np.float32] | NDArray[np.float64]


@dataclass(frozen=True)
class Sizes:
    """How much of each is done."""

    smoothgrad: int = 500
    lime: int = 1000
    steps: int = 50
    shap: int = 200
    pairs: int | None = None
    batches: tuple[int, ...] = BATCHES


def rows(bench: Bench, number: int, sizes: Sizes) -> Iterator[Row]:
    """The rows for picture ``number`` of the bench's pack."""
    shown = view(bench)
    classifier, picture, label = shown.model, shown.picture(number), shown.label(number)
    plain = today.Plain(classifier)
    floor = Floor(classifier, sizes.batches)
    sigma = smoothgrad.noise_sigma(picture, "notebook")

    def ours_smoothgrad() -> Tensor:
        generator = torch.Generator().manual_seed(SEED)
        return smoothgrad.smoothgrad(
            classifier,
            picture,
            label,
            samples=sizes.smoothgrad,
            noise="notebook",
            generator=generator,
        )

    def ours_lime() -> NDArray[np.float64]:
        array = picture.permute(1, 2, 0).numpy().astype(np.float64)
        segments = lime_explanation.superpixels(array)
        return lime_explanation.explain(
            classifier,
            picture,
            label,
            segments,
            seed=SEED,
            samples=sizes.lime,
            batch=classifier.pace.pictures,
        ).weights

    def ours_path() -> Tensor:
        return integrated_gradients.integrated_gradients(classifier, picture, label, sizes.steps)

    work = f"SmoothGrad, {sizes.smoothgrad} samples"
    yield Row(
        work,
        "the notebook's loop",
        ours_smoothgrad,
        partial(today.notebook_smoothgrad, plain, picture, label, sigma, sizes.smoothgrad, SEED),
        equal,
        6,
        repeat=3,
    )
    tunnel = partial(today.captum_smoothgrad, plain, picture, label, sigma)
    size = best(
        lambda batch: tunnel(min(50, sizes.smoothgrad), SEED, batch),
        [b for b in sizes.batches if b <= sizes.smoothgrad],
    )

    def captums_copies() -> Tensor:
        return shown_to(plain, lambda: tunnel(sizes.smoothgrad, SEED, size))

    yield Row(
        work,
        f"Captum NoiseTunnel, batch {size}",
        ours_smoothgrad,
        lambda: tunnel(sizes.smoothgrad, SEED, size),
        lambda _, theirs: equal(smoothgrad_of(classifier, captums_copies(), label), theirs),
        1.5,
    )
    yield floor.row(work, classifier, ours_smoothgrad, sizes.smoothgrad, backward=True)

    work = f"LIME, {sizes.lime} samples"
    yield Row(
        work,
        "the lime package, its defaults",
        ours_lime,
        partial(today.package_lime, plain, picture, label, sizes.lime, SEED),
        equal,
        2,
        repeat=3,
    )
    yield floor.row(work, classifier, ours_lime, sizes.lime, backward=False)

    work = f"integrated gradients, {sizes.steps} steps"
    path = partial(today.captum_integrated_gradients, plain, picture, label, sizes.steps)
    size = best(path, [b for b in sizes.batches if b <= sizes.steps])
    yield Row(
        work,
        f"Captum, batch {size}",
        ours_path,
        lambda: path(size),
        equal,
        1.3,
    )
    yield floor.row(work, classifier, ours_path, sizes.steps, backward=True)


class Floor:
    """Bare passes of a classifier's network, nothing else."""

    def __init__(self, classifier: Classifier, batches: tuple[int, ...]) -> None:
        self._net: nn.Module = folded(classifier.net)
        self._batches = batches
        self._size = classifier.size

    def row(
        self,
        work: str,
        classifier: Classifier,
        ours: Callable[[], Any],
        passes: int,
        *,
        backward: bool,
    ) -> Row:
        def counted() -> Passes:
            before = classifier.passes + Passes()
            ours()
            return classifier.passes - before

        batch = best(lambda size: self._pass(size, backward), self._batches_for(passes))
        return Row(
            work,
            f"the floor: {passes} bare passes in batches of {batch}",
            ours,
            partial(self._passes, passes, batch, backward),
            lambda result, theirs: same_passes(counted(), theirs),
            1.15,
            "overhead",
        )

    def _batches_for(self, passes: int) -> list[int]:
        return [size for size in self._batches if size <= passes]

    def _pass(self, size: int, backward: bool) -> None:
        # as many pictures whatever the batch, so that times compare
        self._passes(max(self._batches), size, backward)

    def _passes(self, passes: int, batch: int, backward: bool) -> Passes:
        inputs = torch.rand(batch, 3, *self._size).contiguous(memory_format=torch.channels_last)
        inputs.requires_grad_(backward)
        done = 0
        while done < passes:
            some = inputs[: min(batch, passes - done)]
            if backward:
                torch.autograd.grad(self._net(some)[:, 0].sum(), some)
            else:
                with torch.inference_mode():
                    self._net(some)
            done += len(some)
        return Passes(done, done if backward else 0)


def shown_to(plain: today.Plain, work: Callable[[], object]) -> Tensor:
    """All that goes into the network in ``work``: (N, 3, H, W)."""
    shown: list[Tensor] = []
    hook = plain.register_forward_hook(
        lambda module, given, output: shown.append(given[0].detach().clone())
    )
    try:
        work()
    finally:
        hook.remove()
    return torch.cat(shown)


def smoothgrad_of(classifier: Classifier, copies: Tensor, label: int) -> Tensor:
    """Our map over copies that another made."""
    left = iter(copies)
    ours = smoothgrad.noisy_copies

    def theirs(picture: Tensor, sigma: float, samples: int, generator: object) -> Tensor:
        return torch.stack([next(left) for _ in range(samples)])

    try:
        smoothgrad.noisy_copies = theirs
        return smoothgrad.smoothgrad(
            classifier,
            copies[0],
            label,
            samples=len(copies),
            noise="notebook",
            generator=torch.Generator(),
        )
    finally:
        smoothgrad.noisy_copies = ours


def equal(ours: Map, theirs: Map) -> str:
    """Asserts that maps or weights are equal but for rounding, and says how nearly.

    A rounding (of the folded network, or of another batch size) now and then moves a value over the
    kink of a ReLU, and with it the gradient of one copy among hundreds.
    """
    one, other = (np.asarray(m, dtype=np.float64) for m in (ours, theirs))
    assert one.shape == other.shape, f"shapes {one.shape} and {other.shape}"
    apart = float(np.linalg.norm(one - other) / np.linalg.norm(other))
    assert apart <= EQUAL, f"the results are {apart:.1g} of their size apart"
    return f"equal to {apart:.0e}"


def same_passes(ours: Passes, theirs: Passes) -> str:
    assert ours == theirs, f"{ours} passes against {theirs}"
    return f"{ours.forward} forward and {ours.backward} backward passes in both"
