"""The quizzes that come with the program."""

from __future__ import annotations

from pathlib import Path
from typing import Final

BUNDLED: Final = Path(__file__).parent
QUIZ_FILE: Final = "quiz.yaml"


def bundled_names() -> list[str]:
    """The names of the quizzes that come with the program."""
    return sorted(file.parent.name for file in BUNDLED.glob(f"*/{QUIZ_FILE}"))
