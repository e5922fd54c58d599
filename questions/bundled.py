"""The quizzes that come with the program."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

BUNDLED: Final = Path(__file__).parent
QUIZ_FILE: Final = "quiz.yaml"


@cache
def bundled_names() -> tuple[str, ...]:
    """The names of the quizzes that come with the program."""
    return tuple(sorted(file.parent.name for file in BUNDLED.glob(f"*/{QUIZ_FILE}")))
