"""The same results by what people use today: a notebook's loop, Captum, the ``lime`` package.

The model they are given is the one a person loads: torch's own layout, parameters that ask for
gradients, nothing folded. Each is written as its own documentation shows it.
"""

from __future__ import annotations

import copy
import io
from contextlib import redirect_stderr

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from quizproof.probes.methods.lime_explanation import superpixels
from quizproof.probes.models.classifiers import Classifier


class Plain(nn.Module):
    """A classifier's own network with its normalisation, as it came from training."""

    def __init__(self, classifier: Classifier) -> None:
        super().__init__()
        self.net = copy.deepcopy(classifier.net).to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]  # the stub lacks it
        self.mean, self.std = classifier.mean, classifier.std
        self.changes = bool((self.mean != 0).any() or (self.std != 1).any())
        self.requires_grad_(True)
        self.eval()

    def forward(self, pictures: Tensor) -> Tensor:
        if self.changes:
            pictures = (pictures - self.mean) / self.std
        logits: Tensor = self.net(pictures)
        return logits


def notebook_smoothgrad(
    model: Plain, picture: Tensor, label: int, sigma: float, samples: int, seed: int
) -> NDArray[np.float32]:
    """One noisy copy at a time; ``backward`` fills the parameters' gradients as well."""
    generator = torch.Generator().manual_seed(seed)
    target = torch.tensor([label])
    total = np.zeros(picture.shape, dtype=np.float64)
    for _ in range(samples):
        noise = sigma * torch.randn(picture.shape, generator=generator)
        copy_ = (picture + noise)[None].requires_grad_()
        model.zero_grad()
        cross_entropy(model(copy_), target).backward()  # type: ignore[no-untyped-call]
        assert copy_.grad is not None
        total += copy_.grad[0].abs().numpy()
    return (total / samples).astype(np.float32)


def notebook_saliency(model: Plain, pictures: Tensor, labels: Tensor) -> NDArray[np.float32]:
    """One loss of all pictures, each map |∂ loss ∕ ∂ input|, the largest over the colours."""
    inputs = pictures.clone().requires_grad_()
    model.zero_grad()
    cross_entropy(model(inputs), labels, reduction="sum").backward()  # type: ignore[no-untyped-call]
    assert inputs.grad is not None
    maps: NDArray[np.float32] = inputs.grad.abs().amax(dim=1).numpy()
    return maps


def notebook_visualisation(model: Plain, layer: str, pictures: Tensor, steps: int) -> Tensor:
    """Adam up the sum of filter 0 of ``layer``, from the pictures."""
    outputs: list[Tensor] = []
    hook = model.net.get_submodule(layer).register_forward_hook(
        lambda module, given, output: outputs.append(output)
    )
    changed = pictures.clone().requires_grad_()
    optimiser = torch.optim.Adam([changed], lr=0.1)
    for _ in range(steps):
        optimiser.zero_grad()
        outputs.clear()
        model(changed)
        (-outputs[0][:, 0].sum()).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    hook.remove()
    return changed.detach()


def notebook_integrated_gradients(model: Plain, picture: Tensor, label: int, steps: int) -> Tensor:
    """One step of the path at a time."""
    total = torch.zeros_like(picture)
    for step in range(steps):
        at = (picture * step / steps)[None].requires_grad_()
        model.zero_grad()
        model(at)[0, label].backward()
        assert at.grad is not None
        total += at.grad[0]
    return total / steps


def captum_smoothgrad(
    model: Plain, picture: Tensor, label: int, sigma: float, samples: int, seed: int, batch: int
) -> Tensor:
    """Captum's NoiseTunnel around its Saliency, of the cross-entropy."""
    from captum.attr import NoiseTunnel, Saliency

    def loss(pictures: Tensor) -> Tensor:
        labels = torch.full((len(pictures),), label)
        return cross_entropy(model(pictures), labels, reduction="none")

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        found: Tensor = NoiseTunnel(Saliency(loss)).attribute(
            picture[None],
            nt_type="smoothgrad",
            nt_samples=samples,
            nt_samples_batch_size=batch,
            stdevs=sigma,
        )
    return found[0].detach()


def captum_integrated_gradients(
    model: Plain, picture: Tensor, label: int, steps: int, batch: int
) -> Tensor:
    from captum.attr import IntegratedGradients

    found: Tensor = IntegratedGradients(model).attribute(
        picture[None],
        torch.zeros_like(picture)[None],
        target=label,
        n_steps=steps,
        method="riemann_left",
        internal_batch_size=batch,
    )
    return found[0].detach()


def captum_path_by_gauss(
    model: Plain, picture: Tensor, label: int, steps: int, batch: int
) -> Tensor:
    """Captum's integrated gradients by its default rule, one number a pixel."""
    from captum.attr import IntegratedGradients

    found: Tensor = IntegratedGradients(model).attribute(
        picture[None], target=label, n_steps=steps, internal_batch_size=batch
    )
    return found[0].detach().sum(dim=0)


def captum_gradient_shap(
    model: Plain, picture: Tensor, label: int, samples: int, sigma: float, seed: int
) -> Tensor:
    """Captum expands all samples at once, whatever they take."""
    from captum.attr import GradientShap

    np.random.seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        found: Tensor = GradientShap(model).attribute(
            picture[None], torch.zeros_like(picture)[None], samples, sigma, target=label
        )
    return found[0].detach().sum(dim=0)


def captum_occlusion(
    model: Plain, picture: Tensor, label: int, window: int, stride: int, batch: int
) -> Tensor:
    from captum.attr import Occlusion

    with torch.no_grad():
        found: Tensor = Occlusion(model).attribute(
            picture[None],
            (3, window, window),
            (3, stride, stride),
            target=label,
            perturbations_per_eval=batch,
        )
    return found[0, 0]


def captum_kernel_shap(
    model: Plain,
    picture: Tensor,
    label: int,
    samples: int,
    segments: NDArray[np.int64],
    seed: int,
    batch: int,
) -> Tensor:
    from captum.attr import KernelShap

    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(seed)
        found: Tensor = KernelShap(model).attribute(
            picture[None],
            target=label,
            feature_mask=torch.from_numpy(segments)[None, None],
            n_samples=samples,
            perturbations_per_eval=batch,
        )
    return found[0, 0]


def package_lime(
    model: Plain, picture: Tensor, label: int, samples: int, seed: int
) -> NDArray[np.float64]:
    """The weights by the ``lime`` package with its defaults, of one label; SLIC as in the course.

    Batches of 10; its progress bar is written to nowhere.
    """
    from lime.lime_image import LimeImageExplainer

    def predict(pictures: NDArray[np.float64]) -> NDArray[np.float32]:
        with torch.no_grad():
            logits = model(torch.from_numpy(pictures).float().permute(0, 3, 1, 2))
        return logits.numpy()  # type: ignore[no-any-return]

    with redirect_stderr(io.StringIO()):
        found = LimeImageExplainer(random_state=seed).explain_instance(
            picture.permute(1, 2, 0).numpy().astype(np.float64),
            predict,
            labels=(label,),
            top_labels=None,
            num_samples=samples,
            segmentation_fn=superpixels,
        )
    weights = np.zeros(len(found.local_exp[label]))
    for number, weight in found.local_exp[label]:
        weights[number] = weight
    return weights
