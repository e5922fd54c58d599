from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import torch

from quizproof.probes.methods.smoothgrad import smoothgrad
from quizproof.probes.models.classifiers import load_classifier
from quizproof.probes.models.side_by_side import side_by_side
from quizproof.probes.packs.pack import EMBEDDED, Pack

CPU = torch.device("cpu")


@pytest.fixture(params=[1, 2, 3, 8])
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_results_come_in_order_whatever_the_threads(threads: int, count: int) -> None:
    assert list(side_by_side(lambda n: n * n, range(count), CPU)) == [n * n for n in range(count)]
    assert torch.get_num_threads() == threads


def test_batches_are_made_here_and_run_side_by_side(threads: int) -> None:
    at_once = min(threads, 4)
    meet = threading.Barrier(at_once, timeout=30)
    here = threading.get_ident()

    def batches() -> Iterator[int]:
        for number in range(2 * at_once):
            assert threading.get_ident() == here
            yield number

    def work(number: int) -> int:
        meet.wait()  # nobody passes it alone
        return torch.get_num_threads()

    inside = list(side_by_side(work, batches(), CPU))
    assert inside == [threads if at_once == 1 else threads // at_once] * (2 * at_once)
    assert torch.get_num_threads() == threads


def test_what_a_batch_raises_is_raised_here(threads: int) -> None:
    def work(number: int) -> int:
        if number == 3:
            raise ValueError("batch 3")
        return number

    with pytest.raises(ValueError, match="batch 3"):
        list(side_by_side(work, range(9), CPU))
    assert torch.get_num_threads() == threads


def test_no_digit_and_no_pass_depends_on_the_threads(threads: int) -> None:
    found = {}
    for number in (1, threads):
        torch.set_num_threads(number)
        classifier = load_classifier(Pack(EMBEDDED).part("classifier"), CPU)
        picture = torch.rand(3, *classifier.size, generator=torch.Generator().manual_seed(1))
        noise = torch.Generator().manual_seed(2)
        found[number] = smoothgrad(
            classifier, picture, 0, samples=70, noise="paper", generator=noise
        )
        assert (classifier.passes.forward, classifier.passes.backward) == (70, 70)
    # with 8 threads each batch has two of its own, and a sum may be split among them
    assert torch.allclose(found[1], found[threads], rtol=0 if threads < 8 else 1e-6, atol=0)
