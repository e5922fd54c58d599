"""Kind ``classifier``: a network of torch that tells classes of pictures apart."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Literal

from quizproof.probes.kinds.kind import Entry, Kind, Part
from quizproof.probes.packs.network import Input, Network
from quizproof.probes.versions import version_of

if TYPE_CHECKING:
    from quizproof.probes.models.classifiers import Classifier


_AS_IN_THE_COURSE = Input(size=[128, 128])  # and values from 0 to 1


class ClassifierEntry(Network, Entry):
    """``kind: classifier``, with its architecture, weights, input and classes."""

    kind: Literal["classifier"]

    def identity(self) -> str:
        """The digest of the weights, which says all of a network of the course.

        Of any other it is one of the weights and all that the same weights could be given another
        meaning by: the architecture, the size of pictures, and how their values are scaled.
        """
        if self.architecture.course is not None and self.input == _AS_IN_THE_COURSE:
            return self.weights.sha256
        told = self.model_dump(mode="json", include={"architecture", "input"}, exclude_none=True)
        digests = json.dumps([self.weights.sha256, told], sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(digests.encode()).hexdigest()

    def rests_on(self) -> Any:
        told = self.model_dump(mode="json")
        if self.architecture.onnx is not None:
            told["onnxruntime"] = version_of("onnxruntime")  # None: loading says so
        return told

    @property
    def randomizes(self) -> bool:
        return self.architecture.onnx is None


def load(part: Part[ClassifierEntry], randomized: int | None) -> Classifier:
    """The classifier, with random weights if ``randomized``. Raises ClassifierError and others."""
    from quizproof.probes.models.classifiers import load_classifier, random_classifier
    from quizproof.probes.models.devices import default_device

    if randomized is None:
        return load_classifier(part, default_device())
    return random_classifier(part, randomized, default_device())


def architecture(part: Part[ClassifierEntry]) -> str:
    """``course`` whatever its width, ``torchvision:resnet18``, ``callable:module:name``, or ""."""
    return part.entry.architecture.name


KIND = Kind(name="classifier", entry=ClassifierEntry, load=load, architecture=architecture)
