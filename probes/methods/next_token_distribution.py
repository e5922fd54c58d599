"""Distribution of the next token as it is sampled from: temperature, top-k, top-p, exactly.

Logits are divided by the temperature (Ackley, Hinton & Sejnowski 1985), then all but the k
likeliest tokens are left out (Fan, Lewis & Dauphin 2018, arXiv 1805.04833), then all but the
nucleus, the fewest likeliest whose probabilities sum to p at least (Holtzman, Buys, Du, Forbes &
Choi 2020, arXiv 1904.09751, equation 2); what is kept is made to sum to 1 after each. It is the
order of transformers' ``generate``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from quizproof.questions.problems import QuizproofError

if TYPE_CHECKING:
    from torch import Tensor

_TIED: Final = 1e-6  # probabilities, or logarithms of them, nearer than this are the same


class CloseError(QuizproofError):
    """Rounding would decide which tokens are kept."""


def distribution(
    logits: Tensor,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    *,
    either: bool = False,
) -> Tensor:
    """Probabilities of V tokens from their ``logits`` (V,), float64 that sum to 1.

    Raises CloseError where rounding would decide which tokens are kept, unless ``either`` of two at
    the bound will do, and QuizproofError where ``top_k`` keeps every token.
    """
    found = (logits.double() / temperature).softmax(0)
    if top_k is not None:
        require_fewer("top_k", top_k, len(found))
        found = _kept(found, top_k, f"top_k {top_k}", either)
    if top_p is not None and top_p < 1:
        found = _kept(found, _nucleus(found, top_p, either), f"top_p {top_p}", either)
    return found


def require_fewer(name: str, count: int, vocabulary: int) -> None:
    """Raise QuizproofError where the ``count`` likeliest tokens are all that there are."""
    if count >= vocabulary:
        raise QuizproofError(
            f"{name} {count} leaves no token out: the vocabulary has {vocabulary}; "
            f"ask with a smaller {name}"
        )


def entropy(probabilities: Tensor) -> float:
    """Entropy in bits (Shannon 1948): the sum of −p log₂ p."""
    kept = probabilities[probabilities > 0]
    return max(0.0, -float((kept * kept.log2()).sum()))


def _nucleus(probabilities: Tensor, top_p: float, either: bool) -> int:
    """The number of tokens in it."""
    sums = probabilities.sort(descending=True).values.cumsum(0)
    if not either and bool(((sums - top_p).abs() < _TIED).any()):
        raise CloseError(
            f"the likeliest tokens hold top_p {top_p} of the probability but for rounding, so that "
            "nothing tells which are kept; ask with another"
        )
    return min(len(sums), int((sums < top_p).sum()) + 1)


def _kept(probabilities: Tensor, count: int, what: str, either: bool) -> Tensor:
    """The ``count`` likeliest alone, made to sum to 1."""
    ordered = probabilities.sort(descending=True)
    if not either and count < len(probabilities):
        last, next_one = ordered.values[count - 1 : count + 1].tolist()
        if last - next_one <= _TIED * last:
            raise CloseError(
                f"two tokens at the bound of {what} are equally likely, so that nothing tells "
                "which is kept; ask with another"
            )
    kept = probabilities.clone()
    kept[ordered.indices[count:]] = 0
    return kept / kept.sum()
