"""Tokenizers and vocabularies, with capitals and without."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quizproof.probes.models.letter_case import wrong_case
from quizproof.probes.models.tokens import load_tokenizer
from quizproof.probes.models.transformers_import import transformers
from tests.planted_language import SPECIAL

CASED = ("The", "the", "cat", "sat", "##ING", "Paris")
UNCASED = ("the", "cat", "sat", "##ing", "on", "a")
CHINESE = ("今", "天", "買", "了", "蘋", "果", "app", "##le")


def said(
    folder: Path, words: tuple[str, ...], lower: bool | None, *, cased_script: bool = True
) -> str | None:
    (folder / "vocab.txt").write_text("\n".join([*SPECIAL, "[unused1]", *words]), encoding="utf-8")
    settings = {} if lower is None else {"do_lower_case": lower}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    return wrong_case(load_tokenizer(folder), cased_script=cased_script)


def test_a_tokenizer_that_takes_capitals_away_from_a_vocabulary_that_has_them(
    tmp_path: Path,
) -> None:
    found = said(tmp_path, CASED, lower=True)
    assert found is not None
    assert "takes capitals away though its vocabulary has them ('Paris' and 2 more)" in found
    assert "do_lower_case" in found


def test_a_tokenizer_that_keeps_capitals_for_a_vocabulary_that_has_none(tmp_path: Path) -> None:
    found = said(tmp_path, UNCASED, lower=False)
    assert found is not None
    assert "keeps capitals though its vocabulary has none" in found


@pytest.mark.parametrize("words", [CASED, UNCASED])
def test_what_goes_together_is_well(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert said(tmp_path, words, lower=words is UNCASED) is None
    assert said(tmp_path, words, lower=None) is None  # where nothing is said, the words tell


def test_a_script_without_capitals_is_well_either_way(tmp_path: Path) -> None:
    # as bert-base-chinese is handed out: no capital in it, and none taken away
    for lower in (True, False):
        for cased_script in (True, False):
            assert said(tmp_path, CHINESE, lower=lower, cased_script=cased_script) is None


def test_a_whole_tokenizer_file_is_held_against_its_words_too(tmp_path: Path) -> None:
    for lower in (True, False):
        made = transformers().BertTokenizer(
            vocab={word: k for k, word in enumerate([*SPECIAL, *CASED])}, do_lower_case=lower
        )
        made.save_pretrained(tmp_path / str(lower))
        found = wrong_case(load_tokenizer(tmp_path / str(lower)))
        assert (found is not None) == lower


def test_a_capital_that_was_added_to_an_uncased_vocabulary_is_none_of_it(tmp_path: Path) -> None:
    made = transformers().BertTokenizer(
        vocab={word: k for k, word in enumerate([*SPECIAL, *UNCASED])}, do_lower_case=True
    )
    made.add_tokens(["COVID"])
    assert "COVID" in made.get_vocab()
    assert wrong_case(made) is None
