"""What a sequence-to-sequence model writes, and how likely it takes another text to be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.parameters import MostTokens
from quizproof.probes.probe import Draw, Measure, probe, word
from quizproof.probes.units import PROBABILITY
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Seq2SeqLM
    from quizproof.probes.bench import Bench


@probe(
    "written.text",
    finding=Text(
        en=(
            "The model writes “{written}”. It gives the tokens of the target a "
            "probability of {probability} each, as a geometric mean."
        ),
        zh_hant="模型寫出「{written}」。它給目標各 token 的機率，幾何平均為 {probability}。",
    ),
    tolerance=1e-4,
    example="""
    kind: single
    points: 1
    about: model
    prompt: Does the model translate "I have a cat." by "Ich habe eine Katze."?
    probe: {name: written.text, with: {source: I have a cat., target: Ich habe eine Katze.}}
    options:
      a: {text: It does, rule: "written == 'Ich habe eine Katze.'"}
      b: {text: It does not, rule: "written != 'Ich habe eine Katze.'"}
    expected: [a]
    """,
    measures=(
        word(
            "written",
            Text(
                en="text of the likeliest token at each step",
                zh_hant="每步取機率最高的 token",
            ),
        ),
        Measure(
            "probability",
            PROBABILITY,
            0,
            1,
            Text(
                en=(
                    "probability of a token of the target after those before it; the geometric mean"
                ),
                zh_hant="目標各 token 在其前文之後的機率；幾何平均",
            ),
        ),
    ),
)
def written_text(
    bench: Bench, *, model: Seq2SeqLM, source: str, target: str, most: MostTokens = 64
) -> Iterator[Draw]:
    """Text that ``model`` writes for ``source``, and the probability it gives to ``target``.

    Written is the likeliest token at each step, to the end or ``most`` tokens. The probability is
    the geometric mean of that of each token of the target, its end among them: one over the
    perplexity (Sutskever, Vinyals & Le 2014, equation 1).
    """
    each = model.log_probabilities(source, target)
    written = bench.once(("written", model, source, most), lambda: model.greedy(source, most))
    yield Draw({"written": written.strip(), "probability": float(each.mean().exp())})
