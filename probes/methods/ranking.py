"""Places of numbers among others, as surely as rounding lets them be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quizproof.questions.problems import QuizproofError

if TYPE_CHECKING:
    from torch import Tensor


def rank(scores: Tensor, of: int, tolerance: float) -> tuple[int, int, int]:
    """The least, the likely and the most place of ``scores[of]``, from 1 for the largest.

    Others that are nearer to it than ``tolerance`` may be before or after it.
    """
    others = scores.double() - scores[of].double()
    others[of] = -float("inf")
    sure, said, most = (int((others > bound).sum()) for bound in (tolerance, 0, -tolerance))
    return sure + 1, said + 1, most + 1


def likeliest(scores: Tensor, tolerance: float, what: str) -> int:
    """The place of the largest of ``scores``.

    Raises QuizproofError where another is nearer to it than ``tolerance``: no one ``what`` is the
    likeliest.
    """
    (first, second), (place, other) = (found.tolist() for found in scores.topk(2))
    if not first - second > tolerance:
        raise QuizproofError(
            f"{what} {place} and {other} are equally likely, so that no one is the likeliest; "
            "ask about another input"
        )
    return int(place)
