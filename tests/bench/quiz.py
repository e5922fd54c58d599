"""The rows about the whole quiz, each run a process of its own from its start to its end.

Against today: what a notebook does for the same questions, with its fixed numbers of samples, one
pass at a time, gradients for the parameters as well, and nothing shared between questions. Counted
for each question are the looks that its verdict rests on:

- about LIME: as many explanations as draws, each of 1000 samples by the ``lime`` package;
- about SmoothGrad: as many maps as draws and pictures, each of 500 copies in the notebook's loop;
- any other: as many passes as its evidence rests on, one picture or sentence at a time.

Of each kind of look one is done and timed here (of passes, a few); a kind's time is that times its
number, since all of them would take hours. Not counted, to the notebook's favour: loading models,
pictures and libraries, superpixels' painting, whatever is done with a map once it is there, and
questions whose probe uses a model of its own. A second row counts one look for each question, which
is all that a notebook does: its answer may then be chance, and yet as much is wanted there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch

from quizproof.probes.bench import Bench
from quizproof.probes.methods import lime_explanation, smoothgrad
from quizproof.probes.models.language_models import LanguageModel
from quizproof.probes.models.tokens import Tokens
from quizproof.probes.packs.pack import Pack
from tests.bench import today
from tests.bench.methods import SEED, equal
from tests.bench.pairs import Row, identical, seconds_and_result
from tests.planted import view

LIME, SMOOTHGRAD = 1000, 500
_LIME = {"q01", "q02", "q03"}  # q04 explains functions of its own
# SmoothGrad of so many pictures in the first draw, and in each of the others
_PICTURES = {"q10": (10, 3), "q11": (1, 1), "q12": (1, 1), "q13": (10, 3)}
_FIRST_OF_LANGUAGE = "q21"
_LONGEST_KNOWN = 1.5  # seconds
_TIMED = 10  # passes
_SENTENCES = 200

# a process that imports torch, or starts another that could, makes no claim to have passed nothing
_KNOWN = """
import subprocess, sys
class Started(Exception): ...
def popen(*_, **__): raise Started
subprocess.Popen = popen
from quizproof.reports.cli import main
code = main()
assert "torch" not in sys.modules
sys.exit(code)
"""
_ANY = "import sys; from quizproof.reports.cli import main; sys.exit(main())"


@dataclass(frozen=True)
class Ran:
    """What was found, and how long it took."""

    seconds: float
    questions: list[dict[str, Any]]


def rows(pack: Path) -> Iterator[Row]:
    """The rows for ``pack``."""
    with TemporaryDirectory() as folder:
        cold = verified(pack, Path(folder), _ANY)
        bench = Bench(Pack(pack), SEED)
        looks = Looks(bench)
        for against, draws, wanted in (
            ("the notebook's settings, a look for each draw", True, 8.0),
            ("the notebook's settings, one look each", False, 8.0),
        ):
            yield Row(
                f"all {len(cold.questions)} questions, cold",
                against,
                lambda: cold,
                partial(looks.ran, cold.questions, draws=draws),
                lambda ours, theirs: looks.same(),
                wanted,
                repeat=1,
                amount=_seconds,
            )
        known = partial(verified, pack, Path(folder), _KNOWN)
        work = f"all {len(cold.questions)} questions, nothing changed"
        yield Row(work, "the cold run", known, lambda: cold, same, 50, amount=_seconds)
        yield Row(
            work,
            f"{_LONGEST_KNOWN} s",
            known,
            lambda: Ran(_LONGEST_KNOWN, cold.questions),
            same,
            1,
            "overhead",
            amount=_seconds,
        )
        if _reads(bench):
            yield from _sentences(bench)


def verified(pack: Path, folder: Path, code: str) -> Ran:
    """``quizproof verify hw09`` in a process of its own; what it knows lies in ``folder``."""
    found = folder / "found.json"
    arguments = ["verify", "hw09", "--pack", str(pack), "--json", str(found)]
    environment = {**os.environ, "QUIZPROOF_STORE": str(folder / "store")}
    seconds, ran = seconds_and_result(
        lambda: subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    )
    # 0 and 1 say what came of the key, and nothing else
    assert ran.returncode in (0, 1), ran.stderr[-2000:]
    assert "Traceback" not in ran.stderr, ran.stderr[-2000:]
    return Ran(seconds, json.loads(found.read_text(encoding="utf-8"))["questions"])


def same(ours: Ran, theirs: Ran) -> str:
    """Asserts that two runs found the same of every question."""
    without = [
        [{key: value for key, value in q.items() if key != "seconds"} for q in ran.questions]
        for ran in (ours, theirs)
    ]
    identical(without[0], without[1])
    return "every number equal; no process but its own, and no torch in it"


class Looks:
    """What the notebook does, each kind of look once."""

    def __init__(self, bench: Bench) -> None:
        classifier = bench.part("classifier")
        plain = today.Plain(classifier)
        picture, label = view(bench).picture(9), view(bench).label(9)
        sigma = smoothgrad.noise_sigma(picture, "notebook")
        labels = torch.tensor([label])

        def repeated(work: Callable[[], object]) -> float:
            return seconds_and_result(lambda: [work() for _ in range(_TIMED)])[0] / _TIMED

        def forward() -> None:
            with torch.no_grad():
                plain(picture[None])

        self._lime, weights = seconds_and_result(
            lambda: today.package_lime(plain, picture, label, LIME, SEED)
        )
        self._smoothgrad, shown = seconds_and_result(
            lambda: today.notebook_smoothgrad(plain, picture, label, sigma, SMOOTHGRAD, SEED)
        )
        self._forward = repeated(forward)
        self._backward = repeated(lambda: today.notebook_saliency(plain, picture[None], labels))
        self._sentence = 0.0
        if _reads(bench):
            english = bench.part("english")
            few = list(islice(corpus(bench, english), _TIMED))
            self._sentence = seconds_and_result(lambda: plain_readings(english, few))[0] / len(few)

        def same_looks() -> str:
            generator = torch.Generator().manual_seed(SEED)
            ours = smoothgrad.smoothgrad(
                classifier,
                picture,
                label,
                samples=SMOOTHGRAD,
                noise="notebook",
                generator=generator,
            )
            array = picture.permute(1, 2, 0).numpy().astype(np.float64)
            found = lime_explanation.explain(
                classifier,
                picture,
                label,
                lime_explanation.superpixels(array),
                seed=SEED,
                samples=LIME,
            )
            maps, lime = equal(ours, shown), equal(found.weights, weights)
            return f"at the notebook's settings: SmoothGrad {maps}, LIME {lime}"

        self.same = same_looks

    def ran(self, questions: Sequence[dict[str, Any]], *, draws: bool) -> Ran:
        """How long the looks that ``questions`` need take, one draw each or as many as there are.

        What is measured in one draw has one look either way.
        """
        return Ran(sum(self._needed(q, (q["draws"] or 0) if draws else 1) for q in questions), [])

    def _needed(self, question: dict[str, Any], draws: int) -> float:
        name, passes = question["id"], question["model_passes"]
        if question["draws"] is None:  # missing in this pack
            return 0.0
        if name in _LIME:
            return draws * self._lime
        if name in _PICTURES:
            first, others = _PICTURES[name]
            return (first + (draws - 1) * others) * self._smoothgrad
        if name >= _FIRST_OF_LANGUAGE:
            return float(passes["forward"] * self._sentence)
        backward = min(passes["forward"], passes["backward"])
        forward = passes["forward"] - backward
        return float(forward * self._forward + backward * self._backward)


def _sentences(bench: Bench) -> Iterator[Row]:
    english = bench.part("english")
    sentences = list(dict.fromkeys(islice(corpus(bench, english), _SENTENCES)))

    def ours() -> list[torch.Tensor]:
        fresh = LanguageModel(
            english.net, english.tokenizer, english.description, english.device
        )  # which has read nothing
        return [reading.hidden_states for reading in fresh.read_all(sentences)]

    def close(ours: list[torch.Tensor], theirs: list[torch.Tensor]) -> str:
        assert len(ours) == len(theirs), f"{len(ours)} against {len(theirs)} sentences"
        apart = max(
            float((one - other).norm() / other.norm())
            for one, other in zip(ours, theirs, strict=True)
        )
        assert apart <= 1e-5, f"hidden states are {apart:.1g} of their size apart"
        return f"every hidden state equal to {apart:.0e}"

    yield Row(
        f"{len(sentences)} sentences through a language model",
        "plain transformers, a call each",
        ours,
        lambda: plain_readings(english, sentences),
        close,
        1,
    )


def _reads(bench: Bench) -> bool:
    return {"english", "corpus"} <= bench.pack.parts.keys()


def corpus(bench: Bench, model: LanguageModel) -> Iterator[Tokens]:
    """The pack's sentences as ``model`` takes them."""
    for sentence in bench.part("corpus").sentences:
        yield model.tokens(sentence.text)


def plain_readings(model: LanguageModel, sentences: Sequence[Tokens]) -> list[torch.Tensor]:
    """The hidden states of each sentence, (L + 1, T, D), as the documentation shows it."""
    found = []
    for tokens in sentences:
        taken = model.tokenizer(tokens.text, return_tensors="pt")
        with torch.no_grad():
            given = model.net(**taken, output_hidden_states=True, output_attentions=True)
        found.append(torch.stack(given.hidden_states)[:, 0])
    return found


def _seconds(ran: Ran) -> float:
    return ran.seconds
