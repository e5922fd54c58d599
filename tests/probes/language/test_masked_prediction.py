from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.draws import english
from quizproof.probes.engine.verdict import measured_answer
from quizproof.probes.models.language_models import LanguageModel, LanguageModelError
from quizproof.probes.models.tokens import TokenError
from quizproof.probes.testing import draws_of
from quizproof.probes.testing import world as bench_on
from quizproof.questions.lint import lint_quiz
from quizproof.questions.spec import Text
from tests.planted import found, look, question
from tests.planted_language import language_model, language_pack, language_tokenizer, local
from tests.questions.test_lint import quiz

SENTENCE = "The students visited the professor and asked her to teach them machine learning ."
WORDS = ("him", *SENTENCE.split(), "##s", "<script>alert(1)</script>")

Chance = Callable[[int], dict[str, float]]


class PlantedNet:
    """Gives the tokens that ``chance`` names their probabilities, by the number of masks."""

    def __init__(self, vocabulary: dict[str, int], chance: Chance) -> None:
        self.vocabulary, self.chance = vocabulary, chance
        self.config = SimpleNamespace(num_hidden_layers=1, num_attention_heads=1)

    def __call__(self, input_ids: Tensor, **rest: object) -> Any:
        rows, width = input_ids.shape
        logits = torch.zeros(rows, width, len(self.vocabulary))
        for row in range(rows):
            masks = int((input_ids[row] == self.vocabulary["[MASK]"]).sum())
            wanted = self.chance(masks)
            other = (1 - sum(wanted.values())) / (len(self.vocabulary) - len(wanted))
            logits[row] = math.log(other)
            for token, probability in wanted.items():
                logits[row, :, self.vocabulary[token]] = math.log(probability)
        from transformers.modeling_outputs import MaskedLMOutput

        states = (torch.zeros(rows, width, 4),) * 2
        return MaskedLMOutput(
            logits=logits, hidden_states=states, attentions=(torch.zeros(rows, 1, width, width),)
        )


def world(folder: Path, chance: Chance) -> Bench:
    tokenizer = language_tokenizer(folder / "tokenizer", WORDS)
    net = PlantedNet(tokenizer.get_vocab(), chance)
    model = LanguageModel(net, tokenizer, "planted", torch.device("cpu"))
    return Bench(language_pack(folder), 0, loaded={"english": model})


@pytest.mark.parametrize(
    ("alone", "both", "blanks", "answer"),
    [
        ({"him": 0.8}, {"him": 0.07}, {"1", "2"}, ("him", 0.73)),
        ({"him": 0.8}, {"him": 0.079}, {"1", "2"}, ("him", 0.721)),
        ({"him": 0.8}, {"him": 0.3}, {"1"}, ("him", 0.5)),
        ({"him": 0.1}, {"him": 0.83}, {"1"}, ("him", -0.73)),  # a rise is no fall
        ({"her": 0.2, "him": 0.79}, {"him": 0.06, "her": 0.9}, {"1", "2"}, ("him", 0.73)),
        ({"her": 0.6, "him": 0.3}, {"him": 0.2}, set(), ("her", 0.1)),
        ({"her": 0.04, "him": 0.77, "##s": 0.1}, {"##s": 0.9, "him": 0.04}, {"1", "2"}, None),
        ({"<script>alert(1)</script>": 0.9}, {"him": 0.5}, set(), None),
    ],
)
def test_q22_blanks_hold_where_the_key_is_what_the_model_predicts(
    alone: dict[str, float],
    both: dict[str, float],
    blanks: set[str],
    answer: tuple[str, float] | None,
    tmp_path: Path,
) -> None:
    asked = question("q22")
    taken = look(asked, world(tmp_path, lambda masks: {1: alone, 2: both}[masks]))
    assert {blank for blank, finding in taken.findings.items() if finding.holds} == blanks
    measured = measured_answer(asked, taken)
    assert measured is not None
    expected = answer or (max(alone, key=alone.__getitem__), alone.get("him", 0) - both["him"])
    assert measured[0] == expected[0]
    if "him" in alone:
        assert measured[1] == pytest.approx(expected[1], abs=1e-6)


def test_the_table_holds_the_likeliest_tokens_of_both(tmp_path: Path) -> None:
    chances = {1: {"him": 0.6, "her": 0.3}, 2: {"##s": 0.5, "him": 0.2}}
    [table] = look(question("q22"), world(tmp_path, chances.__getitem__)).shown.matrices
    assert table.rows[:2] == ("him", "her")
    assert "##s" in table.rows
    assert table.values[0].tolist() == pytest.approx([0.6, 0.2], abs=1e-6)
    assert english(table.title) == "probability of the likeliest tokens at the word asked about"
    assert (table.row_name, table.column_name) == (
        Text(en="token", zh_hant="token"),
        Text(en="words masked", zh_hant="被遮蔽的字數"),
    )


def test_a_token_that_the_vocabulary_lacks(tmp_path: Path) -> None:
    with pytest.raises(TokenError, match="no token 'hym'"):
        found(question("q22", token="hym"), world(tmp_path, lambda masks: {"him": 0.6}))


@pytest.mark.parametrize("word", ["her", "professor"])
def test_a_tokenizer_that_splits_a_masked_word_is_named(word: str, tmp_path: Path) -> None:
    bench = world(tmp_path, lambda masks: {"him": 0.6})
    pieces = [word[:2], "##" + word[2:]]
    bench.loaded["english"].tokenizer = language_tokenizer(
        tmp_path / "split", [*(w for w in WORDS if w != word), *pieces]
    )
    with pytest.raises(TokenError, match=f"splits '{word}' of .* into {' '.join(pieces)}, and"):
        found(question("q22"), bench)


def test_a_sentence_without_the_word_is_named(tmp_path: Path) -> None:
    asked = question("q22", sentence="The students visited the professor .")
    with pytest.raises(TokenError, match=r"'her' is not in “The students.*; mend the sentence"):
        found(asked, world(tmp_path, lambda masks: {"him": 0.6}))


def test_a_model_without_the_head_is_a_named_error(tmp_path: Path) -> None:
    english = local(tmp_path, "english", kind="BertModel", words=WORDS)
    with pytest.raises(LanguageModelError, match="no masked-language head"):
        found(question("q22"), Bench(language_pack(tmp_path, english=english), 0))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("likeliest == 'any word whatever'", None),
        ("likeliest > 1", "is a category, not a number"),
        ("fall == 'him'", "is a number, not a category"),
    ],
)
def test_any_word_may_be_measured(rule: str, said: str | None, tmp_path: Path) -> None:
    text = f"""\
kind: single
points: 1
about: model
prompt: {{en: One, zh-Hant: 一}}
probe: {{name: masked.prediction,
  with: {{sentence: a b, masked: a, also_masked: b, token: a}}}}
options:
  a: {{text: {{en: A, zh-Hant: 甲}}, rule: "{rule}"}}
  b: {{text: {{en: B, zh-Hant: 乙}}, rule: likeliest != 'a'}}
expected: [a]
"""
    [linted] = lint_quiz(quiz(tmp_path, q01=text), catalogue()).questions
    assert [said in problem.what for problem in linted.broken if said] == ([True] if said else [])
    assert bool(linted.broken) is bool(said)


def test_one_mask_alone_gives_places_and_other_tokens(tmp_path: Path) -> None:
    bench = world(tmp_path, lambda masks: {"him": 0.5, "her": 0.25})
    [draw] = draws_of(
        "masked.prediction",
        bench,
        sentence=SENTENCE,
        masked="her",
        token="her",
        tokens={"him": "him", "script": "<script>alert(1)</script>"},
    )
    rest = len(bench.loaded["english"].tokenizer) - 2
    found: dict[str, Any] = dict(draw.values)
    assert (found["alone"], found["both"], found["fall"]) == pytest.approx((0.25, 0.25, 0))
    assert (found["rank"], found["probability_him"]) == (2, pytest.approx(0.5))
    assert found["probability_script"] == pytest.approx(0.25 / rest)
    assert found["entropy"] == pytest.approx(1 + 0.25 * math.log2(4 * rest), rel=1e-6)
    assert bench.made.forward == 1


def test_it_is_what_transformers_predicts(tmp_path: Path) -> None:
    bert = language_model(tmp_path / "bert")
    given: dict[str, Any] = {"sentence": "The cat sat on a mat", "masked": "sat", "token": "saw"}
    [draw] = draws_of("masked.prediction", bench_on(model=bert), model="model", **given)
    ids = bert.tokenizer("The cat [MASK] on a mat", return_tensors="pt").input_ids
    logits = bert.net(ids).logits[0, 3]
    saw = bert.tokenizer.convert_tokens_to_ids("saw")
    assert draw.values["alone"] == pytest.approx(float(logits.softmax(0)[saw]), rel=1e-4)
    assert draw.values["rank"] == 1 + int((logits > logits[saw]).sum())


def test_a_near_token_is_named(tmp_path: Path) -> None:
    with pytest.raises(TokenError, match="did you mean professor"):
        found(question("q22", token="profesor"), world(tmp_path, lambda masks: {"him": 0.6}))
