"""Type of the module at a place in the network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.parameters import Name
from quizproof.probes.probe import Draw, category, probe
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Classifier
    from quizproof.probes.bench import Bench

_TYPES = ("Conv2d", "BatchNorm2d", "ReLU", "MaxPool2d", "Linear")


@probe(
    "network.layer_type",
    finding=Text(
        en="The module at {layer} is of the type {layer_type}.",
        zh_hant="{layer} 的模組類型是 {layer_type}。",
    ),
    measures=(
        category(
            "layer_type",
            (*_TYPES, "other"),
            Text(
                en="class of the module at the layer",
                zh_hant="該層模組的類別",
            ),
        ),
    ),
    example="""
        kind: single
        points: 1
        about: architecture
        prompt: What is the layer cnn.6?
        probe: {name: network.layer_type, with: {layer: cnn.6}}
        options:
          a: {text: A convolution, rule: layer_type == 'Conv2d'}
          b: {text: Something else, rule: layer_type != 'Conv2d'}
        expected: [a]
    """,
)
def layer_type(bench: Bench, *, model: Classifier, layer: Name) -> Iterator[Draw]:
    """The type of the module called ``layer`` in the model's own terms, such as ``cnn.6``."""
    name = type(model.layer(layer)).__name__
    yield Draw({"layer_type": name if name in _TYPES else "other"})
