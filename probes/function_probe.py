"""A function as a probe: its value for the arguments that a question gives."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from quizproof.probes.declaration import Draw, Measure, Words, probe, word
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes.bench import Bench

F = TypeVar("F", bound=Callable[..., Any])

_VALUE = Text(en="value of the function", zh_hant="函式的值")


def function_probe(
    name: str,
    *,
    unit: Words = "",
    low: float = -math.inf,
    high: float = math.inf,
    tolerance: float = 1e-9,
) -> Callable[[F], F]:
    """Declare the decorated function as the probe called ``name``, which measures its ``value``.

    Its parameters are what ``with:`` gives, by their types; one that returns a ``str`` measures a
    word. The function itself is left as it was.

    >>> @function_probe("docs.leaky", unit="activation")
    ... def leaky(*, x: float, slope: float = 0.01) -> float:
    ...     '''Leaky ReLU.'''
    ...     return x if x > 0 else slope * x
    >>> [draw] = DECLARED["docs.leaky"].run(None, x=-2.0)
    >>> draw.values, leaky(x=3.0)
    ({'value': -0.02}, 3.0)

    Args:
        name: two words or more with a dot between, such as ``own.leaky``.
        unit: the unit of a number, as a plain string or in several languages.
        low: the least that it can be; -inf where there is no least.
        high: the most that it can be; inf where there is no most.
        tolerance: numerical, in the unit.

    Raises:
        QuizproofError: a parameter has no type, or cannot be given by its name.
    """

    def declare(function: F) -> F:
        asked = list(inspect.signature(function).parameters.values())
        for one in asked:
            if one.kind not in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY):
                raise QuizproofError(f"probe {name}: {one} cannot be given by a name; write it out")
            if one.annotation is one.empty:
                raise QuizproofError(f"probe {name}: parameter {one.name} has no type; annotate it")

        @wraps(function)
        def run(bench: Bench, **given: Any) -> Iterator[Draw]:
            yield Draw({"value": function(**given)})

        bench = inspect.Parameter("bench", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [bench, *(one.replace(kind=one.KEYWORD_ONLY) for one in asked)]
        )
        is_word = get_type_hints(function).get("return") is str
        measure = word("value", _VALUE) if is_word else Measure("value", unit, low, high, _VALUE)
        probe(name, measures=(measure,), tolerance=tolerance)(run)
        return function

    return declare
