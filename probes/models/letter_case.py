"""Tokenizers whose capitals are not those of their vocabulary: nothing is amiss but the numbers."""

from __future__ import annotations

import re
from typing import Any, Final

_MEND: Final = (
    "copy the model's own tokenizer here, or mend do_lower_case in its tokenizer_config.json"
)
_WORD: Final = re.compile(r"[A-Za-z]{2,}")  # one letter may stand for a byte
_MOSTLY: Final = 0.5  # of a vocabulary in a script with capitals


def wrong_case(tokenizer: Any, *, cased_script: bool = True) -> str | None:
    """What is wrong with how ``tokenizer``, a fast one, takes capitals; None where nothing is.

    A vocabulary that has no capitals is held against one that keeps them only where its texts have
    any: where they are in a ``cased_script``, and so are most of its own words.
    """
    added = {str(token) for token in tokenizer.added_tokens_decoder.values()}
    vocabulary = tokenizer.get_vocab().keys() - added - set(tokenizer.all_special_tokens)
    words = [word for word in vocabulary if _WORD.search(word) and word[0] not in "[<"]
    words.sort(key=lambda word: (not word.isalpha(), word))  # whole words before pieces
    capitals = [word for word in words if word != word.lower()]
    if _lowers(tokenizer):
        if not capitals:
            return None
        return (
            f"the tokenizer takes capitals away though its vocabulary has them ({capitals[0]!r} "
            f"and {len(capitals) - 1} more), so that the numbers are not the model's; {_MEND}"
        )
    if capitals or not cased_script or len(words) < _MOSTLY * len(vocabulary):
        return None
    return (
        "the tokenizer keeps capitals though its vocabulary has none, so that words with them are "
        f"unknown and the numbers are not the model's; {_MEND}"
    )


def _lowers(tokenizer: Any) -> bool:
    normalizer = tokenizer.backend_tokenizer.normalizer
    return normalizer is not None and "AB" not in normalizer.normalize_str("AB")
