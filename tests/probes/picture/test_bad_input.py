"""What cannot be measured is named in a line, by the questions that it concerns and no others."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from torch import nn

from quizproof.probes.bench import Bench
from quizproof.probes.models.classifiers import Classifier
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.questions.problems import QuizproofError
from tests.planted import look, planted_pack, question
from tests.probes.picture import every_network
from tests.probes.picture import three_parts as parts

PICTURES = 8
INSIDE, BAND, OUTSIDE = parts.inside_band_around()
REGIONS = {
    "milk": INSIDE,
    "contour": BAND,
    "background": OUTSIDE,
    "piece": INSIDE,
    "outline": BAND,
    "tray": OUTSIDE,
}
NAMES = ["q07", "q08", "q14", "q15", "q16", "q17", "q18", "q19", "q20"]
FEWER: dict[str, dict[str, object]] = {
    "q16": {"pictures": [1, 7]},
    "q19": {"pictures": [1, 7], "more": 20},
}


def of_one_colour(folder: Path, colour: float) -> Pack:
    """Pictures of one colour, each with all regions."""
    picture = np.full((parts.SIDE, parts.SIDE, 3), colour, np.float32)
    return planted_pack(folder, [picture] * PICTURES, [REGIONS] * PICTURES)


def one_class_for_everything() -> Classifier:
    classifier = every_network.embedded()
    net = copy.deepcopy(classifier.net)
    last = [module for module in net.modules() if isinstance(module, nn.Linear)][-1]
    last.weight.zero_()
    return replace(classifier, net=net)


def too_sure() -> Classifier:
    """Logits so far apart that a loss is 0 in double precision as well."""
    return every_network.surer(1e4)


def complaints(pack: Pack, classifier: Classifier, names: Sequence[str] = NAMES) -> dict[str, str]:
    """What each question that cannot be measured says."""
    said = {}
    for name in names:
        try:
            look(
                question(name, **FEWER.get(name, {})),
                Bench(pack, 0, loaded={"classifier": classifier}),
            )
        except QuizproofError as error:
            said[name] = str(error)
            assert "\n" not in said[name]
    return said


def test_a_network_so_sure_that_its_gradients_vanish() -> None:
    said = complaints(Pack(EMBEDDED), too_sure())
    assert not said
    assert all("gradient of zero everywhere" in line for line in said.values())


def test_one_class_for_everything() -> None:
    said = complaints(Pack(EMBEDDED), one_class_for_everything())
    assert said.keys() == {"q07", "q08", "q18", "q19"}


def test_pictures_of_one_colour(tmp_path: Path) -> None:
    said = complaints(of_one_colour(tmp_path, 0.5), every_network.embedded())
    assert said.keys() == {"q14", "q16", "q17", "q18"}
    assert "picture 1 is of one colour" in said["q17"]


def test_black_pictures(tmp_path: Path) -> None:
    said = complaints(of_one_colour(tmp_path, 0), every_network.embedded())
    assert said.keys() == {"q14", "q16", "q17", "q18", "q20"}
    assert "picture 2 is black" in said["q20"]


@pytest.mark.parametrize("pixels", [1, parts.SIDE**2])
def test_masks_of_one_pixel_or_of_the_whole_picture(pixels: int, tmp_path: Path) -> None:
    mask = (np.arange(parts.SIDE**2) < pixels).reshape(parts.SIDE, parts.SIDE)
    noise = np.random.default_rng(0).random((parts.SIDE, parts.SIDE, 3)).astype(np.float32)
    masks = {**REGIONS, "milk": mask, "tray": mask}
    pack = planted_pack(tmp_path, [noise] * PICTURES, [masks] * PICTURES)
    said = complaints(pack, every_network.embedded(), ["q14", "q17", "q18", "q20"])
    assert said.keys() == {"q14", "q18"}
    assert "region milk" in said["q14"]
    assert "region tray" in said["q18"]
