"""quizproof: proves the answer key of a quiz about neural networks by measuring.

What is listed in ``__all__`` may be relied on, and is in the README with an example. Importing this
loads nothing until it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quizproof.reports.api import (
        Check,
        GradedClass,
        Problem,
        QuestionResult,
        Quiz,
        QuizproofError,
        Run,
        State,
        check,
        grade,
        lint,
        load_quiz,
        verify,
    )

    __version__: str

__all__ = [
    "Check",
    "GradedClass",
    "Problem",
    "QuestionResult",
    "Quiz",
    "QuizproofError",
    "Run",
    "State",
    "__version__",
    "check",
    "grade",
    "lint",
    "load_quiz",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version

        return version("quizproof")
    if name in __all__:
        from quizproof.reports import api

        return getattr(api, name)
    raise AttributeError(f"module 'quizproof' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
