"""A language model for its embedding output alone, which takes a fraction of the whole's time."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from torch.nn import ModuleList

from quizproof.probes.models.language_models import LanguageModel


def embedding_only(model: LanguageModel) -> LanguageModel:
    """``model`` without its head and with its first layer alone, where it has a list of layers.

    The embedding output is what the first layer is given, so hidden state 0 is the whole model's.
    The weights are the same ones, in the same memory, and the passes are counted as the model's.
    """
    whole = getattr(model.net, "base_model", model.net)
    shared = {id(tensor): tensor for tensor in (*whole.parameters(), *whole.buffers())}
    net: Any = deepcopy(whole, shared)
    for stack in net.modules():
        if isinstance(stack, ModuleList) and len(stack) == model.layers:
            del stack[1:]
            net.config.num_hidden_layers = 1
            break
    return LanguageModel(
        net=net,
        tokenizer=model.tokenizer,
        description=model.description,
        device=model.device,
        passes=model.passes,
    )
