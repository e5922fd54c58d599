"""Networks on which a question about a method has to come out the same."""

from __future__ import annotations

import copy
import shutil
from dataclasses import replace
from pathlib import Path

import torch
import yaml
from torch import nn

from quizproof.probes.models.classifiers import Classifier, load_classifier, random_classifier
from quizproof.probes.packs.pack import EMBEDDED, Pack

_CPU = torch.device("cpu")


def embedded() -> Classifier:
    return load_classifier(Pack(EMBEDDED).part("classifier"), _CPU)


def surer(times: float) -> Classifier:
    """The embedded network with all logits ``times`` as large."""
    classifier = embedded()
    net = copy.deepcopy(classifier.net)
    last = [module for module in net.modules() if isinstance(module, nn.Linear)][-1]
    last.weight.mul_(times)
    last.bias.mul_(times)
    return replace(classifier, net=net, description=f"logits × {times:g}")


def with_random_weights(seed: int) -> Classifier:
    return random_classifier(Pack(EMBEDDED).part("classifier"), seed, _CPU)


def of_architecture(folder: Path, **architecture: object) -> Classifier:
    """A network of another architecture for the embedded pictures, with random weights."""
    shutil.copytree(EMBEDDED, folder, ignore=shutil.ignore_patterns("language"))
    file = folder / "pack.yaml"
    manifest = yaml.safe_load(file.read_text(encoding="utf-8"))
    manifest["parts"]["classifier"]["architecture"] = architecture
    file.write_text(yaml.safe_dump(manifest), encoding="utf-8")
    return random_classifier(Pack(folder).part("classifier"), 0, _CPU)
