from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from quizproof.probes.bench import Bench
from quizproof.probes.models.language_models import LanguageModel, LanguageModelError
from quizproof.probes.models.tokens import TokenError
from quizproof.probes.packs.pack import MissingError
from quizproof.questions.problems import InputError, QuizproofError
from tests.planted import found, look, question
from tests.planted_language import file_of, language_model, language_pack
from tests.probes.language.planted_states import merge

SENTENCES = (
    "今天買了蘋果手機",
    "蘋果的股價又跌了",
    "買了蘋果",
    "蘋果又跌了",
    "今天的蘋果",
    "手機跌了又買蘋果",
)
LAYER = 3  # of the planted model; the quiz's has 12


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    return language_model(tmp_path_factory.mktemp("chinese"))


def _vectors(model: LanguageModel, word: str) -> NDArray[np.float64]:
    """By a plain call of transformers, a sentence at a time."""
    found = []
    for sentence in SENTENCES:
        given = model.net(
            **model.tokenizer(sentence, return_tensors="pt"), output_hidden_states=True
        )
        place = 1 + sentence.index(word)  # after [CLS], a token a character
        states = given.hidden_states[LAYER][0, place : place + len(word)]
        found.append(states.mean(dim=0).double().numpy())
    return np.stack(found)


def _world(
    folder: Path,
    model: LanguageModel,
    reference: NDArray[np.float64],
    sentences: Sequence[str] = SENTENCES,
) -> Bench:
    folder.mkdir(parents=True, exist_ok=True)
    rows = "\n".join(",".join(f"{value:.6f}" for value in row) for row in reference)
    pack = language_pack(
        folder,
        sentences=file_of(folder, "sentences.txt", "\n".join(sentences)),
        reference_matrix=file_of(folder, "reference.csv", rows),
    )
    return Bench(pack, seed=0, models={"chinese": model})


def _cosine(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 - cdist(vectors, vectors, "cosine")


def _euclidean(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return cdist(vectors, vectors, "euclidean")


@pytest.mark.parametrize(("measure", "metric"), [("1a", _cosine), ("1b", _euclidean)])
@pytest.mark.parametrize(("character", "word"), [("2a", "蘋"), ("2b", "果"), ("2c", "蘋果")])
def test_what_the_matrix_was_made_with_is_found(
    tmp_path: Path,
    model: LanguageModel,
    measure: str,
    metric: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    character: str,
    word: str,
) -> None:
    world = _world(tmp_path, model, metric(_vectors(model, word)))
    assert found(question("q29", layer=LAYER), world) == {measure, character}


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
    assert found(question("q29", layer=LAYER), world) == {"1a", "2b"}


def test_a_matrix_of_something_else_is_made_with_none_of_them(
    tmp_path: Path, model: LanguageModel
) -> None:
    other = _cosine(np.random.default_rng(0).normal(size=(len(SENTENCES), 8)))
    assert found(question("q29", layer=LAYER), _world(tmp_path, model, other)) == set()
    nearly = _cosine(_vectors(model, "果"))
    nearly[0, 1] -= 0.3 * np.ptp(nearly)  # one cell of another colour
    world = _world(tmp_path / "nearly", model, nearly)
    assert found(question("q29", layer=LAYER), world) == set()
    assert found(question("q29", layer=LAYER - 1), world) == set()


def test_the_matrices_are_shown_by_sentence(tmp_path: Path, model: LanguageModel) -> None:
    reference = _cosine(_vectors(model, "果"))
    measured = look(question("q29", layer=LAYER), _world(tmp_path, model, reference))
    shown = {matrix.title: matrix for matrix in measured.matrices}
    assert len(shown) == 7
    for title in ("reference", "cosine similarity of 果"):
        np.testing.assert_allclose(shown[title].values, reference, atol=2e-6)
        assert shown[title].rows == shown[title].columns == SENTENCES
    np.testing.assert_allclose(
        shown["Euclidean distance of 蘋果"].values, _euclidean(_vectors(model, "蘋果")), atol=1e-5
    )


def test_each_sentence_is_read_once(tmp_path: Path) -> None:
    fresh = language_model(tmp_path / "model")
    world = _world(tmp_path, fresh, np.eye(len(SENTENCES)))
    assert look(question("q29", layer=LAYER), world).forward == len(SENTENCES)


def test_a_reference_that_does_not_fit_the_sentences_is_said(
    tmp_path: Path, model: LanguageModel
) -> None:
    asked = question("q29", layer=LAYER)
    with pytest.raises(QuizproofError, match="has 4 rows, but there are 6 sentences"):
        look(asked, _world(tmp_path / "rows", model, np.eye(4)))
    with pytest.raises(QuizproofError, match="2 sentences make no picture"):
        look(asked, _world(tmp_path / "two", model, np.eye(2), SENTENCES[:2]))
    with pytest.raises(InputError, match="no square matrix"):
        look(asked, _world(tmp_path / "square", model, np.ones((6, 5))))
    with pytest.raises(LanguageModelError, match="3 layers, no layer 12"):
        look(question("q29"), _world(tmp_path / "layers", model, np.eye(6)))
    nothing = Bench(language_pack(tmp_path / "none"), seed=0, models={"chinese": model})
    with pytest.raises(MissingError, match="has no sentences"):
        look(asked, nothing)


def test_a_sentence_that_cannot_be_read_is_said(tmp_path: Path, model: LanguageModel) -> None:
    asked = question("q29", layer=LAYER)
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
    measured = look(question("q29", layer=LAYER), _world(tmp_path, model, reference, same))
    assert {m.value for m in measured.measurements.values()} == {1.0}
