"""Accuracy by layer of a linear probe on hidden states, and of the same on a control task."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TypeAlias

from pydantic import Field

from quizproof.probes.parameters import Count, Indices, Names, Positive, TextName
from quizproof.probes.probe import Draw, Matrix, Measure, probe
from quizproof.probes.units import LAYER, SHARE
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes import CausalLM, Corpus, Encoder, MaskedLM
    from quizproof.probes.bench import Bench
    from quizproof.probes.methods.linear_probe import Examples
    from quizproof.probes.models.language_models import LanguageModel

HeldOut: TypeAlias = Annotated[float, Field(gt=0, lt=1)]


@dataclass(frozen=True)
class _Task:
    """Examples, and their states after a layer."""

    examples: Examples
    states: NDArray[np.float32]  # (L + 1, N, D)


@probe(
    "linear_probe.accuracy",
    tolerance=0.005,  # a few held-out examples near the boundary, on another machine
    finding=Text(
        en=(
            "On {held_out} of the examples, held out of training, a linear probe is right for "
            "{accuracy_{item}} by layer, and on the control task for {control_{item}}; its "
            "selectivity is {selectivity_{item}}. The commonest label alone is right for "
            "{majority}."
        ),
        zh_hant=(
            "線性探針在未用於訓練的 {held_out} 樣本上，各層的正確率為 {accuracy_{item}}，"
            "對照任務為 {control_{item}}；selectivity 為 {selectivity_{item}}。"
            "只猜最常見的標籤則為 {majority}。"
        ),
    ),
    measures=(
        Measure(
            "accuracy_{item}",
            SHARE,
            0,
            1,
            Text(
                en=("share of the held-out examples that the probe after the layer gets right"),
                zh_hant="該層之後的探針在保留樣本上的正確率",
            ),
            each="layers",
        ),
        Measure(
            "control_{item}",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "share of the held-out examples that the probe after the layer gets right on "
                    "the control task, where each word has a random label"
                ),
                zh_hant="該層之後的探針在對照任務（每個字詞隨機給一個標籤）的正確率",
            ),
            each="layers",
        ),
        Measure(
            "selectivity_{item}",
            SHARE,
            -1,
            1,
            Text(
                en="accuracy less the accuracy on the control task",
                zh_hant="正確率減去對照任務的正確率",
            ),
            each="layers",
        ),
        Measure(
            "majority",
            SHARE,
            0,
            1,
            Text(
                en="share of the held-out examples that have training's commonest label",
                zh_hant="保留樣本中為訓練時最常見標籤者的比例",
            ),
        ),
    ),
    example="""
        kind: single
        points: 1
        about: model
        prompt: After which layer is a linear probe of parts of speech more selective?
        probe:
          name: linear_probe.accuracy
          with: {model: english, corpus: corpus, layers: [0, 6]}
        options:
          a: {text: The embedding output, rule: selectivity_0 > selectivity_6}
          b: {text: Layer 6, rule: selectivity_6 > selectivity_0}
        expected: [b]
    """,
)
def linear_probe_accuracy(
    bench: Bench,
    *,
    model: MaskedLM | CausalLM | Encoder,
    corpus: Corpus | None = None,
    labelled: dict[TextName, Names] = {},  # noqa: B006 (read as a declaration, and never written to)
    layers: Indices,
    held_out: HeldOut = 0.25,
    most: Count = 3000,
    penalty: Positive = 1.0,
) -> Iterator[Draw]:
    """Accuracy of a logistic regression on the states after each of ``layers``; 0 the embedding's.

    Of a ``corpus``, it tells the part of speech of every word piece; ``labelled`` are sentences by
    label, told by the mean state of their tokens. A share ``held_out`` of the sentences, drawn
    blindly, the same in every run, is not trained on. The control task gives every word, or every
    sentence, one label drawn blindly as often as training has it, and selectivity is the accuracy
    less that on it (Hewitt & Liang 2019, arXiv 1909.03368). ``most`` word pieces at most are
    looked at, of whole sentences. States have mean 0 and variance 1; ``penalty`` is that on the
    weights. Raises LinearProbeError.
    """
    import numpy as np

    from quizproof.probes.methods.linear_probe import accuracy, control_labels

    if wrong := [layer for layer in layers if layer > model.layers]:
        raise QuizproofError(
            f"{model.description} has no layer {wrong[0]}; "
            f"its layers are 0 (embedding output) to {model.layers}"
        )
    if (corpus is None) == (not labelled):
        raise QuizproofError("name one of the two: a corpus, or labelled sentences")
    rng = np.random.default_rng(bench.fixed_seed)
    task = (
        _words(bench, model, corpus, most, held_out, rng)
        if corpus is not None
        else _sentences(model, labelled, held_out, rng)
    )
    blind = control_labels(task.examples, rng)
    found: dict[str, list[float]] = {}
    for name, labels in (("accuracy", task.examples.labels), ("control", blind)):
        found[name] = [
            accuracy(task.states[k].astype(np.float64), labels, task.examples.trained, penalty)
            for k in layers
        ]
    values = {"majority": task.examples.majority}
    for layer, right, control in zip(layers, found["accuracy"], found["control"], strict=True):
        values |= {f"accuracy_{layer}": right, f"control_{layer}": control}
        values[f"selectivity_{layer}"] = right - control
    yield Draw(
        values,
        matrices=(_table(found, layers),),
    )


def _table(found: dict[str, list[float]], layers: Sequence[int]) -> Matrix:
    import numpy as np

    return Matrix(
        Text(en="accuracy on held-out examples", zh_hant="保留樣本的正確率"),
        np.array(list(found.values()), np.float32),
        rows=tuple(found),
        columns=tuple(str(layer) for layer in layers),
        row_name=Text(en="labels", zh_hant="標籤"),
        column_name=LAYER,
    )


def _words(
    bench: Bench,
    model: LanguageModel,
    corpus: Corpus,
    most: int,
    held_out: float,
    rng: np.random.Generator,
) -> _Task:
    """Word pieces of a corpus, labelled by their part of speech; whole sentences to ``most``."""
    from quizproof.probes.methods.linear_probe import Examples, split
    from quizproof.probes.models.corpus_reading import corpus_reading

    read = corpus_reading(bench, model, corpus)
    taken: list[int] = []
    for sentence in rng.permutation(max(read.places) + 1).tolist():
        pieces = [place for place, of in enumerate(read.places) if of == sentence]
        if len(taken) + len(pieces) <= most:
            taken += pieces
    return _Task(
        Examples(
            labels=tuple(read.tags[place] for place in taken),
            types=tuple(read.words[place] for place in taken),
            trained=split([read.places[place] for place in taken], held_out, rng),
        ),
        read.embeddings[:, taken].float().numpy(),
    )


def _sentences(
    model: LanguageModel,
    labelled: dict[str, list[str]],
    held_out: float,
    rng: np.random.Generator,
) -> _Task:
    """Sentences by label, each by the mean state of its tokens, special ones left out."""
    import numpy as np

    from quizproof.probes.methods.linear_probe import Examples, split

    texts = [(label, text) for label, those in labelled.items() for text in those]
    _refuse_two_labels([text for _, text in texts])
    states = []
    for reading in model.read_all([model.tokens(text) for _, text in texts]):
        kept = [k for k, special in enumerate(reading.tokens.special()) if not special]
        states.append(reading.hidden_states[:, kept].mean(dim=1).numpy())
    return _Task(
        Examples(
            labels=tuple(label for label, _ in texts),
            types=tuple(range(len(texts))),
            trained=split(range(len(texts)), held_out, rng),
        ),
        np.stack(states, axis=1),
    )


def _refuse_two_labels(texts: Sequence[str]) -> None:
    if twice := [text for text in texts if texts.count(text) > 1]:
        raise QuizproofError(f"{twice[0]!r} is under two labels; write it under one")
