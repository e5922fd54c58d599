"""State dicts as a network of an architecture takes them, and what of one it cannot take."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from quizproof.probes.models.architectures import ClassifierError
from quizproof.probes.models.weights import COUNTER, Weights
from quizproof.questions.problems import one_line


def fitted(weights: Weights, expected: Mapping[str, Tensor], path: Path) -> Weights:
    """``weights`` of ``path`` by the names and in the precision of ``expected``, a network's own.

    What all names begin with and the network's do not is left out: wrappers put it there.
    Raises ClassifierError where they are of another architecture.
    """
    prefix = min(_prefixes(weights.state, expected), key=lambda p: _fit(weights.state, expected, p))
    state = _without(prefix, weights.state)
    beginning = f"all names begin with {one_line(prefix, 80)}, which is left out"
    if wrong := _misfits(state, expected):
        raise ClassifierError(
            f"{path} does not fit the architecture: {wrong[0]}"
            + (f" and {len(wrong) - 1} more" if len(wrong) > 1 else "")
            + (f" ({beginning})" if prefix else "")
            + "; name the architecture these weights were trained with"
        )
    taken = {
        name: state[name].to(own.dtype) if not _counter(name, own, state) else own
        for name, own in expected.items()
    }
    remarks = (f"{path}: {beginning}",) if prefix else ()
    return Weights(taken, (*weights.remarks, *remarks))


def _fit(state: Mapping[str, Tensor], expected: Mapping[str, Tensor], p: str) -> tuple[int, int]:
    return len(_misfits(_without(p, state), expected)), len(p)


def _prefixes(state: Mapping[str, Tensor], expected: Mapping[str, Tensor]) -> set[str]:
    """Beginnings that all names of ``state`` share, the empty one among them."""
    first = next(iter(state), "")
    ends = {first.removesuffix(name) for name in expected if first.endswith(name)}
    dots = {first[: place + 1] for place, letter in enumerate(first) if letter == "."}
    return {"", *(p for p in ends | dots if all(name.startswith(p) for name in state))}


def _without(prefix: str, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in state.items()}


def _misfits(state: Mapping[str, Tensor], expected: Mapping[str, Tensor]) -> list[str]:
    return sorted(
        [f"{n} is missing" for n in expected.keys() - state.keys() if not n.endswith(COUNTER)]
        + [f"{one_line(name, 80)} is unexpected" for name in state.keys() - expected.keys()]
        + [
            f"{name} is {_kind(state[name])}, not {_kind(expected[name])}"
            for name in expected.keys() & state.keys()
            if _kind(state[name]) != _kind(expected[name]) and not name.endswith(COUNTER)
        ]
    )


def _counter(name: str, own: Tensor, state: Mapping[str, Tensor]) -> bool:
    """Tell a counter that is absent, or that went with the rest into another precision."""
    return name.endswith(COUNTER) and (name not in state or _kind(state[name]) != _kind(own))


def _kind(tensor: Tensor) -> str:
    numbers = (
        "complex" if tensor.is_complex() else "real" if tensor.is_floating_point() else "whole"
    )
    return f"{tuple(tensor.shape)} of {numbers} numbers"
