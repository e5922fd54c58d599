"""Planted worlds: packs and models whose truth is known, for tests of verdicts."""

from __future__ import annotations

import torch
from torch import nn

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.engine.collect import collect
from quizproof.probes.engine.judging import rules_of
from quizproof.probes.engine.measured import Measured, judged
from quizproof.probes.kinds.classifier import ClassifierEntry
from quizproof.probes.kinds.pictures import PicturesEntry
from quizproof.probes.models.classifiers import Classifier
from quizproof.probes.models.view import View
from quizproof.probes.packs.pack import Pack
from quizproof.probes.testing import options_that_hold
from quizproof.probes.testing import planted_pack as planted_pack
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.spec import Question

SIDE = 32


def planted_classifier(
    net: nn.Module, size: tuple[int, int] = (SIDE, SIDE), classes: int = 11
) -> Classifier:
    """``net`` as a classifier, without normalisation. Its logits are (N, classes)."""
    return Classifier(
        net.requires_grad_(False).eval(),
        size,
        tuple(f"class {k}" for k in range(classes)),
        "planted",
        torch.zeros(3, 1, 1),
        torch.ones(3, 1, 1),
    )


def bench(pack: Pack, net: nn.Module, **classifier: object) -> Bench:
    """A bench for ``net`` on ``pack``."""
    return Bench(pack, seed=0, loaded={"classifier": planted_classifier(net, **classifier)})  # type: ignore[arg-type]


def pictures_in(pack: Pack) -> PicturesEntry:
    """What the manifest says of the part ``pictures``."""
    entry = pack.manifest.parts["pictures"]
    assert isinstance(entry, PicturesEntry)
    return entry


def classifier_in(pack: Pack) -> ClassifierEntry:
    """What the manifest says of the part ``classifier``."""
    entry = pack.manifest.parts["classifier"]
    assert isinstance(entry, ClassifierEntry)
    return entry


def view(world: Bench) -> View:
    """The classifier and the pictures of ``world``."""
    return View(world, world.part("classifier"), world.part("pictures"))


def question(name: str, **changes: object) -> Question:
    """Question ``name`` of the bundled quiz hw09, with other probe parameters if given."""
    [found] = [q for q in load_quiz(bundled_quiz("hw09")).questions if q.id == name]
    assert found.probe is not None
    if not changes:
        return found
    call = found.probe.model_copy(update={"parameters": {**found.probe.parameters, **changes}})
    return found.model_copy(update={"probe": call})


def found(asked: Question, world: Bench) -> set[str]:
    """The options that the program finds to hold for ``asked`` in ``world``."""
    return options_that_hold(asked, world)


def shown(asked: Question, world: Bench) -> set[str]:
    """The options whose rules the first draw bears out: what chance has little part in."""
    assert asked.probe is not None
    probe = catalogue()[asked.probe.name]
    draw = next(world.run(probe, probe.complete(asked.probe.parameters)))
    return {option for option, rule in rules_of(asked).items() if rule.holds(draw.values)}


def look(asked: Question, world: Bench) -> Measured:
    """All that the program measures for ``asked`` in ``world``."""
    assert asked.probe is not None
    probe = catalogue()[asked.probe.name]
    measured = judged(asked, probe, collect(asked, probe, world))
    assert measured is not None
    return measured
