"""Index of a model whose weights lie in several files, ``model.safetensors.index.json``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from quizproof.questions.files import read_bounded
from quizproof.questions.problems import QuizproofError

WEIGHTS: Final = "model.safetensors"  # of a model in one file
INDEX: Final = "model.safetensors.index.json"
_MOST_BYTES: Final = 16_000_000  # some 100,000 tensors
_MOST_SHARDS: Final = 1000
_SHARD: Final = re.compile(r"[\w.-]{1,200}\.safetensors", re.ASCII)  # no path out of the folder


def shards(index: Path) -> Mapping[str, str] | None:
    """The file of each tensor by the tensor's name; None for what is no index of files beside it.

    Raises InputError for what cannot be read.
    """
    try:
        told: Any = json.loads(read_bounded(index, _MOST_BYTES))
        listed = told["weight_map"]
        files = set(listed.values())
        sound = all(isinstance(name, str) and _SHARD.fullmatch(name) for name in files)
    except QuizproofError:
        raise
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None
    found: Mapping[str, str] | None = listed
    return found if sound and 0 < len(files) <= _MOST_SHARDS else None
