from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from quizproof.probes.models.architectures import build_network
from quizproof.probes.models.classifiers import load_classifier
from quizproof.probes.packs.course import course_network
from quizproof.probes.packs.course_file import read_course
from quizproof.probes.packs.drawn_regions import DrawnRegions, read_regions
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.probes.packs.pack_check import check_pack
from quizproof.probes.packs.pictures import Mask, region_mask
from quizproof.questions.problems import QuizproofError
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.spec import Text
from tests.planted import classifier_in, pictures_in
from tests.probes.course_folder import HW09, LABELS, build_course, course_folder

SIZE = (128, 128)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder = course_folder(tmp_path_factory.mktemp("course") / "ours")
    made = build_course(folder)
    assert made.manifest == folder / "pack.yaml"
    assert made.lacking == ()
    return Pack(folder)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _page(path: Path) -> None:
    path.write_text("<!DOCTYPE html><title>Virus scan warning</title>")


def _diverged(path: Path) -> None:
    state = course_network(2).state_dict()
    torch.save({n: t * 1e30 if t.is_floating_point() else t for n, t in state.items()}, path)


def refusal(folder: Path) -> list[str]:
    with pytest.raises(QuizproofError) as caught:
        build_course(folder)
    assert not (folder / "pack.yaml").exists()
    return str(caught.value).replace(str(folder), "FOLDER").splitlines()


def test_pictures_are_ordered_by_class_then_number(built: Pack) -> None:
    assert [picture.label for picture in pictures_in(built).pictures] == list(LABELS)
    assert [picture.file for picture in pictures_in(built).pictures][:4] == [
        "food/1_5.jpg",
        "food/1_42.jpg",
        "food/2_79.jpg",
        "food/3_116.jpg",
    ]


def test_the_network_is_as_wide_as_the_checkpoint(built: Pack) -> None:
    entry = classifier_in(built)
    assert entry.architecture.course is not None
    assert entry.architecture.course.width == 2
    assert entry.classes == read_course(HW09).classifiers["classifier"].classes
    assert (entry.classes[0], entry.classes[10]) == ("Bread", "Vegetable/Fruit")
    classifier = load_classifier(built.part("classifier"), torch.device("cpu"))
    torch.manual_seed(0)
    for name, tensor in course_network(2).state_dict().items():
        assert torch.equal(classifier.net.state_dict()[name], tensor)


def test_the_course_s_own_width_is_found(tmp_path: Path) -> None:
    built = build_course(course_folder(tmp_path / "wide", width=16))
    architecture = classifier_in(Pack(built.manifest.parent)).architecture
    assert build_network(architecture, 11, 0, tmp_path).state_dict()["cnn.0.weight"].shape[0] == 16


def test_every_region_that_the_quiz_asks_for_is_drawn(built: Pack) -> None:
    wanted = {
        1: {"jug", "body", "handle", "milk", "contour", "background"},
        2: {"cake", "plate", "telephone"},
        4: {"steak", "grain", "plate"},
        5: {"plate"},
        6: {"plate"},
        7: {"tray", "piece", "outline"},
        8: {"plate"},
        9: {"bowl", "rim", "soup", "spring_onion"},
    }
    for number, picture in enumerate(pictures_in(built).pictures):
        assert {"food"} | wanted.get(number, set()) <= picture.regions.keys()
        for name in picture.regions:
            assert 20 < mask(built, number, name).sum() < 0.95 * 128 * 128


def test_the_regions_have_words_in_both_languages(built: Pack) -> None:
    shipped = pictures_in(Pack(EMBEDDED))
    for entry in (pictures_in(built), shipped):
        assert entry.region_names["milk"] == Text(en="milk", zh_hant="牛奶")
        assert all(isinstance(words, Text) for words in entry.region_names.values())
        drawn = {name for picture in entry.pictures for name in picture.regions}
        assert entry.region_names.keys() <= drawn
    assert shipped.region_names.keys() == drawn


def test_the_regions_of_the_bundled_quiz_are_among_them(built: Pack) -> None:
    asked = 0
    for question in load_quiz(bundled_quiz("hw09")).questions:
        parameters = question.probe.parameters if question.probe is not None else {}
        if "picture" in parameters and "regions" in parameters:
            drawn = pictures_in(built).pictures[parameters["picture"]].regions
            assert set(parameters["regions"]) <= drawn.keys(), question.id
            asked += 1
    assert asked >= 5


def mask(pack: Pack, number: int, name: str) -> Mask:
    return region_mask(pack.part("pictures"), number, name, SIZE)


@pytest.mark.parametrize(
    ("number", "one", "other"),
    [
        (1, "handle", "body"),
        (1, "background", "jug"),
        (2, "plate", "cake"),
        (2, "telephone", "plate"),
        (4, "steak", "grain"),
        (4, "plate", "food"),
        (5, "plate", "food"),
        (6, "plate", "food"),
        (7, "tray", "piece"),
        (8, "plate", "food"),
        (9, "soup", "spring_onion"),
        (9, "soup", "rim"),
    ],
)
def test_what_stands_in_front_hides_what_is_behind(
    built: Pack, number: int, one: str, other: str
) -> None:
    assert not (mask(built, number, one) & mask(built, number, other)).any()


@pytest.mark.parametrize(
    ("number", "part", "whole"),
    [
        (1, "milk", "body"),
        (1, "body", "jug"),
        (1, "handle", "jug"),
        (2, "food", "cake"),
        (4, "steak", "food"),
        (9, "soup", "bowl"),
        (9, "spring_onion", "bowl"),
    ],
)
def test_a_part_lies_in_its_whole(built: Pack, number: int, part: str, whole: str) -> None:
    # up to the pixels on its border
    inside = mask(built, number, part)
    assert (inside & mask(built, number, whole)).sum() > 0.98 * inside.sum()


def test_the_regions_stand_where_the_pictures_are_described_to_show_them(built: Pack) -> None:
    def centre(number: int, name: str) -> tuple[float, float]:
        y, x = mask(built, number, name).nonzero()
        return float(x.mean()), float(y.mean())

    assert centre(1, "handle")[0] > centre(1, "body")[0] + 30  # on one side of the jug
    assert centre(4, "steak")[0] > centre(4, "grain")[0] + 20  # the steak is right of the grain
    assert centre(2, "telephone")[1] < centre(2, "cake")[1] - 20  # it lies behind


@pytest.mark.parametrize("labels", [(1, 1, 2), (1, 1, 2, 3, 5, 6, 8, 8, 9, 9)])
def test_other_pictures_get_no_regions_and_one_is_told(
    tmp_path: Path, labels: tuple[int, ...]
) -> None:
    built = build_course(course_folder(tmp_path / "course", labels=labels))
    assert len(built.lacking) == 1
    assert f"(of classes {', '.join(map(str, labels))})" in built.lacking[0]
    pack = Pack(tmp_path / "course")
    assert [picture.label for picture in pictures_in(pack).pictures] == list(labels)
    assert not any(picture.regions for picture in pictures_in(pack).pictures)
    assert pictures_in(pack).region_names == {}


def test_what_is_no_picture_in_the_folder_is_let_be(tmp_path: Path) -> None:
    folder = course_folder(tmp_path / "course", suffix="JPG")
    (folder / "food" / ".hidden.jpg").write_bytes(b"")
    (folder / "food" / "Thumbs.db").write_bytes(b"")
    build_course(folder)
    assert len(pictures_in(Pack(folder)).pictures) == 10


def test_a_manifest_that_is_there_is_kept(tmp_path: Path) -> None:
    folder = course_folder(tmp_path / "course")
    (folder / "pack.yaml").write_text("with regions drawn by hand")
    with pytest.raises(QuizproofError, match="already there"):
        build_course(folder)
    assert (folder / "pack.yaml").read_text() == "with regions drawn by hand"


def test_a_folder_that_is_not_there_or_empty_is_told(tmp_path: Path) -> None:
    assert "is no folder" in refusal(tmp_path / "nowhere")[0]
    (tmp_path / "food").mkdir()
    assert "holds no pictures" in refusal(tmp_path)[0]
    Image.new("RGB", (9, 9)).save(tmp_path / "food" / "1_0.jpg")
    assert "checkpoint.pth: not there" in refusal(tmp_path)[0]


def test_every_name_that_says_no_class_is_told(tmp_path: Path) -> None:
    folder = course_folder(tmp_path / "course")
    for name in ("butter.jpg", "11_0.jpg", "1-2.jpg", "1_2_3.jpg", "²_1.jpg"):
        Image.new("RGB", (9, 9)).save(folder / "food" / name)
    lines = build_course(folder).problems
    assert len(lines) == 5
    assert all("passed over, a name that says no class" in line for line in lines)
    assert len(pictures_in(Pack(folder)).pictures) == 10


@pytest.mark.parametrize("kind", ["webp", "bmp", "jfif", "JPEG", "png"])
def test_pictures_of_every_kind_keep_their_numbers(tmp_path: Path, kind: str) -> None:
    folder = course_folder(tmp_path / "course")
    for name in ("2_79", "9_338"):
        path = folder / "food" / f"{name}.jpg"
        Image.open(path).save(path.with_suffix(f".{kind}"), "jpeg" if kind == "jfif" else None)
        path.unlink()
    built = build_course(folder)
    assert (built.lacking, built.problems) == ((), ())
    pictures = pictures_in(Pack(folder)).pictures
    assert [picture.label for picture in pictures] == list(LABELS)
    assert [pictures[number].file for number in (2, 9)] == [
        f"food/{name}.{kind}" for name in ("2_79", "9_338")
    ]


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("2_0 (1).png", _empty, "a name that says no class; call it"),
        ("11_0.png", _empty, "call it <class>_<number>.jpg, the class 0–10"),
        ("3_7.gif", _empty, "not called .jpg"),
        ("3_7.TIFF", _empty, "not called .jpg"),
        ("3_7.heic", _empty, "not called .jpg"),
        ("3_7", _empty, "not called .jpg"),
        ("steak.tif", _empty, "not called .jpg"),
        ("2_79.png", _empty, "of the number of food/2_79.jpg; keep one"),
        ("02_79.png", Image.new("RGB", (9, 9)).save, "2_79.jpg: passed over, of the number of"),
        ("3_7.jpg", Path.mkdir, "no file"),
        ("3_7.jpg", os.mkfifo, "no file"),
        ("3_7.jpg", lambda path: path.symlink_to("/dev/zero"), "no file"),
        ("3_7.jpg", lambda path: path.symlink_to("nowhere"), "no file"),
    ],
)
def test_what_is_passed_over_of_the_pictures_is_named_since_numbers_shift(
    tmp_path: Path, name: str, make: Callable[[Path], None], said: str
) -> None:
    folder = course_folder(tmp_path / "course")
    make(folder / "food" / name)
    built = build_course(folder)
    [line] = built.problems
    assert "passed over" in line
    assert said in line
    assert f"{folder / 'food'}/" in line
    pictures = pictures_in(Pack(folder)).pictures
    assert [picture.label for picture in pictures] == list(LABELS)
    assert all(picture.regions for picture in pictures)


def test_a_picture_that_is_broken_is_told_and_the_others_are_there(tmp_path: Path) -> None:
    folder = course_folder(tmp_path / "course")
    Image.new("L", (9, 9)).save(folder / "food" / "1_42.jpg")
    (folder / "food" / "9_338.jpg").write_bytes(b"no picture")
    lines = build_course(folder).problems
    assert len(lines) == 2
    assert "1_42.jpg has mode L" in lines[0]
    assert "9_338.jpg is no picture" in lines[1]


def test_a_checkpoint_of_something_else_is_told(tmp_path: Path) -> None:
    folder = course_folder(tmp_path / "course")
    torch.save({"a": torch.ones(2)}, folder / "checkpoint.pth")
    assert "does not fit the architecture" in refusal(folder)[0]
    torch.save({"a": torch.ones(5000, 3, 3, 3)}, folder / "checkpoint.pth")
    assert "does not fit the architecture" in refusal(folder)[0]
    torch.save(course_network(2, classes=7).state_dict(), folder / "checkpoint.pth")
    assert "fc.3.bias is (7,) of real numbers, not (11,)" in refusal(folder)[0]
    (folder / "checkpoint.pth").write_bytes(b"nothing")
    assert "damaged" in refusal(folder)[0]


DAMAGED: dict[str, Callable[[Path], None]] = {
    "checkpoint.pth: not there": Path.unlink,
    "checkpoint.pth is damaged": _empty,
    "checkpoint.pth is a web page": _page,
    "checkpoint.pth does not fit": lambda path: torch.save({"a": torch.ones(2)}, path),
    "checkpoint.pth holds a whole model": lambda path: torch.save(course_network(2), path),
    "gives nan for a grey picture": _diverged,
}


@pytest.mark.parametrize("said", DAMAGED)
def test_a_checkpoint_that_cannot_be_read_costs_no_other_part(tmp_path: Path, said: str) -> None:
    folder = course_folder(tmp_path / "course")
    (folder / "sentences.txt").write_text("apples")
    DAMAGED[said](folder / "checkpoint.pth")
    built = build_course(folder)
    [line] = built.problems
    assert said in line
    pack = Pack(folder)
    assert pack.parts.keys() == {"pictures", "sentences"}
    assert check_pack(folder).problems == ()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (shutil.rmtree, "food: cannot be listed (No such file"),
        (lambda food: food.rename(food.with_name("foods")), "food: cannot be listed"),
        (lambda food: [path.unlink() for path in food.iterdir()], "holds no pictures"),
    ],
)
def test_pictures_that_are_not_there_cost_no_other_part(
    tmp_path: Path, damage: Callable[[Path], object], said: str
) -> None:
    folder = course_folder(tmp_path / "course")
    damage(folder / "food")
    built = build_course(folder)
    [line] = built.problems
    assert said in line
    assert Pack(folder).parts.keys() == {"classifier"}


def test_all_that_is_wrong_is_told_where_nothing_is_left(tmp_path: Path) -> None:
    folder = course_folder(tmp_path / "course")
    (folder / "checkpoint.pth").write_text("<html>")
    (folder / "food" / "1_0.gif").write_bytes(b"")
    [line] = refusal(folder)
    assert "holds nothing that can be measured: " in line
    assert "1_0.gif: passed over" in line
    assert "checkpoint.pth is a web page" in line


@pytest.mark.parametrize("prefix", ["module.", "model.", "_orig_mod.", "net.", "model.module."])
def test_what_was_done_to_take_a_checkpoint_is_said(tmp_path: Path, prefix: str) -> None:
    folder = course_folder(tmp_path / "course")
    state = course_network(2).state_dict()
    bare = {prefix + n: t for n, t in state.items() if "num_batches" not in n}
    torch.save(bare, folder / "checkpoint.pth")
    built = build_course(folder)
    said = (f"{folder / 'checkpoint.pth'}: all names begin with {prefix}, which is left out",)
    assert (built.remarks, built.problems) == (said, ())
    checked = check_pack(folder).remarks
    assert tuple(remark for remark in checked if "stretched" not in remark) == said


def test_a_folder_that_cannot_be_written_to_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = course_folder(tmp_path / "course")

    opened = Path.open

    def read_only(path: Path, mode: str = "r", **named: Any) -> Any:
        if mode == "xb":
            raise PermissionError(13, "Permission denied")
        return opened(path, mode, **named)

    monkeypatch.setattr(Path, "open", read_only)
    assert "cannot be written (Permission denied)" in refusal(folder)[0]


def test_the_drawn_regions_are_one_for_each_label() -> None:
    assert tuple(read_regions(HW09 / "regions.yaml").labels) == LABELS
    with pytest.raises(ValueError, match="2 labels for 1 pictures"):
        DrawnRegions(labels=[1, 2], pictures=[{}])
