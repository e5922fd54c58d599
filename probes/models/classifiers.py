"""From a manifest's classifier to a network that gives logits, its passes counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from quizproof.probes.kinds.kind import Part
from quizproof.probes.models.architectures import ClassifierError as ClassifierError
from quizproof.probes.models.architectures import build_network
from quizproof.probes.models.fitting import fitted
from quizproof.probes.models.folding import folded
from quizproof.probes.models.onnx_network import OnnxNetwork
from quizproof.probes.models.pace import Pace, outputs_sizes, pace_for
from quizproof.probes.models.passes import Passes
from quizproof.probes.models.precision import ieee_float32
from quizproof.probes.models.steadiness import refuse_unsteady
from quizproof.probes.models.weights import read_weights
from quizproof.probes.packs.network import Network
from quizproof.questions.near import did_you_mean
from quizproof.questions.problems import one_line


@dataclass(eq=False)
class Classifier:
    """A network in evaluation mode that takes pictures with values 0–1.

    ``net`` is the model itself, with the layer names of its own; call the classifier, not ``net``,
    for logits, since normalisation belongs to it. While a hook looks into ``net``, it is ``net``
    that runs; otherwise a folded copy of it may.
    """

    part_kind: ClassVar[str] = "classifier"

    net: nn.Module
    size: tuple[int, int]
    classes: tuple[str, ...]
    description: str
    mean: Tensor
    std: Tensor
    passes: Passes = field(default_factory=Passes)
    pace: Pace = field(default_factory=Pace)
    remarks: tuple[str, ...] = ()  # on how its weights were found in their file
    # never handed on: a classifier made from this one with another net is not this one's copy
    _folded: nn.Module | None = field(default=None, init=False, repr=False)
    _normalises: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._normalises = bool((self.mean != 0).any() or (self.std != 1).any())

    def fold(self) -> Classifier:
        """This classifier, faster from here on; its net is not to be changed any more."""
        self._folded = folded(self.net)
        for net in (self.net, self._folded):
            net.to(memory_format=self.pace.layout)  # type: ignore[call-overload]  # the stub lacks it
        return self

    @property
    def device(self) -> torch.device:
        return self.mean.device

    def __call__(self, pictures: Tensor) -> Tensor:
        """Logits, shape (N, classes), of ``pictures``, shape (N, 3, H, W), values 0–1."""
        self.passes.count(forward=len(pictures))
        # a tensor of this pass alone, whose values the network may change in place
        taken = (pictures - self.mean) / self.std if self._normalises else pictures.clone()
        if taken.requires_grad:
            # on a tensor of this pass alone: `pictures` may go through many
            taken.register_hook(self._count_backward)  # type: ignore[no-untyped-call]
        net = self.net if self._folded is None or _looked_into(self.net) else self._folded
        logits: Tensor = net(taken)
        return logits

    def layer(self, name: str) -> nn.Module:
        """The module called ``name`` in the model's own terms, such as ``cnn.15``.

        Raises ClassifierError.
        """
        try:
            return self.net.get_submodule(name)
        except AttributeError:
            known = [known for known, _ in self.net.named_modules() if known]
            last = f"its last one is {known[-1]}" if known else "it has none by name"
            mend = did_you_mean(name, known, "")
            mend = f"{mend} ({last})" if mend else last
            raise ClassifierError(f"{self.description} has no layer {name}; {mend}") from None

    def class_called(self, name: str) -> int:
        """The number of the class called ``name``. Raises ClassifierError, also where two are."""
        found = [number for number, known in enumerate(self.classes) if known == name]
        if not found:
            mend = did_you_mean(name, self.classes, f"name one such as {self.classes[0]!r}")
            raise ClassifierError(f"{self.description} has no class {name!r}; {mend}")
        if len(found) > 1:
            raise ClassifierError(
                f"{self.description} has {len(found)} classes called {name!r}, "
                f"numbers {', '.join(map(str, found))}; give them names of their own in the pack"
            )
        return found[0]

    def class_name(self, number: int) -> str:
        """The name that class ``number`` alone has. Raises ClassifierError where others have it."""
        name = self.classes[number]
        self.class_called(name)
        return name

    def _count_backward(self, gradient: Tensor) -> None:
        self.passes.count(backward=len(gradient))


def _looked_into(net: nn.Module) -> bool:
    return any(module._forward_hooks or module._forward_pre_hooks for module in net.modules())


def load_classifier(part: Part[Network], device: torch.device) -> Classifier:
    """A classifier with its weights. Raises ClassifierError, WeightsError, PackErrors."""
    says = part.entry
    net, remarks = _with_weights(part)
    classifier = _classifier(says, net, part.description, device)
    # the others have nothing in them that could be
    if says.architecture.callable is not None or says.architecture.onnx is not None:
        pictures = _random_pictures(classifier.size, 0, 3).to(device)
        refuse_unsteady(classifier, pictures, classifier.description)
    return replace(classifier, remarks=remarks, passes=Passes()).fold()


def _with_weights(part: Part[Network]) -> tuple[nn.Module, tuple[str, ...]]:
    """The network, and what a person should know of how it was found in its file."""
    says = part.entry
    path = part.files.file(says.weights)
    if says.architecture.onnx is not None:
        height, width = says.input.size
        graph = OnnxNetwork(path, (height, width))
        return graph, graph.remarks
    net = build_network(says.architecture, len(says.classes), 0, part.files.folder)
    weights = fitted(read_weights(path), net.state_dict(), path)
    # assigned, not copied: what is mapped from a file, workers share by the system's pages
    net.load_state_dict(weights.state, assign=True)
    return net, weights.remarks


@ieee_float32()
def random_classifier(part: Part[Network], seed: int, device: torch.device) -> Classifier:
    """The same architecture with random weights: what is true of both is not in the weights.

    Its batch normalisation is first shown a few random pictures. Without that, as torch
    initialises it, each of the course's eleven layers shrinks the signal, and the logits of
    different pictures differ in the sixth decimal: nothing that could be measured. Raises
    MissingError for one in ONNX.
    """
    says = part.entry
    if says.architecture.onnx is not None:
        from quizproof.probes.packs.pack import MissingError

        raise MissingError(
            f"{part.description} is ONNX, which has no weights to randomise; "
            "name the network itself in the pack"
        )
    net = build_network(says.architecture, len(says.classes), seed, part.files.folder)
    randomized = _classifier(says, net, f"{part.pack} with random weights", device)
    settle_normalisation(randomized, seed, net.modules())
    return randomized.fold()


def _classifier(
    says: Network, net: nn.Module, description: str, device: torch.device
) -> Classifier:
    net.requires_grad_(False).eval().to(device)
    mean, std = (
        torch.tensor(v, device=device)[:, None, None] for v in (says.input.mean, says.input.std)
    )
    height, width = says.input.size
    classifier = Classifier(
        net=net,
        size=(height, width),
        classes=tuple(says.classes),
        description=description,
        mean=mean,
        std=std,
    )
    _try_out(classifier)
    return classifier


def _try_out(classifier: Classifier) -> None:
    """Find the classifier's pace on one grey picture.

    Raises ClassifierError where it does not give one finite logit per class.
    """
    grey = torch.full((1, 3, *classifier.size), 0.5, device=classifier.device)
    try:
        with torch.no_grad(), outputs_sizes(classifier.net) as sizes:
            logits = classifier(grey)
    except Exception as error:  # the network may be anyone's code
        raise ClassifierError(
            f"{classifier.description} cannot take a picture of {classifier.size[0]} × "
            f"{classifier.size[1]} pixels ({one_line(str(error), 120)}); "
            "mend 'input' in the manifest"
        ) from None
    wanted = (1, len(classifier.classes))
    if not isinstance(logits, Tensor) or logits.shape != wanted:
        given = tuple(logits.shape) if isinstance(logits, Tensor) else type(logits).__name__
        raise ClassifierError(
            f"{classifier.description} gives {given} for one picture and {wanted[1]} classes; "
            "mend 'classes' in the manifest"
        )
    if not logits.isfinite().all():
        raise ClassifierError(
            f"{classifier.description} gives {logits[0].tolist()[0]} for a grey picture; "
            "take a checkpoint from before training diverged"
        )
    classifier.pace = pace_for(sizes, classifier.device)
    classifier.passes = Passes()


def settle_normalisation(classifier: Classifier, seed: int, of: Iterable[nn.Module]) -> None:
    """Give batch normalisation the statistics of random pictures with coarse and fine detail.

    That is the one among the modules ``of`` the classifier's net.
    """
    norms = [module for module in of if isinstance(module, _BatchNorm)]
    if not norms:
        return
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.train()
        norm.momentum = None  # the plain mean
    with torch.no_grad():
        classifier(_random_pictures(classifier.size, seed).to(classifier.device))
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.eval()
        norm.momentum = momentum
    classifier.passes = Passes()


def _random_pictures(size: tuple[int, int], seed: int, count: int = 8) -> Tensor:
    """Noise of every scale at once, as photographs have it: (count, 3, H, W), values 0–1."""
    generator = torch.Generator().manual_seed(seed)
    pictures = torch.zeros(count, 3, *size)
    scale = 1
    while scale <= min(size):
        coarse = torch.randn(count, 3, size[0] // scale, size[1] // scale, generator=generator)
        pictures += nn.functional.interpolate(coarse, size, mode="bilinear")
        scale *= 2
    low, high = pictures.amin((1, 2, 3), keepdim=True), pictures.amax((1, 2, 3), keepdim=True)
    return (pictures - low) / (high - low).clamp(min=1e-6)
