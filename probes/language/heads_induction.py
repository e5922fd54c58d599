"""Induction score of heads: attention to what came after a token's earlier copy, and copying."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from quizproof.probes.language.heads_shown import by_head, every_head, head_matrix, the_most_of
from quizproof.probes.parameters import HeadName, MostTokens, Times, distinct
from quizproof.probes.probe import Draw, Measure, probe, word
from quizproof.probes.units import SHARE
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from quizproof.probes import CausalLM
    from quizproof.probes.bench import Bench
    from quizproof.probes.methods.induction import Repeated
    from quizproof.probes.models.interventions import Part

_TIED = 1e-4  # scores nearer than this are the same
_SCORE = Text(en="copying score", zh_hant="複製分數")


@probe(
    "heads.induction",
    finding=Text(
        en=(
            "In texts of {tokens} random tokens that are repeated, {matching_head} gives most "
            "attention to what came after a token’s earlier copies: a share of {matching}. "
            "{copying_head} raises most the logits of what it attends to. Of the heads asked "
            "about, prefix matching is {matching_{item}}, and copying {copying_{item}}."
        ),
        zh_hant=(
            "在重複 {tokens} 個隨機 token 的文字中，{matching_head} 對「該 token 先前出現處之後的 "
            "token」給出最多 attention，占 {matching}。最能提高所注意之 token 的 logit 的是 "
            "{copying_head}。所問各 head 的 prefix matching：{matching_{item}}；複製程度："
            "{copying_{item}}。"
        ),
    ),
    stochastic=True,
    measures=(
        Measure(
            "matching_{item}",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "share of the head's attention that goes from a token to those after its "
                    "earlier copies"
                ),
                zh_hant="該 head 從某 token 到其先前出現處之後一個 token 的 attention",
            ),
            each="heads",
        ),
        Measure(
            "copying_{item}",
            _SCORE,
            -1,
            1,
            Text(
                en=("amount by which the head raises the logits of the tokens that it attends to"),
                zh_hant="該 head 提高其所注意之 token 的 logit 的程度",
            ),
            each="heads",
        ),
        Measure(
            "matching",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "share of the attention that goes from a token to those after its earlier "
                    "copies, of the head where it is largest"
                ),
                zh_hant="從某 token 到其先前出現處之後一個 token 的 attention，取最高的 head",
            ),
        ),
        word(
            "matching_head",
            Text(
                en=(
                    "head whose prefix matching is the largest, such as L2H1; none where two are "
                    "alike"
                ),
                zh_hant="prefix matching 最高的 head，如 L2H1；有兩者相同時為 none",
            ),
        ),
        word(
            "copying_head",
            Text(
                en=("head whose copying is the largest, such as L2H1; none where two are alike"),
                zh_hant="複製程度最高的 head，如 L2H1；有兩者相同時為 none",
            ),
        ),
    ),
    example="""
        kind: single
        points: 1
        about: model
        prompt: >-
          Random tokens are written twice. Which of these heads attends, from a token's second copy,
          most to the token that came after the first?
        probe:
          name: heads.induction
          with: {heads: [L1H1, L2H1], tokens: 25, repeats: 2}
        estimate: share
        options:
          a: {text: Head 1 of layer 1, rule: matching_L1H1 > matching_L2H1}
          b: {text: Head 1 of layer 2, rule: matching_L2H1 > matching_L1H1}
        expected: [b]
    """,
)
def heads_induction(
    bench: Bench,
    *,
    model: CausalLM,
    heads: Annotated[list[HeadName], distinct] = [],  # noqa: B006 (read as a declaration, and never written to)
    tokens: MostTokens,
    repeats: Annotated[int, Field(ge=2, le=4096)],
    sequences: Times = 4,
) -> Iterator[Draw]:
    """Prefix matching and copying of each of ``heads`` where random tokens are repeated.

    Olsson et al. 2022 (arXiv 2209.11895): ``tokens`` different tokens drawn blindly from the
    vocabulary are written ``repeats`` times. In front stands, as a token 0, what the tokenizer by
    itself begins every text with; where it begins with nothing, nothing does (so ``given: start``
    of text.likelihood is another thing). A head's prefix matching is its attention from a token to
    those after its earlier copies. Its copying is how much its direct effect on the logits raises
    those of the tokens it attends to. A draw is the mean over ``sequences`` such texts, drawn anew
    each time. ``L2H1`` is the first head of the second layer. An error for a model whose heads are
    not told apart, and for texts longer than its context.
    """
    import numpy as np
    import torch

    from quizproof.probes.methods.induction import repeated
    from quizproof.probes.models.interventions import Part

    asked = {name: Part.called(name, model) for name in heads}
    for draw in count():
        rng = np.random.default_rng(bench.draw_seed(draw))
        texts = [repeated(model, rng, tokens, repeats) for _ in range(sequences)]
        key = ("induction", model, tokens, repeats, sequences, draw)
        scores = bench.of_draw(key, partial(_scores, bench, model, texts))
        yield _told(model, asked, *torch.from_numpy(scores))


def _scores(bench: Bench, model: CausalLM, texts: Sequence[Repeated]) -> NDArray[np.float64]:
    """Prefix matching and copying of every head, the mean over ``texts``: (2, L, H)."""
    import torch

    from quizproof.probes.methods.induction import copying, prefix_matching
    from quizproof.probes.models.layer_parts import layer_parts
    from quizproof.probes.models.logit_lens import final_norm

    parts = bench.once(("layer parts", model), lambda: layer_parts(model))
    norm = bench.once(("final norm", model), lambda: final_norm(model, texts[0].tokens))
    readings = model.read_all([text.tokens for text in texts])
    matching = [
        prefix_matching(reading.attentions, text)
        for reading, text in zip(readings, texts, strict=True)
        if reading.attentions is not None
    ]
    copied = [copying(model, parts, norm, text) for text in texts]
    means = [torch.stack(each).double().mean(dim=0) for each in (matching, copied)]
    found: NDArray[np.float64] = torch.stack(means).numpy()
    return found


def _told(model: CausalLM, asked: Mapping[str, Part], matching: Tensor, copied: Tensor) -> Draw:
    names = list(every_head(model))
    return Draw(
        {
            **by_head("matching", asked, matching),
            **by_head("copying", asked, copied),
            "matching": float(matching.max()),
            "matching_head": the_most_of(names, matching.flatten(), _TIED),
            "copying_head": the_most_of(names, copied.flatten(), _TIED),
        },
        matrices=(
            head_matrix(
                Text(en="prefix matching by head", zh_hant="各 head 的 prefix matching"),
                matching,
                asked.values(),
            ),
            head_matrix(
                Text(en="copying by head", zh_hant="各 head 的複製程度"),
                copied,
                asked.values(),
                signed=True,
            ),
        ),
    )
