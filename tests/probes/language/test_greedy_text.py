"""Greedy text, held to transformers' generate and to worlds in which it is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from quizproof.probes.draws import Draw
from quizproof.probes.language.greedy_text import loop
from quizproof.probes.models.causal_lm import CausalLM, load_causal_lm
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.models.seq2seq_lm import Seq2SeqLM, load_seq2seq_lm
from quizproof.probes.models.transformers_import import transformers
from quizproof.probes.testing import draws_of, world
from quizproof.questions.problems import QuizproofError
from tests.planted_transformers import causal_folder, seq2seq_folder

PROMPT = "The cat sat on the"
CPU = torch.device("cpu")


def asked(model: CausalLM | Seq2SeqLM, prompt: str = PROMPT, **parameters: Any) -> Draw:
    [draw] = draws_of("greedy.text", world(gpt=model), model="gpt", prompt=prompt, **parameters)
    return draw


def after(model: CausalLM, **following: str) -> CausalLM:
    """``model`` with each word of ``following`` followed by the word that is named."""
    net = model.net
    with torch.no_grad():
        for name, weight in net.named_parameters():
            if ".c_proj." in name or name.endswith("wpe.weight") or name == "lm_head.weight":
                weight.zero_()
        for one, other in following.items():
            before, then = (
                model.tokenizer.convert_tokens_to_ids(word)
                for word in (f"Ġ{one}", other if other.startswith("<") else f"Ġ{other}")
            )
            net.transformer.wte.weight[before] *= 3
            net.lm_head.weight[then] = net.transformer.ln_f(net.transformer.wte.weight[before])
    return model


@pytest.fixture
def gpt(tmp_path: Path) -> CausalLM:
    folder = causal_folder(tmp_path / "gpt", tie_word_embeddings=False, n_embd=64)
    return load_causal_lm(folder, "gpt", CPU)


def test_it_is_what_generate_writes(gpt: CausalLM, tmp_path: Path) -> None:
    ids = gpt.tokenizer(PROMPT, return_tensors="pt").input_ids
    theirs = gpt.net.generate(ids, max_new_tokens=12, do_sample=False, use_cache=False)[0]
    assert gpt.greedy_tokens(PROMPT, 12) == tuple(theirs[ids.shape[1] :].tolist())
    draw = asked(gpt, most=12)
    assert PROMPT + gpt.decoded(PROMPT, gpt.greedy_tokens(PROMPT, 12)) == gpt.tokenizer.decode(
        theirs, skip_special_tokens=True
    )
    assert draw.values["tokens"] == 12


def test_a_model_of_two_halves_writes_anew(tmp_path: Path) -> None:
    folder = seq2seq_folder(tmp_path / "bart", "Bart")
    model = load_seq2seq_lm(folder, "bart", CPU)
    plain = transformers().AutoModelForSeq2SeqLM.from_pretrained(folder).eval()
    ids = model.tokenizer(PROMPT, return_tensors="pt").input_ids
    theirs = plain.generate(ids, max_new_tokens=5, num_beams=1, do_sample=False)[0, 1:]
    assert asked(model, most=5).values["text"] == model.decoded(theirs.tolist()).strip()


def test_a_loop_is_known_and_words_are_counted(gpt: CausalLM) -> None:
    looping = after(gpt, the="cat", cat="sat", sat="the")
    values = asked(looping, most=9, words={"cat": "cat", "he": "he"}).values
    assert values["text"] == "cat sat the cat sat the cat sat the"
    assert (values["loop"], values["ended"], values["times_cat"]) == (3, "no", 3)
    assert values["times_he"] == 0  # within "the" it is no word
    assert values["distinct"] == pytest.approx(1 / 3)


def test_an_end_ends_it(gpt: CausalLM) -> None:
    ending = after(gpt, the="mat", mat="<|endoftext|>")
    values = asked(ending).values
    assert (values["text"], values["tokens"], values["ended"]) == ("mat", 2, "yes")
    assert values["loop"] == 0


def test_the_shortest_loop_is_found_at_the_end_alone() -> None:
    assert loop((5, 1, 2, 1, 2, 1, 2)) == 2
    assert loop((7, 7, 7, 7, 7, 7)) == 1
    assert loop((1, 2, 1, 2, 1, 2, 3)) == 0
    assert loop((1, 2, 1, 2)) == 0


@pytest.mark.parametrize("given", [{"most": 0}, {"most": 10**9}, {"prompt": ""}])
def test_nothing_and_no_end_are_refused_before_a_model_runs(given: dict[str, Any]) -> None:
    with pytest.raises(QuizproofError, match=f"parameter {next(iter(given))}"):
        draws_of("greedy.text", **{"prompt": PROMPT, **given})


def test_a_full_context_is_one_line(gpt: CausalLM) -> None:
    assert asked(gpt, " the" * 30).values["tokens"] == 2
    with pytest.raises(LanguageModelError, match=r"takes 32 tokens, which .* fills; shorten it"):
        asked(gpt, " the" * 32)


def test_passes_are_counted_once(gpt: CausalLM) -> None:
    bench = world(gpt=gpt)
    for _ in range(2):
        draws_of("greedy.text", bench, model="gpt", prompt=PROMPT, most=4)
    assert bench.made.forward == 4
