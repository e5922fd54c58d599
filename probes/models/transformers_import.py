"""Importing transformers where torchvision's compiled operators cannot load beside this torch."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

from quizproof.probes.models.torchvision_import import torchvision_models


@cache
def transformers() -> Any:
    """The module ``transformers``, which then says nothing but errors, and those as exceptions."""
    torchvision_models()  # it makes importing torchvision, which transformers does, succeed
    module = importlib.import_module("transformers")
    module.utils.logging.disable_progress_bar()
    module.utils.logging.set_verbosity_error()
    return module
