"""The extra ``measure``: what runs models, without which evidence is judged, and none is made."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from quizproof.questions.problems import QuizproofError

_MODULES: Final = {  # by the distributions that bring them
    "captum": "captum",
    "huggingface-hub": "huggingface_hub",
    "lime": "lime",
    "safetensors": "safetensors",
    "scikit-image": "skimage",
    "scikit-learn": "sklearn",
    "scipy": "scipy",
    "torch": "torch",
    "torchvision": "torchvision",
    "transformers": "transformers",
}


def require_measure(what: str) -> None:
    """Raise QuizproofError where something is not installed that ``what`` needs."""
    if lacking := [name for name, module in _MODULES.items() if not _is_there(module)]:
        raise QuizproofError(
            f"{what} needs what is not installed: {', '.join(lacking)}; "
            "pip install 'quizproof[measure]'"
        )


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ImportError:
        return False
