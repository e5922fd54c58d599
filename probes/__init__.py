"""Probes and all that they work with; for whoever writes one, everything to declare it with.

    from quizproof.probes import Draw, Map, Measure, probe

No torch is imported by this: lint reads the catalogue of probes without it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from quizproof.probes import declaration
from quizproof.probes.declaration import (
    Draw,
    File,
    Map,
    Matrix,
    Measure,
    Probe,
    Sampled,
    Scatter,
    Unsure,
    category,
    probe,
    word,
)
from quizproof.probes.function_probe import function_probe
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes.models.causal_lm import CausalLM
    from quizproof.probes.models.classifiers import Classifier
    from quizproof.probes.models.encoder import Encoder
    from quizproof.probes.models.language_models import LanguageModel as MaskedLM
    from quizproof.probes.models.reading_comprehension import Reader
    from quizproof.probes.models.seq2seq_lm import Seq2SeqLM
    from quizproof.probes.models.shown_pictures import Pictures
    from quizproof.probes.packs.data_table import Table
    from quizproof.probes.packs.texts import Corpus, FilePart, MatrixPart, Sentences, Triples
else:
    from quizproof.probes.part_types import (
        CausalLM,
        Classifier,
        Corpus,
        Encoder,
        FilePart,
        MaskedLM,
        MatrixPart,
        Pictures,
        Reader,
        Sentences,
        Seq2SeqLM,
        Table,
        Triples,
    )

__all__ = [
    "CausalLM",
    "Classifier",
    "Corpus",
    "Draw",
    "Encoder",
    "File",
    "FilePart",
    "Map",
    "MaskedLM",
    "Matrix",
    "MatrixPart",
    "Measure",
    "Pictures",
    "Probe",
    "Reader",
    "Sampled",
    "Scatter",
    "Sentences",
    "Seq2SeqLM",
    "Table",
    "Text",
    "Triples",
    "Unsure",
    "category",
    "function_probe",
    "probe",
    "word",
]

# what `declaration` was called: probes of others may import it by that name
sys.modules[f"{__name__}.probe"] = declaration
