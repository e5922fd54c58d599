"""The embedded pack: scenes, masks, the shipped classifier and the one command that makes them."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor

from quizproof.probes import embedded
from quizproof.probes.embedded.pictures.__main__ import main
from quizproof.probes.embedded.pictures.canvas import Canvas, Light, Mask, View
from quizproof.probes.embedded.pictures.course import CLASSIFIER
from quizproof.probes.embedded.pictures.picture_part import write_pack
from quizproof.probes.embedded.pictures.scenes import SUBJECTS, draw_scene
from quizproof.probes.embedded.pictures.shapes import ellipse, rectangle
from quizproof.probes.embedded.pictures.ten import TEN, draw_subject, file_names
from quizproof.probes.embedded.pictures.training import TRAINED_FROM, predictions, scene_set
from quizproof.probes.packs.course import CourseNetwork, course_network
from quizproof.probes.packs.pack import Pack

PACK = Path(embedded.__file__).parent / "pack"
SUBJECT_CASES = [
    (label, k) for label in range(len(CLASSIFIER.classes)) for k in range(len(SUBJECTS[label]))
]


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((PACK / "pack.yaml").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def classifier() -> CourseNetwork:
    network = course_network(8)
    network.load_state_dict(load_file(PACK / "classifier.safetensors"))
    network.eval()
    return network


@pytest.fixture(scope="module")
def unseen() -> tuple[Tensor, Tensor]:
    """220 scenes of the reserve, which neither the training nor the build's own check has seen."""
    return scene_set(220, TRAINED_FROM - 220)


@pytest.fixture
def one_thread() -> Iterator[None]:
    # The build sets these for its own process; other tests must not inherit them.
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(False)


def masks_of(picture: int) -> dict[str, Mask]:
    return draw_subject(TEN[picture])[1]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- the canvas ---------------------------------------------------------------------------


def blank(view: View | None = None) -> Canvas:
    canvas = Canvas(np.random.default_rng(0), view)
    canvas.ground((0, 0, 0))
    return canvas


def test_what_is_painted_later_hides_what_lay_there() -> None:
    canvas = blank()
    canvas.fill("under", rectangle((0.5, 0.5), (0.5, 0.5)), (200, 0, 0))
    canvas.fill("over", rectangle((0.5, 0.5), (0.25, 0.25)), (0, 200, 0))
    scene = canvas.finished(Light())
    under, over = scene.mask("under"), scene.mask("over")
    assert not (under & over).any()
    assert over[64, 64]
    assert not under[64, 64]
    assert under[40, 64]
    # Squares of 64 and 32 pixels, one inside the other, up to their drawn edges.
    assert abs(int(over.sum()) - 32**2) <= 2 * 32
    assert abs(int((under | over).sum()) - 64**2) <= 2 * 64


def test_colour_lies_where_the_mask_says() -> None:
    canvas = blank()
    canvas.fill("disc", ellipse((0.4, 0.6), (0.2, 0.1), 30), (255, 255, 255))
    scene = canvas.finished(Light())
    mask, shade = scene.mask("disc"), scene.pixels[:, :, 0]
    # A pixel on the edge is partly covered; the others are white inside and black outside.
    assert (shade[mask] > 0).all()
    assert (shade[~mask] < 255).all()
    edge = (shade > 0) & (shade < 255)
    assert 0 < edge.sum() < 0.2 * mask.sum()


def test_within_clips_to_the_visible_part() -> None:
    canvas = blank()
    canvas.fill("plate", rectangle((0.25, 0.5), (0.5, 1.0)), (9, 9, 9))
    with canvas.within("plate"):
        canvas.fill("food", rectangle((0.5, 0.5), (0.6, 0.6)), (99, 99, 99))
    scene = canvas.finished(Light())
    food = scene.mask("food")
    assert food[:, :60].any()
    assert not food[:, 66:].any()


def test_the_view_moves_masks_and_colours_alike() -> None:
    for view, where in (
        (View(mirrored=True), (64, 96)),
        (View(degrees=90), (32, 64)),
        (View(shift=(0.25, 0)), (64, 64)),
        (View(scale=0.5), (64, 48)),
    ):
        canvas = blank(view)
        canvas.fill("dot", ellipse((0.25, 0.5), (0.06, 0.06)), (255, 0, 0))
        scene = canvas.finished(Light())
        rows, columns = np.nonzero(scene.mask("dot"))
        assert (rows.mean(), columns.mean()) == pytest.approx(where, abs=1.5), view
        assert scene.pixels[where][0] == 255, view


def test_an_unknown_part_is_named() -> None:
    scene = blank().finished(Light())
    with pytest.raises(KeyError, match="spoon"):
        scene.mask("spoon")


# --- scenes -------------------------------------------------------------------------------


@pytest.mark.parametrize(("label", "subject"), SUBJECT_CASES)
def test_every_subject_shows_food_that_is_not_the_whole_frame(label: int, subject: int) -> None:
    for seed in range(3):
        scene = draw_scene(label, seed, subject)
        assert scene.pixels.shape == (128, 128, 3)
        # An opaque jug shows only a sliver of its milk.
        assert 0.005 < scene.food().mean() < 0.9
        owners = np.bincount(scene.owner.ravel(), minlength=len(scene.names))
        assert owners.sum() == 128**2
        assert len(owners) == len(scene.names)


@settings(max_examples=15, deadline=None)
@given(label=st.integers(0, 10), seed=st.integers(0, 2**40))
def test_a_seed_gives_one_scene(label: int, seed: int) -> None:
    first, second = draw_scene(label, seed), draw_scene(label, seed)
    assert (first.pixels == second.pixels).all()
    assert (first.owner == second.owner).all()
    assert (first.pixels != draw_scene(label, seed + 1).pixels).any()


def test_no_mean_colour_gives_the_classes_away(unseen: tuple[Tensor, Tensor]) -> None:
    # The nearest class mean in colour does no better than a poor guess: shapes have to be seen.
    pictures, labels = unseen
    colours = pictures.float().mean((2, 3))
    means = torch.stack(
        [colours[:132][labels[:132] == k].mean(0) for k in range(len(CLASSIFIER.classes))]
    )
    guessed = torch.cdist(colours[132:], means).argmin(1)
    assert (guessed == labels[132:]).float().mean() < 0.4


# --- the ten pictures ---------------------------------------------------------------------


def test_the_ten_are_in_the_order_of_their_file_names() -> None:
    assert [subject.label for subject in TEN] == [1, 1, 2, 3, 5, 6, 8, 8, 8, 9]
    assert file_names() == sorted(file_names())
    assert file_names()[6:9] == ["food/08_00.png", "food/08_01.png", "food/08_02.png"]


@pytest.mark.parametrize(
    ("picture", "parts"),
    [
        (1, ("body", "handle")),
        (2, ("cake", "plate", "telephone")),
        (4, ("steak", "grain", "plate")),
        (5, ("food", "plate")),
        (6, ("food", "plate")),
        (7, ("tray", "piece")),
        (8, ("food", "plate")),
        (9, ("rim", "soup", "spring_onion")),
    ],
)
def test_visible_parts_are_disjoint_and_not_tiny(picture: int, parts: tuple[str, ...]) -> None:
    masks = masks_of(picture)
    shown = np.sum([masks[part] for part in parts], axis=0)
    assert shown.max() == 1
    assert all(masks[part].sum() >= 100 for part in parts)


@pytest.mark.parametrize(
    ("picture", "whole", "parts"),
    [
        (1, "jug", ("body", "handle")),
        (4, "food", ("steak", "grain")),
        (9, "bowl", ("rim", "soup", "spring_onion")),
        (9, "food", ("soup", "spring_onion")),
        (1, "food", ("milk",)),
        (2, "food", ("cake",)),
        (7, "food", ("piece",)),
    ],
)
def test_a_whole_is_its_parts(picture: int, whole: str, parts: tuple[str, ...]) -> None:
    masks = masks_of(picture)
    assert (masks[whole] == np.any([masks[part] for part in parts], axis=0)).all()


def centre(mask: Mask) -> tuple[float, float]:
    rows, columns = np.nonzero(mask)
    return float(rows.mean()), float(columns.mean())


def test_things_lie_where_the_subjects_say() -> None:
    jug, cake, steak, bowl = masks_of(1), masks_of(2), masks_of(4), masks_of(9)
    assert (jug["milk"] <= jug["body"]).all()
    assert np.nonzero(jug["handle"])[1].max() > np.nonzero(jug["body"])[1].max()
    assert centre(jug["handle"])[1] > centre(jug["body"])[1] + 20
    assert centre(cake["telephone"])[0] < centre(cake["cake"])[0] - 30
    assert centre(steak["steak"])[1] > centre(steak["grain"])[1] + 20
    # The onion floats among the soup, and the rim goes all round it.
    soup = bowl["soup"] | bowl["spring_onion"]
    for axis in (0, 1):
        inner, outer = np.nonzero(soup)[axis], np.nonzero(bowl["bowl"])[axis]
        assert outer.min() < inner.min()
        assert inner.max() < outer.max()


def test_the_parts_have_the_colours_of_what_they_show() -> None:
    def mean(picture: int, region: str) -> tuple[float, float, float]:
        scene, masks = draw_subject(TEN[picture])
        red, green, blue = scene.pixels[masks[region]].mean(axis=0)
        return float(red), float(green), float(blue)

    assert min(mean(1, "milk")) > 220
    red, green, blue = mean(4, "grain")
    assert red > green > blue + 40
    assert max(mean(4, "steak")) < 120
    red, green, blue = mean(9, "spring_onion")
    assert green > red
    assert green > blue
    red, green, blue = mean(9, "rim")
    assert red > 2 * max(green, blue)


# --- the shipped pack ---------------------------------------------------------------------


def test_every_digest_is_right_and_every_file_named(manifest: dict[str, Any]) -> None:
    named = {PACK / "pack.yaml"}

    def check(file: str, sha256: str) -> None:
        assert digest(PACK / file) == sha256
        named.add(PACK / file)

    def walk(part: Any) -> None:
        if isinstance(part, list):
            for item in part:
                walk(item)
        elif isinstance(part, dict):
            if "sha256" in part:
                check(part.get("file") or part["mask"], part["sha256"])
            elif "folder" in part:
                for file, sha256 in part["files"].items():
                    check(f"{part['folder']}/{file}", sha256)
            for item in part.values():
                walk(item)

    walk(manifest)
    assert {path for path in PACK.rglob("*") if path.is_file()} == named


def test_the_manifest_says_what_the_course_has(manifest: dict[str, Any]) -> None:
    assert manifest["name"] == "embedded"
    assert manifest["parts"]["classifier"]["architecture"] == {"course": {"width": 8}}
    assert manifest["parts"]["classifier"]["classes"] == CLASSIFIER.classes
    assert [entry["file"] for entry in manifest["parts"]["pictures"]["pictures"]] == file_names()
    jug, piece = (
        manifest["parts"]["pictures"]["pictures"][1]["regions"],
        manifest["parts"]["pictures"]["pictures"][7]["regions"],
    )
    assert jug["contour"] == {"outline_of": "jug", "width": 0.06}
    assert jug["background"] == {"outside": "jug"}
    assert piece["outline"]["outline_of"] == "piece"


@pytest.mark.parametrize("picture", range(10))
def test_the_shipped_files_are_what_is_drawn(manifest: dict[str, Any], picture: int) -> None:
    entry = manifest["parts"]["pictures"]["pictures"][picture]
    scene, masks = draw_subject(TEN[picture])
    assert (np.asarray(Image.open(PACK / entry["file"])) == scene.pixels).all()
    shipped = {name: region for name, region in entry["regions"].items() if "mask" in region}
    assert set(shipped) == set(masks)
    for name, region in shipped.items():
        with Image.open(PACK / region["mask"]) as image:
            assert image.mode == "1"
            assert (np.asarray(image) == masks[name]).all(), name


def test_the_shipped_classifier_knows_the_ten(
    manifest: dict[str, Any], classifier: CourseNetwork
) -> None:
    pixels = []
    for entry in manifest["parts"]["pictures"]["pictures"]:
        with Image.open(PACK / entry["file"]) as image:
            pixels.append(np.asarray(image))
    pictures = torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2)
    labels = [entry["label"] for entry in manifest["parts"]["pictures"]["pictures"]]
    assert predictions(classifier, pictures).tolist() == labels


def test_the_shipped_classifier_knows_unseen_scenes(
    classifier: CourseNetwork, unseen: tuple[Tensor, Tensor]
) -> None:
    pictures, labels = unseen
    assert np.mean(predictions(classifier, pictures) == labels.numpy()) >= 0.95


def test_the_classifier_is_not_so_sure_that_gradients_vanish(
    manifest: dict[str, Any], classifier: CourseNetwork
) -> None:
    for entry in manifest["parts"]["pictures"]["pictures"]:
        with Image.open(PACK / entry["file"]) as image:
            pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1)[None]
        inputs = (pixels.float() / 255).requires_grad_()
        loss = torch.nn.functional.cross_entropy(classifier(inputs), torch.tensor([entry["label"]]))
        (gradient,) = torch.autograd.grad(loss, inputs)
        assert gradient.abs().max() > 1e-8, entry["file"]


def test_writing_the_pack_again_changes_nothing(classifier: CourseNetwork, tmp_path: Path) -> None:
    shutil.copytree(PACK, tmp_path, dirs_exist_ok=True)
    write_pack(tmp_path, classifier, Pack(PACK).manifest.held_out)
    written = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    shipped = {path.relative_to(PACK) for path in PACK.rglob("*") if path.is_file()}
    assert written == shipped
    weights = "classifier.safetensors"
    assert (tmp_path / weights).read_bytes() == (PACK / weights).read_bytes()

    def outline(folder: Path) -> str:
        # Another version of the PNG writer may pack the same pixels into other bytes.
        return re.sub("sha256: [0-9a-f]{64}", "", (folder / "pack.yaml").read_text("utf-8"))

    assert outline(tmp_path) == outline(PACK)


def test_a_classifier_that_learnt_nothing_makes_no_pack(
    one_thread: None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("quizproof.probes.embedded.pictures.picture_part.UNSEEN", 55)
    out = tmp_path / "pack"
    assert main(["--out", str(out), "--scenes", "22", "--epochs", "1"]) == 1
    said = capsys.readouterr()
    assert "of 55 unseen scenes right" in said.out
    assert said.err.startswith("not good enough for a pack: ")
    assert said.err.count("\n") == 1
    assert not out.exists()
