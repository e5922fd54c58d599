"""Loading a language model whole, from a folder that may be damaged or hostile.

Weights are safetensors alone, no code of the folder is run, and nothing of a size that only
``config.json`` claims is allocated. A head that its file lacks would be random: it is refused.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch

from quizproof.probes.models.language_files import WeightFiles, weight_files
from quizproof.probes.models.language_models import LanguageModel, LanguageModelError
from quizproof.probes.models.letter_case import wrong_case
from quizproof.probes.models.passes import Passes
from quizproof.probes.models.steadiness import refuse_unsteady_model
from quizproof.probes.models.tokens import load_tokenizer
from quizproof.probes.models.transformers_import import transformers
from quizproof.probes.packs.files import CONFIG
from quizproof.probes.packs.shards import WEIGHTS
from quizproof.questions.problems import one_line

MASKED, READER, ENCODER = "ForMaskedLM", "ForQuestionAnswering", "Model"
_CLASSES = {
    MASKED: "AutoModelForMaskedLM",
    "ForPreTraining": "AutoModelForMaskedLM",  # it has that head beside one that is not used
    READER: "AutoModelForQuestionAnswering",
    ENCODER: "AutoModel",
}
# heads that published checkpoints carry and that nothing here looks at
_UNUSED = ("pooler.", "cls.seq_relationship.", "sop_classifier.")
# constants that older versions of transformers saved among the weights
_CONSTANTS = (".attn.masked_bias", ".rotary_emb.inv_freq")
_MOST_LAYERS = 512
# how much more than the file holds a network may be: tied weights count once or twice
_SLACK_TIMES, _SLACK = 4, 1_000_000


@dataclass(frozen=True)
class Task:
    """A head that a model is loaded with, whatever head it was saved with is held against it."""

    name: str  # in a sentence
    auto: str  # the class of transformers that finds the model's own
    models: str  # transformers' table of these, by a configuration's model_type


CAUSAL: Final = Task(
    "causal language model", "AutoModelForCausalLM", "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES"
)
SEQ2SEQ: Final = Task(
    "sequence-to-sequence model",
    "AutoModelForSeq2SeqLM",
    "MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES",
)
EMBEDDING: Final = Task("encoder", "AutoModel", "MODEL_MAPPING_NAMES")


@dataclass(frozen=True)
class Network:
    """A transformer in evaluation mode, its tokenizer, and what to say of how it was taken."""

    net: Any
    tokenizer: Any
    description: str
    device: torch.device
    remarks: tuple[str, ...]


def load_language_model(
    folder: Path, description: str, device: torch.device, randomized: int | None = None
) -> LanguageModel:
    """The model in ``folder``, as ``from_pretrained`` lays it out, with the head it was saved with.

    With ``randomized``, the same architecture and tokenizer with random weights, those of that
    number. Raises LanguageModelError, TokenError.
    """
    model = LanguageModel(**vars(load_network(folder, description, device, None, randomized)))
    refuse_unsteady_model(model)
    model.passes = Passes()
    return model


def load_network(
    folder: Path,
    description: str,
    device: torch.device,
    task: Task | None,
    randomized: int | None = None,
) -> Network:
    """The network in ``folder`` with the head of ``task``; None is for the one it was saved with.

    With ``randomized``, its weights are the random ones of that number. Raises LanguageModelError,
    TokenError.
    """
    files = weight_files(folder)
    config = _config(folder)
    kind = _as_saved(config) if task is None else _for_task(folder, config, task)
    _refuse_claims(folder, config, kind, files)
    tokenizer = load_tokenizer(folder, slow=task is SEQ2SEQ)
    if randomized is None:
        net = _trained(folder, config, kind, files, task)
    else:
        net = _random(config, kind, randomized)
        description += " with random weights"
    _refuse_other_tokenizer(folder, net, tokenizer)
    if task is not None and tokenizer.is_fast and (said := wrong_case(tokenizer)):
        raise LanguageModelError(f"{folder}: {said}")
    return Network(
        net=net.eval().requires_grad_(False).to(device),
        tokenizer=tokenizer,
        description=description,
        device=device,
        remarks=files.remarks if randomized is None else (),
    )


def _trained(folder: Path, config: Any, kind: Any, files: WeightFiles, task: Task | None) -> Any:
    try:
        net, loading_info = kind.from_pretrained(
            os.fspath(folder),  # as a path it would be opened by its name
            config=config,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            attn_implementation="eager",
            dtype=torch.float32,
            ignore_mismatched_sizes=True,  # they are told, and then refused by name
            output_loading_info=True,
        )
    except Exception as error:  # a damaged file raises nearly anything from its reader
        raise _unloadable(folder, error) from None
    _refuse_partial(files, net, loading_info, task)
    return net


def _random(config: Any, kind: Any, number: int) -> Any:
    with torch.random.fork_rng():
        torch.manual_seed(number)
        return kind.from_config(
            config, attn_implementation="eager", dtype=torch.float32, trust_remote_code=False
        )


def _config(folder: Path) -> Any:
    try:
        config = transformers().AutoConfig.from_pretrained(
            os.fspath(folder), local_files_only=True, trust_remote_code=False
        )
    except Exception as error:  # a damaged file raises nearly anything from its reader
        raise _unloadable(folder, error) from None
    if getattr(config, "transformers_weights", None) is not None:
        raise LanguageModelError(f"{folder / CONFIG} names other weights than {WEIGHTS}; rename")
    if getattr(config, "quantization_config", None) is not None:
        raise LanguageModelError(
            f"{folder / CONFIG} names quantised weights, which are not read; "
            "take the model in float32, float16 or bfloat16"
        )
    return config


def _as_saved(config: Any) -> Any:
    """The class for the head that the checkpoint says it has."""
    name = _named(config) or ENCODER
    head = next((head for head in _CLASSES if name.endswith(head)), ENCODER)
    return getattr(transformers(), _CLASSES[head])


def _for_task(folder: Path, config: Any, task: Task) -> Any:
    """The class for the head of ``task``; LanguageModelError where it was saved with another.

    Some models have heads of several tasks: BERT could be loaded as one that sees only what came
    before, which it was not trained as.
    """
    tables: Any = transformers().models.auto.modeling_auto
    own = getattr(tables, task.models).get(config.model_type)
    plain = tables.MODEL_MAPPING_NAMES.get(config.model_type)
    named = _named(config)
    if task is EMBEDDING:
        fits = own is not None and not config.is_encoder_decoder  # of any head it leaves out
    else:
        fits = own is not None and named in (None, own, plain)
    if not fits:
        raise LanguageModelError(
            f"{folder / CONFIG} is of {one_line(str(named or config.model_type), 80)}, "
            f"which is no {task.name}; name the part's kind as the model was saved"
        )
    return getattr(transformers(), task.auto)


def _named(config: Any) -> str | None:
    """The class that the checkpoint says it was saved from."""
    named = config.architectures
    return str(named[0]) if isinstance(named, list) and named else None


def _refuse_claims(folder: Path, config: Any, kind: Any, files: WeightFiles) -> None:
    """Raises LanguageModelError where a network as in ``config`` is out of the file's proportion.

    It is built without memory first, since what its file lacks would be allocated and random.
    """
    tensors, name = len(files.names), files.named.name
    for asked in ("num_hidden_layers", "num_attention_heads"):
        if not isinstance(getattr(config, asked, None), int):
            raise LanguageModelError(f"{folder / CONFIG} has no {asked}; name it")
    layers = config.num_hidden_layers
    if not 1 <= layers <= min(_MOST_LAYERS, tensors):
        raise LanguageModelError(
            f"{folder / CONFIG} has {layers} layers, {name} has {tensors} tensors; restore them"
        )
    try:
        with torch.device("meta"):
            net = kind.from_config(config, attn_implementation="eager")
    except Exception as error:  # sizes that cannot be
        raise _unloadable(folder, error) from None
    claimed = sum(tensor.numel() for tensor in (*net.parameters(), *net.buffers()))
    if claimed > _SLACK_TIMES * files.numbers + _SLACK:
        raise LanguageModelError(
            f"{folder / CONFIG} asks for {claimed:,} numbers, {name} has {files.numbers:,}; "
            "restore the one that goes with the other"
        )


def _refuse_partial(
    files: WeightFiles, net: Any, loading_info: dict[str, Any], task: Task | None
) -> None:
    """Raises LanguageModelError where a weight was left at random, or left out."""
    shapes = {item[0]: item[1:] for item in loading_info.get("mismatched_keys") or ()}
    wrong = [
        *(f"{name} is {_shape(a)}, not {_shape(b)}" for name, (a, b) in sorted(shapes.items())),
        *(
            f"{name} is {what}"
            for what in ("missing", "unexpected")
            for name in sorted(loading_info[f"{what}_keys"])
            if not _unused(name, files, net, task) and name not in shapes
        ),
    ]
    if wrong:
        raise LanguageModelError(
            f"{files.named} does not fit {type(net).__name__}: {one_line(wrong[0], 160)}"
            + (f" and {len(wrong) - 1} more" if len(wrong) > 1 else "")
            + f"; 'architectures' in {CONFIG} must name the model that was saved"
        )
    if bad := next((n for n, p in net.named_parameters() if not p.isfinite().all()), None):
        raise LanguageModelError(
            f"{files.named}: {bad} holds NaN or infinity; "
            "take a checkpoint from before training diverged"
        )


def _unused(name: str, files: WeightFiles, net: Any, task: Task | None) -> bool:
    """Tell whether nothing that is measured looks at the weight called ``name``."""
    prefix = f"{net.base_model_prefix}."
    if name.removeprefix(prefix).startswith(_UNUSED) or name.endswith(_CONSTANTS):
        return True
    # beside a body whose names have the prefix, what lacks it is a head
    headed = task is EMBEDDING and any(other.startswith(prefix) for other in files.names)
    return headed and name in files.names and not name.startswith(prefix)


def _shape(shape: Any) -> str:
    return " × ".join(map(str, shape)) or "a number"


def _refuse_other_tokenizer(folder: Path, net: Any, tokenizer: Any) -> None:
    most = max(tokenizer.get_vocab().values())
    known = net.get_input_embeddings().num_embeddings
    if most >= known:
        raise LanguageModelError(
            f"{folder} has a tokenizer of {most + 1} tokens and a model of {known}; "
            "copy the model's own tokenizer here"
        )


def _unloadable(folder: Path, error: Exception) -> LanguageModelError:
    reason = f"{type(error).__name__}: {error}".replace(os.fspath(folder), str(folder))
    return LanguageModelError(
        f"{folder} holds no model that can be loaded "
        f"({one_line(reason, 160)}); "
        f"it takes a {CONFIG} and a {WEIGHTS} that belong together"
    )
