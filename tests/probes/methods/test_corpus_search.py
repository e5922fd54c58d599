from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import torch

from quizproof.probes.methods.corpus_search import (
    Metric,
    SearchError,
    by_chance,
    distances,
    lead,
    nearest,
)

METRICS: tuple[Metric, ...] = ("cosine", "euclidean", "inner_product")


def embeddings(count: int, seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).normal(size=(count, 6))).float()


def one_by_one(query: torch.Tensor, corpus: torch.Tensor, metric: Metric) -> list[float]:
    a = query.numpy().astype(np.float64)
    found = []
    for row in corpus.numpy().astype(np.float64):
        if metric == "euclidean":
            found.append(float(np.sqrt(sum((x - y) ** 2 for x, y in zip(row, a, strict=True)))))
        elif metric == "inner_product":
            found.append(float(-sum(x * y for x, y in zip(row, a, strict=True))))
        else:
            sizes = np.sqrt(sum(x * x for x in row)) * np.sqrt(sum(y * y for y in a))
            found.append(float(1 - sum(x * y for x, y in zip(row, a, strict=True)) / sizes))
    return found


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("block", [1, 7, 40, 8192])
def test_the_search_finds_what_comparing_one_by_one_finds(metric: Metric, block: int) -> None:
    corpus, query = embeddings(40), embeddings(1, seed=1)[0]
    expected = one_by_one(query, corpus, metric)
    np.testing.assert_allclose(distances(query, corpus, metric, block), expected, atol=1e-12)
    order = sorted(range(40), key=lambda row: expected[row])
    assert nearest(query, corpus, 9, metric, block).tolist() == order[:9]


def test_the_metrics_differ_where_sizes_do() -> None:
    corpus = torch.tensor([[10.0, 0.0], [0.8, 0.8]])
    query = torch.tensor([1.0, 0.0])
    assert nearest(query, corpus, 1, "cosine").tolist() == [0]
    assert nearest(query, corpus, 1, "euclidean").tolist() == [1]
    long = torch.tensor([[1.0, 0.0], [2.0, 9.0]])
    assert nearest(query, long, 1, "inner_product").tolist() == [1]
    assert nearest(query, long, 1, "cosine").tolist() == [0]


def test_the_inner_product_with_embeddings_of_length_one_ranks_as_the_cosine() -> None:
    corpus, query = embeddings(200) * torch.arange(1, 201)[:, None], 7 * embeddings(1, seed=1)[0]
    unit = corpus / corpus.norm(dim=1, keepdim=True)
    expected = nearest(query, corpus, 50, "cosine").tolist()
    assert nearest(query, unit, 50, "inner_product").tolist() == expected
    assert nearest(query, corpus, 50, "inner_product").tolist() != expected


@pytest.mark.parametrize("metric", METRICS)
def test_of_equal_distances_the_earlier_word_comes_first(metric: Metric) -> None:
    corpus = embeddings(1).repeat(30, 1)
    found = nearest(embeddings(1, seed=1)[0], corpus, 20, metric, block=7)
    assert found.tolist() == list(range(20))


def test_half_precision_is_compared_in_double() -> None:
    corpus, query = embeddings(40).half(), embeddings(1, seed=1)[0]
    np.testing.assert_array_equal(
        distances(query, corpus, "cosine"), distances(query, corpus.double(), "cosine")
    )


def test_a_vector_of_zeros_has_no_direction() -> None:
    corpus = torch.stack([torch.zeros(6), torch.ones(6)])
    assert distances(torch.ones(6), corpus, "cosine").tolist() == [1.0, pytest.approx(0)]
    assert distances(torch.zeros(6), corpus, "cosine").tolist() == [1.0, 1.0]


@pytest.mark.parametrize("count", [0, 5])
def test_as_many_as_there_are_can_be_asked_for(count: int) -> None:
    with pytest.raises(SearchError, match="has 4 embeddings"):
        nearest(torch.ones(6), embeddings(4), count, "cosine")


def test_embeddings_of_another_size_do_not_compare() -> None:
    with pytest.raises(SearchError, match="do not compare"):
        distances(torch.ones(5), embeddings(4), "cosine")


@pytest.mark.parametrize("metric", METRICS)
def test_what_is_not_finite_is_an_error(metric: Metric) -> None:
    corpus = embeddings(4)
    corpus[2, 3] = torch.nan
    with pytest.raises(SearchError, match="not finite"):
        nearest(torch.ones(6), corpus, 1, metric)


@pytest.mark.parametrize(
    ("tags", "by"),
    [
        (["NOUN"] * 4, 1.0),
        (["NOUN", "NOUN", "NOUN", "VERB"], 0.5),
        (["NOUN", "NOUN", "VERB", "VERB"], 0.0),
        (["NOUN", "VERB", "DET", "ADP"], 0.0),
        (["NOUN", "VERB", "VERB", "ADP"], -0.25),
        (["NOUN", "NOUN", "VERB", "DET"], 0.25),
        (["VERB"] * 4, -1.0),
    ],
)
def test_the_lead_is_over_the_commonest_other_part_of_speech(tags: list[str], by: float) -> None:
    assert lead(tags, "NOUN") == by


def test_chance_is_counted_over_all_ways_to_draw() -> None:
    # 3 of 7 words, of which 4 are tagged: of 35 ways 4 have 3 tagged ones, 18 have 2
    assert by_chance(3, 3, 4, 7) == pytest.approx(4 / 35)
    assert by_chance(2, 3, 4, 7) == pytest.approx(22 / 35)
    assert by_chance(0, 3, 4, 7) == 1
    ways = [sum(word < 4 for word in drawn) >= 2 for drawn in combinations(range(7), 3)]
    assert by_chance(2, 3, 4, 7) == pytest.approx(np.mean(ways))


def test_nothing_leads_among_none() -> None:
    with pytest.raises(SearchError):
        lead([], "NOUN")
