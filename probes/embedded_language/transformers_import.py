"""Importing transformers where torchvision's compiled operators cannot load beside this torch."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

from quizproof.probes.torchvision_import import torchvision_models


@cache
def transformers() -> Any:
    """The module ``transformers``."""
    torchvision_models()  # it makes importing torchvision, which transformers does, succeed
    return importlib.import_module("transformers")
