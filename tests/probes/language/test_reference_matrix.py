from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from quizproof.probes.bench import Bench
from quizproof.probes.draws import english
from quizproof.probes.models.language_models import LanguageModel, LanguageModelError
from quizproof.probes.models.tokens import TokenError
from quizproof.probes.packs.pack import MissingError
from quizproof.questions.problems import InputError, QuizproofError
from quizproof.questions.spec import Text
from tests.planted import found, look, question
from tests.planted_language import file_of, language_model, language_pack, with_parts
from tests.probes.language.planted_states import merge

SENTENCES = (
    "今天買了蘋果手機",
    "蘋果的股價又跌了",
    "買了蘋果",
    "蘋果又跌了",
    "今天的蘋果",
    "手機跌了又買蘋果",
)
LAST = 3  # of the planted model's layers; the quiz's has 12


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    """Its vectors are of different lengths, or the inner product would be the cosine similarity."""
    made = language_model(tmp_path_factory.mktemp("chinese"), hidden_size=24)
    generator = torch.Generator().manual_seed(0)
    for name, weights in made.net.named_parameters():
        if name.endswith("LayerNorm.weight"):
            weights.data.uniform_(0.2, 2, generator=generator)
    return made


def _vectors(model: LanguageModel, word: str, layer: int = LAST) -> NDArray[np.float64]:
    """By a plain call of transformers, a sentence at a time."""
    found = []
    for sentence in SENTENCES:
        given = model.net(
            **model.tokenizer(sentence, return_tensors="pt"), output_hidden_states=True
        )
        place = 1 + sentence.index(word)  # after [CLS], a token a character
        states = given.hidden_states[layer][0, place : place + len(word)]
        found.append(states.mean(dim=0).double().numpy())
    return np.stack(found)


def _world(
    folder: Path,
    model: LanguageModel,
    reference: NDArray[np.float64],
    sentences: Sequence[str] = SENTENCES,
    decimals: int = 6,
) -> Bench:
    folder.mkdir(parents=True, exist_ok=True)
    rows = "\n".join(",".join(f"{value:.{decimals}f}" for value in row) for row in reference)
    pack = language_pack(
        folder,
        sentences=file_of(folder, "sentences.txt", "\n".join(sentences)),
        reference_matrix=file_of(folder, "reference.csv", rows),
    )
    return Bench(pack, seed=0, loaded={"chinese": model})


def _cosine(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 - cdist(vectors, vectors, "cosine")


def _euclidean(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return cdist(vectors, vectors, "euclidean")


@pytest.mark.parametrize("layer", range(1, LAST + 1))
@pytest.mark.parametrize(("measure", "metric"), [("1a", _cosine), ("1b", _euclidean)])
@pytest.mark.parametrize(("character", "word"), [("2a", "蘋"), ("2b", "果"), ("2c", "蘋果")])
def test_what_the_matrix_was_made_with_is_found(
    tmp_path: Path,
    model: LanguageModel,
    measure: str,
    metric: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    character: str,
    word: str,
    layer: int,
) -> None:
    """Whichever layer it was made after, and printed to three decimals as to six."""
    for decimals in (3, 6):
        reference = metric(_vectors(model, word, layer))
        world = _world(tmp_path / str(decimals), model, reference, decimals=decimals)
        measured = look(question("q29"), world)
        holding = {option for option, finding in measured.findings.items() if finding.holds}
        assert holding == {measure, character}
        assert measured.measurements["layer"].value == layer


def test_what_the_digits_leave_open_is_no_difference(tmp_path: Path, model: LanguageModel) -> None:
    reference = _cosine(_vectors(model, "果"))
    off, printed = [], []
    for decimals in (6, 3, 2, 1):
        world = _world(tmp_path / str(decimals), model, reference, decimals=decimals)
        values = look(question("q29"), world).measurements
        off.append(float(values["cosine_果"].value))
        printed.append(float(values["printed"].value))
    assert all(a <= b + 1e-6 for a, b in zip(off, printed, strict=True))
    assert printed == sorted(printed)
    span = np.ptp(reference[~np.eye(len(reference), dtype=bool)])
    assert printed[2] == pytest.approx(0.01 / span, rel=0.05)
    # what is printed so roughly that all choices look alike is decided by none of them
    assert found(question("q29"), _world(tmp_path / "0", model, reference, decimals=0)) == set()


def _coloured(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """As read off a picture of 256 colours."""
    levels: NDArray[np.float64] = np.round((matrix - matrix.min()) / np.ptp(matrix) * 255)
    return levels


def _without_diagonal(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return matrix * (1 - np.eye(len(matrix)))


@pytest.mark.parametrize(
    "drawn",
    [lambda cosines: 1 - cosines, lambda cosines: -cosines, _coloured, _without_diagonal],
    ids=["cosine distance", "negative", "colours", "empty diagonal"],
)
def test_how_the_picture_was_drawn_does_not_count(
    tmp_path: Path,
    model: LanguageModel,
    drawn: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> None:
    world = _world(tmp_path, model, drawn(_cosine(_vectors(model, "果"))))
    assert found(question("q29"), world) == {"1a", "2b"}


def _inner_product(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    product: NDArray[np.float64] = vectors @ vectors.T
    return product


def _manhattan(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return cdist(vectors, vectors, "cityblock")


def _largest(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return cdist(vectors, vectors, "chebyshev")


@pytest.mark.parametrize("metric", [_inner_product, _manhattan, _largest])
@pytest.mark.parametrize("layer", range(1, LAST + 1))
@pytest.mark.parametrize("word", ["蘋", "果", "蘋果"])
def test_a_matrix_of_a_third_measure_is_made_with_neither(
    tmp_path: Path,
    model: LanguageModel,
    metric: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    word: str,
    layer: int,
) -> None:
    for decimals in (3, 6):
        reference = metric(_vectors(model, word, layer))
        world = _world(tmp_path / str(decimals), model, reference, decimals=decimals)
        assert found(question("q29"), world) == set()


def test_a_matrix_of_something_else_is_made_with_none_of_them(
    tmp_path: Path, model: LanguageModel
) -> None:
    other = _cosine(np.random.default_rng(0).normal(size=(len(SENTENCES), 8)))
    assert found(question("q29"), _world(tmp_path, model, other)) == set()
    nearly = _cosine(_vectors(model, "果"))
    nearly[0, 1] -= 0.05 * np.ptp(nearly)  # one cell of another colour
    world = _world(tmp_path / "nearly", model, nearly)
    assert found(question("q29"), world) == set()


def test_the_matrices_are_shown_by_sentence(tmp_path: Path, model: LanguageModel) -> None:
    reference = _cosine(_vectors(model, "果"))
    measured = look(question("q29"), _world(tmp_path, model, reference))
    shown = {english(matrix.title): matrix for matrix in measured.shown.matrices}
    assert len(shown) == 7
    for title in ("reference", f"cosine similarity of 果, layer {LAST}"):
        np.testing.assert_allclose(shown[title].values, reference, atol=2e-6)
        assert shown[title].rows == shown[title].columns == SENTENCES
    [euclidean] = [title for title in shown if title.startswith("Euclidean distance of 蘋果")]
    layer = int(euclidean.rpartition(" ")[2])
    np.testing.assert_allclose(
        shown[euclidean].values, _euclidean(_vectors(model, "蘋果", layer)), atol=1e-5
    )
    assert {m.title.zh_hant for m in shown.values() if isinstance(m.title, Text)} >= {
        "參考矩陣",
        f"「果」的餘弦相似度，第 {LAST} 層",
    }


def test_each_sentence_is_read_once(tmp_path: Path) -> None:
    fresh = language_model(tmp_path / "model")
    world = _world(tmp_path, fresh, np.eye(len(SENTENCES)))
    assert look(question("q29"), world).forward == len(SENTENCES)


def test_a_reference_that_does_not_fit_the_sentences_is_said(
    tmp_path: Path, model: LanguageModel
) -> None:
    asked = question("q29")
    with pytest.raises(QuizproofError, match="has 4 rows, but there are 6 sentences"):
        look(asked, _world(tmp_path / "rows", model, np.eye(4)))
    with pytest.raises(QuizproofError, match="2 sentences make no picture"):
        look(asked, _world(tmp_path / "two", model, np.eye(2), SENTENCES[:2]))
    with pytest.raises(InputError, match="no square matrix"):
        look(asked, _world(tmp_path / "square", model, np.ones((6, 5))))
    world = _world(tmp_path / "text", model, np.eye(6))
    text = file_of(tmp_path / "text", "other.csv", "\n".join(["one,0,0,0,0,0"] * 6))
    with_parts(world.pack, reference_matrix=text)
    with pytest.raises(InputError, match="could not convert string to float"):
        look(asked, world)
    nothing = Bench(language_pack(tmp_path / "none"), seed=0, loaded={"chinese": model})
    with pytest.raises(MissingError, match="has no sentences"):
        look(asked, nothing)


def test_a_sentence_that_cannot_be_read_is_said(tmp_path: Path, model: LanguageModel) -> None:
    asked = question("q29")
    without = ("今天買了手機", *SENTENCES[1:])
    with pytest.raises(TokenError, match="'蘋' is not in “今天買了手機”"):
        look(asked, _world(tmp_path / "without", model, np.eye(6), without))
    long = ("蘋果" * 16, *SENTENCES[1:])
    with pytest.raises(LanguageModelError, match="takes 32 tokens, a sentence has 34"):
        look(asked, _world(tmp_path / "long", model, np.eye(6), long))
    unknown = language_model(tmp_path / "model", words=[*"今天買了蘋手機的股價又跌"])
    with pytest.raises(TokenError, match=r"knows '果' .* only as \[UNK\]"):
        look(asked, _world(tmp_path / "unknown", unknown, np.eye(6)))
    merging = language_model(tmp_path / "merging")
    merge(merging, "蘋果")
    with pytest.raises(TokenError, match=r"no token for '蘋' .* it is inside '蘋果'"):
        look(asked, _world(tmp_path / "merged", merging, np.eye(6)))


def test_vectors_that_are_all_the_same_make_no_picture(
    tmp_path: Path, model: LanguageModel
) -> None:
    same = ["蘋果"] * len(SENTENCES)
    reference = _cosine(_vectors(model, "果"))
    measured = look(question("q29"), _world(tmp_path, model, reference, same))
    values = {name: m.value for name, m in measured.measurements.items()}
    assert {values[name] for name in values if name not in {"printed", "layer"}} == {1.0}
    assert not any(finding.holds for finding in measured.findings.values())
