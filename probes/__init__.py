"""Probes and all that they work with; for whoever writes one, everything to declare it with.

    from quizproof.probes import Draw, Map, Measure, probe

No torch is imported by this: lint reads the catalogue of probes without it.
"""

from __future__ import annotations

import sys

from quizproof.probes import declaration
from quizproof.probes.declaration import (
    Draw,
    File,
    Map,
    Matrix,
    Measure,
    Probe,
    Scatter,
    Unsure,
    category,
    probe,
    word,
)
from quizproof.questions.spec import Text

__all__ = [
    "Draw",
    "File",
    "Map",
    "Matrix",
    "Measure",
    "Probe",
    "Scatter",
    "Text",
    "Unsure",
    "category",
    "probe",
    "word",
]

# what `declaration` was called: probes of others may import it by that name
sys.modules[f"{__name__}.probe"] = declaration
