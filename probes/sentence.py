"""The sentence in which a probe tells what it found, with places for what was measured.

>>> problem_of("The word has {length} letters.", ["length"], [])
''
>>> problem_of("The word has {lenght} letters.", ["length"], [])
'it has a place {lenght}, which is neither measured nor a parameter; did you mean length?'
>>> filled("{word}: {length_{item}}", {"word": "cat", "length_{item}": "3"}).en
'cat: 3'
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from quizproof.probes.draws import Words, in_language
from quizproof.questions.near import did_you_mean
from quizproof.questions.text import Text

_PLACE: Final = re.compile(r"\{((?:[^{}]|\{item\})*)\}")


def places_in(sentence: Words) -> list[str]:
    """The names in its places, each once, over all its languages."""
    found = [name for words in _by_language(sentence).values() for name in _PLACE.findall(words)]
    return list(dict.fromkeys(found))


def problem_of(sentence: Words, measured: Collection[str], parameters: Collection[str]) -> str:
    """Say what is wrong with its places; "" where nothing is.

    ``measured`` are the names as they are declared, ``{item}`` in those that are repeated.
    """
    if not sentence:
        return "there are no words in it"
    known = [*measured, *parameters]
    for words in _by_language(sentence).values():
        if set("{}") & set(_PLACE.sub("", words)):
            return "a brace in it opens or closes no place as {name} is one"
    for name in places_in(sentence):
        if name not in known:
            mend = did_you_mean(name, known, f"name one of {', '.join(known)}")
            return f"it has a place {{{name}}}, which is neither measured nor a parameter; {mend}"
    return ""


def filled(sentence: Words, values: Mapping[str, Words]) -> Text:
    """``sentence`` with ``values`` in its places, each in the language around it."""
    return Text(
        {
            language: _PLACE.sub(
                lambda place: in_language(values[place[1]], language),  # noqa: B023 (used at once)
                words,
            )
            or "?"
            for language, words in _by_language(sentence).items()
        }
    )


def _by_language(sentence: Words) -> Mapping[str, str]:
    """The words of each language; a plain string is English."""
    root = sentence if isinstance(sentence, str) else sentence.root
    return {"en": root} if isinstance(root, str) else root
