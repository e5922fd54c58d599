"""``python -m quizproof.probes.embedded.language.calibration``: what readers of all kinds do.

None of them is a pack's. They are fine-tuned for few and for many steps, and not at all, from the
pack's English model and from others; what their hidden states and heads do on held-out puzzles is
counted, and the counts are the figures that a reader of which nothing is known is judged by.
"""

from __future__ import annotations

import argparse
import json
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import torch

from quizproof.probes.embedded.language import english_grammar
from quizproof.probes.embedded.language.examples import Example, of_puzzles, of_sentences
from quizproof.probes.embedded.language.puzzles import Puzzle, distinct_puzzles
from quizproof.probes.embedded.language.training import (
    Stage,
    new_model,
    train_masked,
    train_reader,
)
from quizproof.probes.language.grammar.sentences import distinct
from quizproof.probes.methods.answer_span import gain, lead
from quizproof.probes.methods.reader_calibration import FILE, margins
from quizproof.probes.methods.token_separation import answer_lead, distances, passage, separation
from quizproof.probes.models.language_loading import load_language_model
from quizproof.probes.models.language_models import LanguageModel
from quizproof.probes.packs.pack import EMBEDDED

EDGES: Final = {
    "separation": [-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5],  # half a standard deviation each
    # a factor of e each; the last is for all that more, of which longer contexts allow more
    "gain": [0.0, 1.0, 2.0, 3.0, 4.0],
}
_BATCH, _SENTENCE_BATCH, _READ_BATCH = 16, 48, 32
_PUZZLES: Final = 1200
_SEED: Final = 7000  # beside the pack's own, from 0


@dataclass(frozen=True)
class Kind:
    """A reader: the language model it comes from, and the steps of its fine-tuning."""

    base: str  # "english" of the pack, "second" and "third" trained anew, "random" weights
    steps: int
    seed: int


KINDS: Final = (
    Kind("english", 60, 101),
    Kind("english", 400, 102),
    Kind("english", 1000, 110),
    Kind("second", 60, 165),
    Kind("second", 400, 505),
    Kind("second", 0, 106),
    Kind("third", 0, 107),
    Kind("random", 0, 108),
)
_TRAINED: Final = {  # seed and stages
    "second": (201, (Stage(3, 800, 3e-3), Stage(12, 120, 1.5e-3))),
    "third": (205, (Stage(3, 300, 3e-3), Stage(12, 60, 1.5e-3))),
}


@dataclass(frozen=True)
class Seen:
    """Scores of a reader on one puzzle, and whether its head is right."""

    separation: float
    gain: float
    lead: float  # by hidden states
    right: bool  # by the head


class Workshop:
    """Trains readers with the English tokenizer; a language model once."""

    def __init__(self) -> None:
        english = load_language_model(EMBEDDED / "language/english", "", torch.device("cpu"))
        self._tokenizer = english.tokenizer
        self._bases: dict[str, Any] = {"english": english.net}
        self._puzzles = of_puzzles(
            self._tokenizer, _some(distinct_puzzles(_SEED + 1, unseen=False), 3000)
        )

    def reader(self, kind: Kind) -> LanguageModel:
        """A BertForQuestionAnswering, trained as ``kind`` says."""
        base = self._base("english" if kind.base == "random" else kind.base)
        net = new_model("BertForQuestionAnswering", base.config, _SEED + kind.seed)
        if kind.base != "random":
            net.bert.load_state_dict(base.bert.state_dict())
        if kind.steps:
            train_reader(
                net,
                self._tokenizer,
                self._puzzles,
                steps=kind.steps,
                batch_size=_BATCH,
                seed=_SEED + kind.seed,
                log=print,
            )
        net.set_attn_implementation("eager")  # as a pack's is read: it gives attentions, too
        return LanguageModel(
            net=net.eval(),
            tokenizer=self._tokenizer,
            description=str(kind),
            device=torch.device("cpu"),
        )

    def _base(self, name: str) -> Any:
        if name not in self._bases:
            seed, stages = _TRAINED[name]
            self._bases[name] = train_masked(
                self._tokenizer,
                self._sentences(),
                stages=stages,
                batch_size=_SENTENCE_BATCH,
                seed=_SEED + seed,
                log=print,
            )
        return self._bases[name]

    def _sentences(self) -> list[Example]:
        sentences = _some(distinct(english_grammar.write, _SEED + 2, unseen=False), 6000)
        puzzles = _some(distinct_puzzles(_SEED + 3, unseen=False), 1500)
        return of_sentences(self._tokenizer, sentences) + of_puzzles(self._tokenizer, puzzles)


def seen(reader: LanguageModel, puzzles: Sequence[Puzzle]) -> Iterator[Seen]:
    """Yield what ``reader`` does on each puzzle."""
    asked = [reader.tokens(puzzle.question, puzzle.context) for puzzle in puzzles]
    batches = (asked[begin : begin + _READ_BATCH] for begin in range(0, len(asked), _READ_BATCH))
    reads = (read for batch in batches for read in reader.passed(batch))
    for puzzle, read in zip(puzzles, reads, strict=True):
        assert read.ends is not None
        places = passage(read.tokens, puzzle.answer)
        found = distances(read.hidden_states, places)
        yield Seen(
            separation(found, places),
            gain(read.ends, read.tokens, puzzle.answer),
            answer_lead(found[-1], places),
            lead(read.ends, read.tokens, puzzle.answer) > 0,
        )


def figures(workshop: Workshop, kinds: Sequence[Kind], count: int) -> dict[str, Any]:
    """The file's content: of every reader, on ``count`` puzzles that nobody was trained on."""
    puzzles = _some(distinct_puzzles(_SEED + 4, unseen=True), count)
    readers: list[dict[str, Any]] = []
    answering: list[Seen] = []  # what those do that were trained to
    for kind in kinds:
        found = list(seen(workshop.reader(kind), puzzles))
        answering += found if kind.steps else []
        readers.append(
            {"base": kind.base, "steps": kind.steps, "right": sum(s.right for s in found)}
            | {
                name: _counts(edges, [getattr(s, name) for s in found])
                for name, edges in EDGES.items()
            }
        )
    below, above = margins([s.lead for s in answering], [s.right for s in answering])
    return {
        "puzzles": count,
        "layers": 12,
        "edges": EDGES,
        "readers": readers,
        "lead": {
            "wrong_below": round(below, 4),
            "right_above": round(above, 4),
            "told_wrong": sum(s.lead <= below for s in answering),
            "told_right": sum(s.lead >= above for s in answering),
            "of": len(answering),
        },
    }


def _counts(edges: Sequence[float], scores: Sequence[float]) -> list[int]:
    bins = [bisect_right(edges, score) for score in scores]
    return [bins.count(k) for k in range(len(edges) + 1)]


def _some(source: Iterator[Any], count: int) -> list[Any]:
    return list(islice(source, count))


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when the figures are written."""
    parser = argparse.ArgumentParser(
        prog="python -m quizproof.probes.embedded.language.calibration",
        description="Train readers, and write the figures that other readers are judged by.",
    )
    parser.add_argument("--out", type=Path, default=FILE, help="the file of the figures")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)  # one thread adds up in the same order however many cores there are
    torch.use_deterministic_algorithms(True)
    content = figures(Workshop(), KINDS, _PUZZLES)
    given.out.write_text(_text(content), encoding="utf-8")
    return 0


def _text(content: dict[str, Any]) -> str:
    """JSON with a line for each reader."""
    lines = [
        f' "{key}": '
        + (
            "[\n  " + ",\n  ".join(json.dumps(item) for item in value) + "\n ]"
            if key == "readers"
            else json.dumps(value)
        )
        for key, value in content.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    sys.exit(main())
