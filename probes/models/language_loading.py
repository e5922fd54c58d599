"""Loading a language model whole, from a folder that may be damaged or hostile.

Weights are safetensors alone, no code of the folder is run, and nothing of a size that only
``config.json`` claims is allocated. A head that its file lacks would be random: it is refused.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open

from quizproof.probes.models.language_models import LanguageModel, LanguageModelError
from quizproof.probes.models.tokens import load_tokenizer
from quizproof.probes.models.transformers_import import transformers
from quizproof.probes.models.unpickling import of_torch
from quizproof.probes.packs.files import CONFIG
from quizproof.questions.problems import one_line

WEIGHTS = "model.safetensors"
MASKED, READER, ENCODER = "ForMaskedLM", "ForQuestionAnswering", "Model"
_CLASSES = {
    MASKED: "AutoModelForMaskedLM",
    "ForPreTraining": "AutoModelForMaskedLM",  # it has that head beside one that is not used
    READER: "AutoModelForQuestionAnswering",
    ENCODER: "AutoModel",
}
# heads that published checkpoints carry and that nothing here looks at
_UNUSED = ("pooler.", "cls.seq_relationship.")
# what safetensors call other precisions than the one that is measured in
_NARROWED = {"F16": "float16", "BF16": "bfloat16", "F64": "float64"}
_MOST_LAYERS = 512
# how much more than the file holds a network may be: tied weights count once or twice
_SLACK_TIMES, _SLACK = 4, 1_000_000


def load_language_model(
    folder: Path, description: str, device: torch.device, randomized: int | None = None
) -> LanguageModel:
    """The model in ``folder``, as ``from_pretrained`` lays it out, with the head it was saved with.

    With ``randomized``, the same architecture and tokenizer with random weights, those of that
    number. Raises LanguageModelError, TokenError.
    """
    _refuse_other_layouts(folder)
    config = _config(folder)
    _refuse_claims(folder, config)
    tokenizer = load_tokenizer(folder)
    if randomized is None:
        net = _trained(folder, config)
    else:
        net = _random(config, randomized)
        description += " with random weights"
    _refuse_other_tokenizer(folder, net, tokenizer)
    net.eval().requires_grad_(False).to(device)
    return LanguageModel(
        net=net,
        tokenizer=tokenizer,
        description=description,
        device=device,
        remarks=_narrowed(folder / WEIGHTS) if randomized is None else (),
    )


def _trained(folder: Path, config: Any) -> Any:
    try:
        net, loading_info = _kind(config).from_pretrained(
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
    _refuse_partial(folder, net, loading_info)
    return net


def _random(config: Any, number: int) -> Any:
    with torch.random.fork_rng():
        torch.manual_seed(number)
        return _kind(config).from_config(
            config, attn_implementation="eager", dtype=torch.float32, trust_remote_code=False
        )


def _refuse_other_layouts(folder: Path) -> None:
    if (folder / "adapter_config.json").exists():
        raise LanguageModelError(
            f"{folder} holds an adapter, not a model; merge it into its model and save that"
        )
    if not (folder / WEIGHTS).is_file():
        others = sorted(
            path.name
            for path in Path(str(folder)).glob("*")  # those that nobody holds, too
            if path.suffix in (".bin", ".pt", ".pth", ".h5", ".msgpack")
            or path.name.startswith("model.safetensors.")
        )
        raise LanguageModelError(
            f"{folder} has no {WEIGHTS}"
            + (f" but {one_line(others[0], 80)}, which is not read" if others else "")
            + "; where you trust it, load the model and save_pretrained() it in one file"
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
    return config


def _refuse_claims(folder: Path, config: Any) -> None:
    """Raises LanguageModelError where a network as in ``config`` is out of the file's proportion.

    It is built without memory first, since what its file lacks would be allocated and random.
    """
    tensors, numbers = _size(folder / WEIGHTS)
    for name in ("num_hidden_layers", "num_attention_heads"):
        if not isinstance(getattr(config, name, None), int):
            raise LanguageModelError(f"{folder / CONFIG} has no {name}; name it")
    layers = config.num_hidden_layers
    if not 1 <= layers <= min(_MOST_LAYERS, tensors):
        raise LanguageModelError(
            f"{folder / CONFIG} has {layers} layers, {WEIGHTS} has {tensors} tensors; restore them"
        )
    try:
        with torch.device("meta"):
            net = _kind(config).from_config(config, attn_implementation="eager")
    except Exception as error:  # sizes that cannot be
        raise _unloadable(folder, error) from None
    claimed = sum(tensor.numel() for tensor in (*net.parameters(), *net.buffers()))
    if claimed > _SLACK_TIMES * numbers + _SLACK:
        raise LanguageModelError(
            f"{folder / CONFIG} asks for {claimed:,} numbers, {WEIGHTS} has {numbers:,}; "
            "restore the one that goes with the other"
        )


def _size(path: Path) -> tuple[int, int]:
    """Number of tensors, and of numbers, that a safetensors file holds, by its header."""
    try:
        with safe_open(os.fspath(path), "pt") as file:
            names = list(file.keys())
            shapes = [torch.Size(file.get_slice(name).get_shape()) for name in names]
    except Exception as error:  # a damaged file raises nearly anything from its reader
        if of_torch(path):
            raise LanguageModelError(
                f"{path} is no safetensors but what torch.save wrote, which is not read; "
                "where you trust it, load the model and save_pretrained() it"
            ) from None
        reason = one_line(f"{error}", 120)
        raise LanguageModelError(f"{path} is damaged ({reason}); restore it") from None
    return len(names), sum(shape.numel() for shape in shapes)


def _narrowed(path: Path) -> tuple[str, ...]:
    """What to say of weights that are kept in another precision than they are measured in."""
    with safe_open(path, "pt") as file:
        kept = {file.get_slice(name).get_dtype() for name in file.keys()}  # noqa: SIM118
    others = [name for kind, name in _NARROWED.items() if kind in kept]
    return (f"{path}: weights in {', '.join(others)} are measured in float32",) if others else ()


def _kind(config: Any) -> Any:
    """The class for the head that the checkpoint says it has."""
    named = config.architectures
    name = str(named[0]) if isinstance(named, list) and named else ENCODER
    head = next((head for head in _CLASSES if name.endswith(head)), ENCODER)
    return getattr(transformers(), _CLASSES[head])


def _refuse_partial(folder: Path, net: Any, loading_info: dict[str, Any]) -> None:
    """Raises LanguageModelError where a weight was left at random, or left out."""
    shapes = {item[0]: item[1:] for item in loading_info.get("mismatched_keys") or ()}
    wrong = [
        *(f"{name} is {_shape(a)}, not {_shape(b)}" for name, (a, b) in sorted(shapes.items())),
        *(
            f"{name} is {what}"
            for what in ("missing", "unexpected")
            for name in sorted(loading_info[f"{what}_keys"])
            if not _unused(name) and name not in shapes
        ),
    ]
    if wrong:
        raise LanguageModelError(
            f"{folder / WEIGHTS} does not fit {type(net).__name__}: {one_line(wrong[0], 160)}"
            + (f" and {len(wrong) - 1} more" if len(wrong) > 1 else "")
            + f"; 'architectures' in {CONFIG} must name the model that was saved"
        )
    if bad := next((n for n, p in net.named_parameters() if not p.isfinite().all()), None):
        raise LanguageModelError(
            f"{folder / WEIGHTS}: {bad} holds NaN or infinity; "
            "take a checkpoint from before training diverged"
        )


def _unused(name: str) -> bool:
    return any(name.removeprefix("bert.").startswith(part) for part in _UNUSED)


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
