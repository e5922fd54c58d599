"""From a manifest's classifier to a network that gives logits, its passes counted."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn

from quizproof.probes.course import course_network
from quizproof.probes.pack import Architecture, ClassifierRole, Pack
from quizproof.probes.weights import read_weights
from quizproof.questions.problems import QuizproofError


class ClassifierError(QuizproofError):
    """An architecture that cannot be built, or weights that are not its own."""


@dataclass
class Passes:
    """Pictures that went through a network, forward and backward to the input."""

    forward: int = 0
    backward: int = 0


@dataclass
class Classifier:
    """A network in evaluation mode that takes pictures with values 0–1.

    ``net`` is the model itself, with the layer names of its own; call the classifier, not ``net``,
    for logits, since normalisation belongs to it.
    """

    net: nn.Module
    size: tuple[int, int]
    classes: tuple[str, ...]
    description: str
    mean: Tensor
    std: Tensor
    passes: Passes = field(default_factory=Passes)

    @property
    def device(self) -> torch.device:
        return self.mean.device

    def __call__(self, pictures: Tensor) -> Tensor:
        """Logits, shape (N, classes), of ``pictures``, shape (N, 3, H, W), values 0–1."""
        self.passes.forward += len(pictures)
        if pictures.requires_grad:
            pictures.register_hook(self._count_backward)
        logits: Tensor = self.net((pictures - self.mean) / self.std)
        if logits.shape != (len(pictures), len(self.classes)):
            raise ClassifierError(
                f"{self.description} gives {tuple(logits.shape)} for {len(pictures)} pictures and "
                f"{len(self.classes)} classes; mend 'classes' in the manifest"
            )
        return logits

    def layer(self, name: str) -> nn.Module:
        """The module called ``name`` in the model's own terms, such as ``cnn.15``.

        Raises ClassifierError.
        """
        try:
            return self.net.get_submodule(name)
        except AttributeError:
            raise ClassifierError(f"{self.description} has no layer {name}") from None

    def _count_backward(self, gradient: Tensor) -> None:
        self.passes.backward += len(gradient)


def default_device() -> torch.device:
    """The GPU if there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def load_classifier(pack: Pack, device: torch.device) -> Classifier:
    """The pack's classifier with its weights. Raises ClassifierError, WeightsError, PackErrors."""
    role = pack.classifier
    path = pack.path(role.weights.file, role.weights.sha256)
    net = _build(role.architecture, len(role.classes), seed=0)
    _load(net, path)
    return _classifier(role, net, f"classifier of {pack.manifest.name}", device)


def random_classifier(pack: Pack, seed: int, device: torch.device) -> Classifier:
    """The same architecture with random weights: what is true of both is not in the weights."""
    role = pack.classifier
    net = _build(role.architecture, len(role.classes), seed)
    return _classifier(role, net, f"{pack.manifest.name} with random weights", device)


def _classifier(
    role: ClassifierRole, net: nn.Module, description: str, device: torch.device
) -> Classifier:
    net.requires_grad_(False).eval().to(device=device, memory_format=torch.channels_last)
    mean, std = (
        torch.tensor(v, device=device)[:, None, None] for v in (role.input.mean, role.input.std)
    )
    height, width = role.input.size
    return Classifier(net, (height, width), tuple(role.classes), description, mean, std)


def _build(architecture: Architecture, classes: int, seed: int) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if architecture.course is not None:
            return course_network(architecture.course.width, classes)
        try:
            if architecture.torchvision is not None:
                return _torchvision_network(architecture.torchvision, classes)
            assert architecture.callable is not None
            module, _, name = architecture.callable.partition(":")
            built = importlib.import_module(module)
            for part in name.split("."):
                built = getattr(built, part)
            network = built()  # type: ignore[operator]
        except QuizproofError:
            raise
        except Exception as error:  # another's code: whatever it raises is about this role only
            raise ClassifierError(
                f"architecture {architecture.torchvision or architecture.callable} cannot be "
                f"built ({error}); name one that is installed"
            ) from error
    if not isinstance(network, nn.Module):
        raise ClassifierError(f"{architecture.callable} gives no torch module")
    return network


def _torchvision_network(name: str, classes: int) -> nn.Module:
    from quizproof.probes.torchvision_import import torchvision_models

    network: nn.Module = torchvision_models().get_model(name, weights=None, num_classes=classes)
    return network


def _load(net: nn.Module, path: Path) -> None:
    state = read_weights(path)
    expected = net.state_dict()
    wrong = sorted(
        [f"{name} is missing" for name in expected.keys() - state.keys()]
        + [f"{name} is unexpected" for name in state.keys() - expected.keys()]
        + [
            f"{name} is {tuple(state[name].shape)}, not {tuple(expected[name].shape)}"
            for name in expected.keys() & state.keys()
            if state[name].shape != expected[name].shape
        ]
    )
    if wrong:
        raise ClassifierError(
            f"{path} does not fit the architecture: {wrong[0]}"
            + (f" and {len(wrong) - 1} more" if len(wrong) > 1 else "")
            + "; name the architecture these weights were trained with"
        )
    net.load_state_dict(state)
