"""Networks so sure that a loss is 0 in float32, and such as answer the same whatever is shown."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from quizproof.probes.bench import Bench
from quizproof.probes.engine.collector import Collector, in_this_process
from quizproof.probes.engine.results import QuestionResult, State
from quizproof.probes.engine.runner import Runner
from quizproof.probes.methods.finite_differences import in_double
from quizproof.probes.methods.saliency import shown_saliency
from quizproof.probes.methods.smoothgrad import noise_sigma, noisy_copies
from quizproof.probes.models.classifiers import Classifier
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.probes.picture.smoothgrad_block import shown, smoothgrad_draw
from quizproof.questions.quiz import bundled_quiz
from tests.planned import plan, result_of
from tests.planted import found, question, view
from tests.probes.picture import every_network

PICTURE = 9


def world(classifier: Classifier) -> Bench:
    return Bench(Pack(EMBEDDED), seed=0, loaded={"classifier": classifier})


def with_head(weight: float, bias: dict[int, float]) -> Classifier:
    """The embedded network, its last layer's weights times ``weight`` and ``bias`` added."""
    classifier = every_network.embedded()
    net = copy.deepcopy(classifier.net)
    last = [module for module in net.modules() if isinstance(module, nn.Linear)][-1]
    last.weight.mul_(weight)
    for label, more in bias.items():
        last.bias[label] += more
    return replace(classifier, net=net, description="planted")


@pytest.mark.parametrize("times", [30, 1000])
def test_smoothgrad_is_that_of_double_precision(times: float) -> None:
    here, samples = world(every_network.surer(times)), 12
    drawn = smoothgrad_draw(view(here), PICTURE, samples=samples, noise="notebook", draw=0)
    picture, label = view(here).picture(PICTURE), view(here).label(PICTURE)
    seed = (here.draw_seed(0) + PICTURE) % 2**32
    copies = noisy_copies(
        picture, noise_sigma(picture, "notebook"), samples, torch.Generator().manual_seed(seed)
    )
    inputs = copies.double().requires_grad_()
    logits = in_double(here.part("classifier"))(inputs)
    own = torch.arange(logits.shape[1]) == label
    lead = logits[:, ~own].logsumexp(dim=1) - logits[:, label]
    [gradient] = torch.autograd.grad(lead.sum(), inputs)
    logarithm = nn.functional.logsigmoid(lead.detach())
    # in float32 there is no loss left, and the copies differ by powers of ten
    assert logarithm.median() < -17
    assert logarithm.max() - logarithm.min() > 10
    weights = (logarithm - logarithm.max()).exp()[:, None, None, None]
    expected = (weights * gradient.abs()).mean(dim=0).numpy()
    apart = np.abs(shown(drawn.map) - shown(expected))
    assert apart.mean() < 0.01 * shown(expected).mean()


@pytest.mark.parametrize("times", [30, 1000])
def test_the_shown_saliency_map_does_not_depend_on_how_sure_it_is(times: float) -> None:
    plain, sure = (
        shown_saliency(view(world(of)), PICTURE)
        for of in (with_head(1, {0: 20.0}), with_head(1, {0: 20.0 + times}))
    )
    np.testing.assert_allclose(sure, plain, rtol=0.01, atol=0.01)


@pytest.mark.parametrize(("name", "answer"), [("q07", "b"), ("q08", "b"), ("q11", "bd")])
def test_questions_about_the_method_are_answered_without_any_doubt(name: str, answer: str) -> None:
    assert found(question(name), world(every_network.surer(1000))) == set(answer)


@pytest.mark.parametrize("times", [0.0, 1.0])
@pytest.mark.parametrize("label", [0, 6])
def test_one_that_answers_one_class_for_everything(times: float, label: int) -> None:
    """It may depend on what is shown, which is answered, or not, which is named."""
    results = measured(with_head(times, {label: 2000.0}), "q06", "q07", "q04")
    if times:
        assert [r.state for r in results[1:]] == [State.CONFIRMED] * 2
        assert results[0].measurement is not None
    else:
        assert [r.state for r in results] == [State.FAILED, State.FAILED, State.CONFIRMED]
        for result in results[:2]:
            assert "a gradient of zero everywhere on a picture" in result.reason.en
            assert "\n" not in result.reason.en


def test_a_constant_one_has_no_smoothgrad_and_costs_that_question_alone() -> None:
    smooth, other = measured(with_head(0, {}), "q12", "q04")
    assert smooth.state is State.FAILED
    assert "nothing that planted answers depends on it" in smooth.reason.en
    assert other.state is State.CONFIRMED


def measured(classifier: Classifier, *names: str) -> list[QuestionResult]:
    pack = Pack(EMBEDDED)
    made = plan(bundled_quiz("hw09"), illustrated=False)
    collector = Collector(made)
    # the classifier in place of the pack's own, and of its counterpart with random weights
    for number in (None, *range(5)):
        collector.benches[number] = Bench(pack, 16, number, loaded={"classifier": classifier})
    tasks = {task.linted.id: task for task in made.tasks}
    runner = Runner(made, in_this_process(collector))
    return [result_of(runner, tasks[name]) for name in names]
