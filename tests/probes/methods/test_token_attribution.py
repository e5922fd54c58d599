"""Attribution of tokens, held to completeness, nudges, closed forms and a linear model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

from quizproof.probes.methods.token_attribution import attribution as attributed
from quizproof.probes.methods.token_attribution import rollout
from quizproof.probes.methods.token_attribution_settings import Method
from quizproof.probes.methods.token_score import TokenScore, token_score
from quizproof.probes.models.causal_lm import load_causal_lm
from quizproof.probes.models.language_loading import load_language_model
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.models.seq2seq_lm import load_seq2seq_lm
from quizproof.questions.problems import QuizproofError
from tests.planted_language import language_folder
from tests.planted_transformers import causal_folder, masked_folder, seq2seq_folder

CPU = torch.device("cpu")
GRADIENT: Method = {"name": "gradient_norm", "output": "logit"}
PRODUCT: Method = {"name": "input_x_gradient", "output": "logit"}
SMOOTH = ("gpt", "bert", "roberta", "marian", "bart")
RMS = ("llama", "t5")  # their norms are computed in float32, and turn within 1e-3 around 0
KINDS = SMOOTH + RMS


def scored(folder: Path, kind: str) -> TokenScore:
    text = "The cat saw her"
    match kind:
        case "gpt" | "llama":
            name = {"gpt": "GPT2", "llama": "Llama"}[kind]
            model = load_causal_lm(causal_folder(folder / kind, name), kind, CPU)
            return token_score(model, text, " cat", None, None)
        case "bert":
            masked = load_language_model(language_folder(folder / kind), kind, CPU)
            return token_score(masked, text, "dog", "saw", None)
        case "roberta":
            masked_folder(folder / kind, "Roberta")
            masked = load_language_model(folder / kind, kind, CPU)
            return token_score(masked, text, "Ġdog", "saw", None)
    name = {"t5": "T5", "marian": "Marian", "bart": "Bart"}[kind]
    scaled = {} if kind == "t5" else {"scale_embedding": True}
    halves = load_seq2seq_lm(seq2seq_folder(folder / kind, name, **scaled), kind, CPU)
    return token_score(halves, text, "dog", None, "it was a dog")


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, TokenScore]:
    folder = tmp_path_factory.mktemp("models")
    return {kind: scored(folder, kind) for kind in KINDS}


def attribution(score: TokenScore, method: Method) -> Tensor:
    return attributed(score, method).values


def output(score: TokenScore, vectors: Tensor, of: Any = "logit") -> float:
    with torch.no_grad():
        return float(score.of_embeddings(vectors[None], of, backward=False)[0])


@pytest.mark.parametrize("kind", SMOOTH)
def test_integrated_gradients_are_complete(kind: str, scores: Mapping[str, TokenScore]) -> None:
    score = scores[kind]
    for of in ("logit", "log_probability"):
        method: Method = {
            "name": "integrated_gradients",
            "output": of,
            "steps": 200,
            "rule": "gauss",
            "baseline": "zero",
        }
        found = attribution(score, method)
        vectors = score.embeddings(score.tokens.ids)
        baseline = vectors.clone()
        baseline[score.own] = 0
        change = output(score, vectors, of) - output(score, baseline, of)
        assert float(found.sum()) == pytest.approx(change, rel=1e-2, abs=1e-3)
        kept = [k for k in range(len(found)) if k not in score.own]
        assert found[kept].abs().sum() == 0
        assert output(score, vectors, of) == pytest.approx(
            float(score.of_tokens([score.tokens.ids], of)[0]), rel=1e-4
        )


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_what_nudges_give(kind: str, scores: Mapping[str, TokenScore]) -> None:
    score = scores[kind]
    score.model.net.double()  # nudges of float32 are rounded away
    try:
        vectors = score.embeddings(score.tokens.ids).double()
        step, rows = (1e-3 if kind in RMS else 1e-5), []
        for place in range(len(vectors)):
            row = []
            for dimension in range(vectors.shape[1]):
                up, down = vectors.clone(), vectors.clone()
                up[place, dimension] += step
                down[place, dimension] -= step
                row.append((output(score, up) - output(score, down)) / 2 / step)
            rows.append(row)
        gradient = torch.tensor(rows, dtype=torch.float64)
        norm, product = attribution(score, GRADIENT), attribution(score, PRODUCT)
        rtol, atol = (1e-2, 2e-3) if kind in RMS else (1e-4, 1e-7)
        assert torch.allclose(norm, gradient.norm(dim=1), rtol, atol)
        assert torch.allclose(product, (gradient * vectors).sum(1), rtol, atol)
    finally:
        score.model.net.float()


@pytest.mark.parametrize("kind", RMS)
def test_integrated_gradients_that_are_not_complete_are_refused(
    kind: str, scores: Mapping[str, TokenScore]
) -> None:
    method: Method = {
        "name": "integrated_gradients",
        "output": "logit",
        "steps": 8,
        "rule": "left",
        "baseline": "zero",
    }
    with pytest.raises(QuizproofError, match=r"of 8 steps sum to .* ask for more steps"):
        attribution(scores[kind], method)


@pytest.mark.parametrize("kind", ["gpt", "bert", "t5"])
def test_erasure_is_what_the_model_says_without_it(
    kind: str, scores: Mapping[str, TokenScore]
) -> None:
    score = scores[kind]
    ids, own = list(score.tokens.ids), score.own
    whole = float(score.of_tokens([ids], "logit")[0])
    dropped = attribution(score, {"name": "erasure", "output": "logit", "by": "drop"})
    for k in own:
        left = ids[:k] + ids[k + 1 :]
        if score.written is not None:
            logits = score.model.net(
                torch.tensor([left]), decoder_input_ids=torch.tensor([score.written])
            ).logits[0, -1]
        else:
            place = -1 if kind == "gpt" else left.index(score.tokens.mask or 0)
            logits = score.model.net(torch.tensor([left])).logits[0, place]
        assert float(dropped[k]) == pytest.approx(whole - float(logits[score.asked]), abs=1e-5)
    zeroed = attribution(score, {"name": "erasure", "output": "logit", "by": "zero"})
    vectors = score.embeddings(ids)
    vectors[own[0]] = 0
    assert float(zeroed[own[0]]) == pytest.approx(whole - output(score, vectors), abs=1e-5)


def test_erasure_by_a_mask_puts_one_there(scores: Mapping[str, TokenScore]) -> None:
    score = scores["bert"]
    found = attribution(score, {"name": "erasure", "output": "probability", "by": "mask"})
    [k, *_], ids = score.own, list(score.tokens.ids)
    masked = [*ids[:k], score.tokens.mask, *ids[k + 1 :]]
    fall = score.of_tokens([ids, masked], "probability")  # type: ignore[list-item]
    assert float(found[k]) == pytest.approx(float(fall[0] - fall[1]), abs=1e-9)
    assert [j for j, value in enumerate(found.tolist()) if value] == score.own
    with pytest.raises(LanguageModelError, match="no token for mask that could stand"):
        attribution(scores["gpt"], {"name": "erasure", "output": "logit", "by": "mask"})


def test_every_method_is_a_linear_models_weight(tmp_path: Path) -> None:
    """A model whose logit is the sum of a weight for each token."""
    score = scored(tmp_path, "gpt")
    weights = torch.randn(
        len(score.model.tokenizer), 16, generator=torch.Generator().manual_seed(0)
    )

    class Sum(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.rows = torch.nn.Embedding(*weights.shape).requires_grad_(False)
            self.rows.weight.copy_(weights)

        def get_input_embeddings(self) -> Any:
            return self.rows

        def forward(
            self,
            attention_mask: Tensor,
            input_ids: Tensor | None = None,
            inputs_embeds: Tensor | None = None,
        ) -> Any:
            taken = self.rows(input_ids) if inputs_embeds is None else inputs_embeds
            each = (taken[..., 0] * 3 - taken[..., 1])[..., None].expand(*taken.shape[:2], 400)
            return type("Given", (), {"logits": each.sum(1, keepdim=True).expand_as(each)})

    model = SimpleNamespace(**{**vars(score.model), "net": Sum()})
    score = TokenScore(model, score.tokens, score.asked, score.place)
    ids = list(score.tokens.ids)
    said = (3 * weights[ids, 0] - weights[ids, 1]).double()
    methods: list[Method] = [
        PRODUCT,
        {
            "name": "integrated_gradients",
            "output": "logit",
            "steps": 2,
            "rule": "right",
            "baseline": "zero",
        },
        {"name": "erasure", "output": "logit", "by": "zero"},
        {"name": "erasure", "output": "logit", "by": "drop"},
    ]
    for method in methods:
        assert torch.allclose(attribution(score, method), said, rtol=1e-4, atol=1e-5), method
    assert torch.allclose(attribution(score, GRADIENT), torch.full((len(ids),), 10**0.5).double())


def test_attention_is_that_of_where_it_is_predicted(scores: Mapping[str, TokenScore]) -> None:
    gpt, bert, t5 = scores["gpt"], scores["bert"], scores["t5"]
    one = attribution(gpt, {"name": "attention", "layer": 2, "head": 1})
    given = gpt.model.net(torch.tensor([gpt.tokens.ids]), output_attentions=True).attentions
    assert torch.allclose(one.float(), given[1][0, 0, -1], atol=1e-6)
    mean = attribution(bert, {"name": "attention", "layer": "mean", "head": "mean"})
    given = bert.model.net(torch.tensor([bert.tokens.ids]), output_attentions=True).attentions
    assert torch.allclose(
        mean.float(), torch.stack(given)[:, 0, :, bert.place].mean((0, 1)), atol=1e-6
    )
    crossed = attribution(t5, {"name": "attention", "layer": 1, "head": "mean"})
    assert len(crossed) == len(t5.tokens)
    assert float(crossed.sum()) == pytest.approx(1, abs=1e-5)


def test_rollout_is_the_papers(scores: Mapping[str, TokenScore]) -> None:
    gpt = scores["gpt"]
    one, other = (
        0.5 * layer[0].mean(0) + 0.5 * torch.eye(len(gpt.tokens))
        for layer in gpt.model.net(
            torch.tensor([gpt.tokens.ids]), output_attentions=True
        ).attentions
    )
    assert torch.allclose(rollout(gpt).float(), (other @ one)[-1], atol=1e-6)
    assert float(rollout(scores["bert"]).sum()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("kind", "method", "said"),
    [
        ("t5", {"name": "attention_rollout"}, "rollout is not defined for t5"),
        ("gpt", {"name": "attention", "layer": 3, "head": 1}, "2 layers, and no layer 3"),
        ("t5", {"name": "attention", "layer": 2, "head": 1}, "1 layers, and no layer 2"),
        ("gpt", {"name": "attention", "layer": "mean", "head": 3}, "2 heads a layer, and no head"),
    ],
)
def test_what_is_not_there_is_one_line(
    kind: str, method: Any, said: str, scores: Mapping[str, TokenScore]
) -> None:
    with pytest.raises(QuizproofError, match=said) as caught:
        attribution(scores[kind], method)
    assert "\n" not in str(caught.value)


def test_passes_are_counted(tmp_path: Path) -> None:
    score = scored(tmp_path, "gpt")
    attribution(score, GRADIENT)  # and a few of three tokens, for the network
    before = score.model.passes.forward
    attribution(score, GRADIENT)
    assert score.model.passes.forward == before + 1
    assert score.model.passes.backward == 2
    assert attributed(score, GRADIENT).output == pytest.approx(
        float(score.of_tokens([score.tokens.ids], "logit")[0]), rel=1e-4
    )


def test_what_is_asked_fits_the_kind_of_model(tmp_path: Path) -> None:
    bert = load_language_model(language_folder(tmp_path / "bert"), "bert", CPU)
    gpt = load_causal_lm(causal_folder(tmp_path / "gpt"), "gpt", CPU)
    with pytest.raises(QuizproofError, match="bert is a masked-lm: say masked, and no other"):
        token_score(bert, "The cat saw her", "dog", None, None)
    with pytest.raises(QuizproofError, match="say neither masked nor target"):
        token_score(gpt, "The cat saw her", " dog", "cat", None)
    with pytest.raises(LanguageModelError, match="no one token for “zebra”"):
        token_score(gpt, "The cat saw her", " zebra", None, None)
