"""Types that a probe's parameters are annotated with for the parts of a pack that it takes.

Where it runs, each is a mark that says a kind and nothing else: to declare a probe imports no
torch. ``quizproof.probes`` hands them out, and to type checkers the classes behind them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final


def part_type(name: str, kind: str) -> Any:
    """Return the type called ``name`` of parts of ``kind``."""
    return type(name, (), {"part_kind": kind, "__module__": __name__})


def kind_of(value: Any) -> str | None:
    """Return the kind that a type, or a loaded part, is of; None where it is no part's."""
    found = getattr(value, "part_kind", None)
    return found if isinstance(found, str) else None


Classifier = part_type("Classifier", "classifier")
Pictures = part_type("Pictures", "pictures")
MaskedLM = part_type("MaskedLM", "masked-lm")
CausalLM = part_type("CausalLM", "causal-lm")
Seq2SeqLM = part_type("Seq2SeqLM", "seq2seq-lm")
Encoder = part_type("Encoder", "encoder")
Reader = part_type("Reader", "reader")
Corpus = part_type("Corpus", "corpus")
Sentences = part_type("Sentences", "sentences")
Triples = part_type("Triples", "triples")
MatrixPart = part_type("MatrixPart", "matrix")
Table = part_type("Table", "table")
FilePart = part_type("FilePart", "file")

# kinds of what is read and computes nothing
PLAIN: Final = ("pictures", "corpus", "sentences", "triples", "matrix", "table", "file")
EVERY: Final[Mapping[str, Any]] = {
    name: found for name, found in globals().items() if kind_of(found) is not None
}
