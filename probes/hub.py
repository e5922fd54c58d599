"""Models of the Hugging Face hub, by name and commit."""

from __future__ import annotations

from pathlib import Path

from quizproof.probes.language_roles import HubModel
from quizproof.probes.pack import MissingError
from quizproof.questions.problems import QuizproofError, one_line

# weights as safetensors alone: other formats may hold code
_FILES = ["*.json", "*.txt", "*.model", "*.safetensors"]


class HubError(QuizproofError):
    """The hub could not be asked, or did not give what was asked for."""


def fetch(model: HubModel) -> None:
    """Bring ``model`` into the hub's cache, with a progress bar. Raises HubError."""
    from huggingface_hub import snapshot_download

    try:
        snapshot_download(model.repo, revision=model.revision, allow_patterns=_FILES)
    except Exception as error:  # the network fails in many ways
        raise HubError(
            f"{_named(model)} cannot be fetched ({one_line(str(error))[:160]})"
        ) from None


def cached(model: HubModel) -> Path:
    """Its folder in the hub's cache; nothing is fetched. Raises MissingError."""
    from huggingface_hub import snapshot_download

    try:
        folder = Path(
            snapshot_download(
                model.repo,
                revision=model.revision,
                allow_patterns=_FILES,
                local_files_only=True,
            )
        )
    except Exception:  # a cache may be damaged in many ways
        folder = None
    if folder is None or not (folder / "config.json").is_file():
        raise MissingError(
            f"{_named(model)} is not on this machine; with a network: "
            f"hf download {model.repo} --revision {model.revision}"
        )
    return folder


def _named(model: HubModel) -> str:
    return f"{model.repo} at {model.revision[:7]} of the Hugging Face hub"
