"""Name that a quiz gives the architecture of a pack's model."""

from __future__ import annotations

import json
from pathlib import Path

from quizproof.probes.packs.hub import cached
from quizproof.probes.packs.language_roles import CONFIG, LanguageModelRole
from quizproof.probes.packs.pack import Pack
from quizproof.questions.files import read_bounded
from quizproof.questions.problems import QuizproofError

_MAX_BYTES = 10_000_000
_OTHER_THAN_A_CONFIGURATION = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
)


def architecture_name(pack: Pack, role: str) -> str:
    """The name of the architecture of ``role``'s model, "" where it is not known.

    ``course`` whatever its width, ``torchvision:resnet18``, ``callable:module:name``; of a language
    model its configuration's ``model_type``, and the kind of its positions behind it where they are
    not absolute: ``bert``, ``bert:relative_key``. Raises MissingError for a pack without that role.
    """
    if role == "classifier":
        return pack.classifier.architecture.name
    part: LanguageModelRole | None = getattr(pack.manifest, role)
    try:
        if part is None:
            return ""
        if part.local is not None:  # that file alone: an evidence file holds no weights
            digest = part.local.files[CONFIG]
            path: Path = pack.path(f"{part.local.folder}/{CONFIG}", digest)
        else:
            assert part.hub is not None
            path = cached(part.hub) / CONFIG
        config = json.loads(read_bounded(path, _MAX_BYTES))
        kind, positions = config["model_type"], config.get("position_embedding_type", "absolute")
    except (QuizproofError, OSError, *_OTHER_THAN_A_CONFIGURATION):
        return ""  # measuring says what is wrong with the model
    return str(kind) if positions == "absolute" else f"{kind}:{positions}"
